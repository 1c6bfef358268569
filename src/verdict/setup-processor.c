/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/setup.h"

#include <stdlib.h>
#include <string.h>

/* The flag is there: what that proves. Linux 5.6 hides vmx when IA32_FEAT_CTL is locked without it
 * (arch/x86/kernel/cpu/feat_ctl.c), Linux 6.7 hides svm when VM_CR disables it (commit
 * 7deda2ce5b33, "x86/cpu: Clear SVM feature if disabled by BIOS"). */
static void judge_flag(const SetupHost *host, SetupVerdict *setup)
{
    const KernelFacts *kernel = &host->facts->kernel;
    bool intel = host->platform == PLATFORM_INTEL;
    const char *flag = intel ? "vmx" : "svm";
    Tri hides = intel ? kernel_is_at_least(kernel, 5, 6) : kernel_is_at_least(kernel, 6, 7);

    if (hides == TRI_YES) {
        setup->state = TRI_YES;
        setup->evidence = say(host->verdict,
                              "The processor shows %s, which this kernel hides where the firmware "
                              "has it off.",
                              flag);
    } else {
        setup->evidence = say(host->verdict,
                              "The processor shows %s, as kernels before %s do also where the "
                              "firmware has it off.",
                              flag, intel ? "5.6" : "6.7");
    }
}

/* The flag is not there. Every processor that has AVX has the flag too; without AVX it may be one
 * that never had it. */
static void judge_missing_flag(const SetupHost *host, SetupVerdict *setup)
{
    if (cpu_has_flag(&host->facts->cpu, "avx") == TRI_YES && host->platform != PLATFORM_UNKNOWN) {
        setup->state = TRI_NO;
        setup->evidence = say(host->verdict,
                              "The processor does not show %s, which every one with AVX has: the "
                              "firmware hides it.",
                              host->platform == PLATFORM_INTEL ? "vmx" : "svm");
        return;
    }
    setup->evidence = "The processor shows neither vmx nor svm: it lacks them, or the firmware has "
                      "them off.";
}

void setup_virtualization(const SetupHost *host, SetupVerdict *setup)
{
    const Facts *facts = host->facts;

    setup->needed = true;
    if (facts->kvm.usable == TRI_YES) {
        setup->state = TRI_YES;
        setup->evidence = "A test guest ran under KVM.";
    } else if (facts->kvm.firmware_off == TRI_YES) {
        setup->state = TRI_NO;
        setup->evidence = "The kernel's log says that the firmware has it off.";
    } else if (facts->cpu.virtualization == TRI_YES && host->platform != PLATFORM_UNKNOWN) {
        judge_flag(host, setup);
    } else if (facts->cpu.virtualization == TRI_NO) {
        judge_missing_flag(host, setup);
    } else {
        setup->evidence = "The flags of the processor are unknown (line 'flags' of /proc/cpuinfo).";
    }
}

void setup_no_execute(const SetupHost *host, SetupVerdict *setup)
{
    Tri flag = cpu_has_flag(&host->facts->cpu, "nx");

    setup->state = flag;
    setup->needed =
        flag == TRI_NO; /* the kernel turns it on where it can, so that it seldom is off */
    if (flag == TRI_YES)
        setup->evidence = "The processor shows nx.";
    else if (flag == TRI_NO)
        setup->evidence = "The processor does not show nx.";
    else
        setup->evidence = "The flags of the processor are unknown (line 'flags' of /proc/cpuinfo).";
}

void setup_smt(const SetupHost *host, SetupVerdict *setup)
{
    const CpuFacts *cpu = &host->facts->cpu;

    if (cpu->threads == UNKNOWN || cpu->cores == UNKNOWN) {
        setup->evidence = "The numbers of cores and threads are unknown.";
    } else if (cpu->threads > cpu->cores) {
        setup->state = TRI_YES;
        setup->evidence = say(host->verdict, "%d cores have %d threads.", cpu->cores, cpu->threads);
    } else {
        setup->evidence = "Each core has one thread: it is off, or the processor has none.";
    }
}

void setup_c_states(const SetupHost *host, SetupVerdict *setup)
{
    const CpuFacts *cpu = &host->facts->cpu;
    Tri nonstop = cpu_has_flag(cpu, "nonstop_tsc");

    if (nonstop == TRI_YES) {
        setup->evidence = "The time stamp counter runs in all idle states (nonstop_tsc).";
        setup->why = "The counter that guests take their time from does not stop in idle states.";
    } else if (nonstop == TRI_NO && cpu->clocksource != NULL &&
               strcmp(cpu->clocksource, "tsc") != 0) {
        setup->wanted = "off";
        setup->needed = true;
        setup->evidence = say(host->verdict,
                              "The processor lacks nonstop_tsc, and the clock source is %s: the "
                              "time stamp counter stops in idle states.",
                              cpu->clocksource);
    } else if (nonstop == TRI_NO) {
        setup->evidence = "The processor lacks nonstop_tsc.";
    }
}
