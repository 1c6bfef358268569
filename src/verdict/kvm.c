/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#define SLOW "guests run only under QEMU's translator (TCG), which is far too slow for daily work."

static const char *evidence(const KvmFacts *kvm, const char *otherwise)
{
    return kvm->evidence != NULL && kvm->evidence[0] != '\0' ? kvm->evidence : otherwise;
}

/* What is known of the processor's part in it. */
static const char *extension(const CpuFacts *cpu)
{
    if (cpu_has_flag(cpu, "vmx") == TRI_YES)
        return ", though the processor has VT-x (vmx)";
    if (cpu_has_flag(cpu, "svm") == TRI_YES)
        return ", though the processor has AMD-V (svm)";
    return cpu->virtualization == TRI_YES ? ", though the processor can virtualise" : "";
}

/* Neither a word for it nor one against it. */
static bool is_untold(const Facts *facts)
{
    const KvmFacts *kvm = &facts->kvm;
    return kvm->usable == TRI_UNKNOWN && kvm->present != TRI_NO &&
           facts->cpu.virtualization != TRI_NO && kvm->evidence == NULL;
}

void kvm_find_doubt(Verdict *verdict, const Facts *facts)
{
    if (!is_untold(facts))
        return;
    HostObstacle *obstacle =
        obstacle_add(verdict, "kvm", ANSWER_YES, "It is unknown whether KVM works on this host");
    obstacle->what = "whether KVM works";
    obstacle->advice = "`rootstock scan` on that host runs a test guest in it.";
    obstacle->command = "ls -l /dev/kvm";
}

static void judge_kvm(Verdict *verdict, const Facts *facts)
{
    const KvmFacts *kvm = &facts->kvm;

    if (kvm->usable == TRI_YES)
        judgement_add(&verdict->host, ANSWER_YES,
                      say(verdict, "KVM works. %s", evidence(kvm, "A test guest ran in it.")));
    else if (kvm->usable == TRI_NO || kvm->present == TRI_NO)
        judgement_add(&verdict->host, ANSWER_LIMITED,
                      say(verdict, "KVM does not work here, so " SLOW " %s",
                          evidence(kvm, "There is no /dev/kvm.")));
    else if (facts->cpu.virtualization == TRI_NO)
        judgement_add(&verdict->host, ANSWER_LIMITED,
                      "The processor shows neither vmx nor svm (it lacks them, or the firmware has "
                      "them off), so " SLOW);
    else if (kvm->evidence != NULL)
        judgement_add(
            &verdict->host, ANSWER_LIMITED,
            say(verdict, "It is not known that KVM works; without it " SLOW " %s", kvm->evidence));
    else
        judgement_add(&verdict->host, ANSWER_UNKNOWN,
                      say(verdict,
                          "It is unknown whether KVM works on this host%s: `ls -l /dev/kvm` shows "
                          "whether it is there, and `rootstock scan` runs a test guest in it.",
                          extension(&facts->cpu)));
}

/* Second-level page tables: Linux shows ept and npt among the processor's flags. */
static void judge_page_tables(Verdict *verdict, const CpuFacts *cpu)
{
    bool intel = cpu_has_flag(cpu, "vmx") == TRI_YES && cpu_has_flag(cpu, "ept") == TRI_NO;
    bool amd = cpu_has_flag(cpu, "svm") == TRI_YES && cpu_has_flag(cpu, "npt") == TRI_NO;

    if (intel || amd)
        judgement_add(&verdict->host, ANSWER_LIMITED,
                      say(verdict,
                          "The processor has no second-level page tables (%s): KVM works without, "
                          "but guests that change their memory much, as macOS does, are slow.",
                          intel ? "it lacks ept" : "it lacks npt"));
}

static void judge_nested(Verdict *verdict, const Facts *facts)
{
    if (facts->cpu.hypervisor != TRI_YES)
        return;
    if (facts->kvm.usable == TRI_NO || facts->cpu.virtualization == TRI_NO)
        judgement_add(&verdict->host, ANSWER_LIMITED,
                      "This host is itself a virtual machine: its hypervisor has to allow nested "
                      "virtualisation, and to show it vmx or svm.");
    else
        judgement_add(&verdict->host, ANSWER_LIMITED,
                      "This host is itself a virtual machine: macOS guests in one are slow, and "
                      "reported to restart; and they get no device but those that the hypervisor "
                      "passes to it, with an IOMMU.");
}

void kvm_judge(Verdict *verdict, const Facts *facts)
{
    judge_kvm(verdict, facts);
    if (facts->kvm.usable != TRI_NO)
        judge_page_tables(verdict, &facts->cpu);
    judge_nested(verdict, facts);
}
