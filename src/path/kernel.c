/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/boot.h"
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* From 5.15 on sysfs names the resets of a function and lets one choose (Linux
 * Documentation/ABI/testing/sysfs-bus-pci, reset_method). */
enum { WANTED_MAJOR = 5, WANTED_MINOR = 15 };

/* From 6.0 on vfio-pci has whatever draws on a VGA controller's memory give it up when it binds the
 * controller (Linux drivers/vfio/pci/vfio_pci_core.c, vfio_pci_vga_init: "vfio/pci: Remove console
 * drivers"). */
enum { LETS_GO_MAJOR = 6, LETS_GO_MINOR = 0 };

#define KVM_FILE "/etc/modprobe.d/rootstock-kvm.conf"
#define KVM_CONTENT "options kvm ignore_msrs=1 report_ignored_msrs=0\n"

static void judge_version(const Path *path, PathStep *step)
{
    const char *release = path->facts->kernel.release;
    Tri fits = kernel_is_at_least(&path->facts->kernel, WANTED_MAJOR, WANTED_MINOR);

    if (fits == TRI_UNKNOWN) {
        step_unknown(step, "The kernel's version is unknown. `uname -r` says it.");
    } else if (fits == TRI_YES || !path_passes_device(path)) {
        step_done(step, "Linux %s.", release);
    } else {
        step_saw(step, "Linux %s.", release);
        step_for_person(step, "Bring the system up to date, or to a newer release of the "
                              "distribution: Linux 5.15 and newer name how a card is reset and "
                              "let one choose.");
    }
}

static const char *kvm_module(const Path *path)
{
    return lookup_is_amd(path->facts) ? "kvm_amd" : "kvm_intel";
}

static void judge_kvm(const Path *path, PathStep *step)
{
    const KvmFacts *kvm = &path->facts->kvm;
    const char *evidence = kvm->evidence;

    if (evidence != NULL)
        step_saw(step, "%s", evidence);
    if (kvm->usable == TRI_YES) {
        step_done(step, "%s", evidence != NULL ? evidence : "A test guest ran in KVM.");
    } else if (kvm->present == TRI_NO && path->facts->cpu.virtualization == TRI_YES) {
        step_todo(step, "The processor can do it, and the kernel's module %s is not loaded.",
                  kvm_module(path));
        step_wants(step, goal_command(step_id(step->step), "the module of KVM",
                                      (const char *const[]){"modprobe", kvm_module(path), NULL},
                                      "Loads KVM, as the kernel does by itself on most systems."));
    } else if (kvm->usable == TRI_NO && path->facts->cpu.hypervisor == TRI_YES) {
        step_for_person(step, "Use a host of metal, or one whose hypervisor passes "
                              "virtualisation on: KVM does not work in this virtual machine.");
    } else if (kvm->usable == TRI_NO || kvm->present == TRI_NO) {
        step_for_person(step, "See what the kernel says of KVM: `sudo dmesg | grep -i kvm`.");
    } else if (kvm->accessible == TRI_NO) {
        step_unknown(step, "You may not open `/dev/kvm`, so that it is unknown whether KVM works.");
    } else {
        step_unknown(step, "Whether KVM works is unknown: only a test on the host itself shows "
                           "it.");
    }
}

/* What keeps the kernel from using an IOMMU that it could use. */
static void judge_iommu_off(const Path *path, PathStep *step)
{
    const KernelFacts *kernel = &path->facts->kernel;
    const char *off = kernel_turns_iommu_off(kernel);
    bool asked = kernel_argument_has(kernel, "intel_iommu", "on");

    step_saw(step, "There are no groups under /sys/kernel/iommu_groups.");
    if (off != NULL) {
        step_todo(step, "The kernel's command line turns the IOMMU off: %s.", off);
        step_wants(step, lookup_is_intel(path->facts) && g_str_has_prefix(off, "intel_iommu=")
                             ? goal_kernel_argument(step_id(step->step), "intel_iommu=on",
                                                    "Lets the kernel use the IOMMU (VT-d).")
                             : goal_no_kernel_argument(step_id(step->step), off,
                                                       "It keeps the IOMMU off."));
    } else if (lookup_is_intel(path->facts) && !asked) {
        step_todo(step, "With an Intel processor many kernels leave the IOMMU off until they are "
                        "told to use it.");
        step_wants(step, goal_kernel_argument(step_id(step->step), "intel_iommu=on",
                                              "Lets the kernel use the IOMMU (VT-d)."));
    } else {
        step_for_person(step, "The kernel would use one and finds none: see the step "
                              "firmware-iommu.");
        if (asked && lookup_is_intel(path->facts))
            step_because(step, "The command line has intel_iommu=on already, so that the firmware "
                               "has to turn the IOMMU on.");
        else
            step_because(step, "With an AMD processor the kernel uses an IOMMU by itself, so that "
                               "the firmware has to turn it on.");
    }
}

static void judge_iommu(const Path *path, PathStep *step)
{
    const IommuFacts *iommu = &path->facts->iommu;
    g_autofree char *units = iommu->units != NULL ? g_strjoinv(", ", iommu->units) : NULL;
    const char *comma = units != NULL && *units != '\0' ? ", by " : "";

    if (!path_passes_device(path) && path->target.graphics != GRAPHICS_UNKNOWN) {
        step_not_needed(step, "No device of this host goes to the guest.");
    } else if (iommu->groups == TRI_UNKNOWN) {
        step_unknown(step, "Whether the kernel uses an IOMMU is unknown. `ls "
                           "/sys/kernel/iommu_groups` says it: empty is no.");
    } else if (iommu->groups == TRI_NO) {
        judge_iommu_off(path, step);
    } else if (iommu->interrupt_remapping == TRI_NO) {
        step_saw(step, "%d groups under /sys/kernel/iommu_groups, but interrupts are not remapped.",
                 iommu->group_count);
        step_for_person(step, "Look in the firmware's set-up for interrupt remapping and x2APIC, "
                              "and for a newer firmware: the kernel passes no device without it.");
    } else {
        step_done(step, "%d groups under /sys/kernel/iommu_groups%s%s.", iommu->group_count, comma,
                  units != NULL ? units : "");
        if (iommu->interrupt_remapping == TRI_UNKNOWN)
            step_because(step, "Whether interrupts are remapped, which passing a device needs "
                               "too, is unknown.");
    }
}

static void judge_vfio(const Path *path, PathStep *step)
{
    Tri there = path->facts->kernel.vfio_pci;

    if (!path_passes_device(path) && path->target.graphics != GRAPHICS_UNKNOWN)
        step_not_needed(step, "No device of this host goes to the guest.");
    else if (there == TRI_YES)
        step_done(step, "The kernel has the driver vfio-pci.");
    else if (there == TRI_UNKNOWN)
        step_unknown(step, "Whether the kernel has vfio-pci is unknown. `modinfo vfio-pci` says "
                           "it.");
    else {
        step_saw(step, "The kernel has no driver vfio-pci.");
        step_for_person(step, "Start one of the distribution's own kernels, which have it, or "
                              "build yours with CONFIG_VFIO_PCI.");
    }
}

/* Whether the host shows nothing at all but the firmware's picture: its own card has no driver. */
static bool needs_firmware_picture(const Path *path)
{
    const DeviceVerdict *host = path->target.host_gpu;
    return host != NULL && g_strcmp0(host->function->driver, "") == 0 && host->claims != NULL &&
           host->claims->len == 0;
}

/* The kernel draws on the firmware's picture on the guest's card. */
static void judge_held(const Path *path, PathStep *step, const char *holder)
{
    bool bound = g_strcmp0(path->target.gpu->function->driver, "vfio-pci") == 0;
    Tri lets_go = kernel_is_at_least(&path->facts->kernel, LETS_GO_MAJOR, LETS_GO_MINOR);

    step_saw(step, "The kernel holds the firmware's picture on %s, the guest's card.", holder);
    if (needs_firmware_picture(path)) {
        step_because(step,
                     "It is the only picture that the host has: no driver has %s, the card "
                     "that it keeps.",
                     path->target.host_gpu->function->address);
        step_for_person(step, "Have the firmware start on that card (see the step "
                              "firmware-primary-display), or install its driver, before the kernel "
                              "is told to leave the picture alone.");
    } else if (lets_go == TRI_YES && !bound) {
        step_not_needed(step, "From Linux 6.0 on vfio-pci takes the firmware's picture off a card "
                              "when it is bound to it.");
    } else {
        step_todo(step, "A guest that is started with it ends in \"BAR 0: can't reserve\". Better "
                        "than the argument is a firmware that starts on another card: see the "
                        "step firmware-primary-display.");
        step_wants(
            step,
            goal_kernel_argument(
                step_id(step->step), "initcall_blacklist=sysfb_init",
                "The kernel leaves the firmware's picture alone, be it efifb's, simpledrm's or "
                "vesafb's (`video=efifb:off` is for the first alone). The screen of that card "
                "stays dark, and the host's own until its graphics driver has loaded."));
    }
}

static void judge_framebuffer(const Path *path, PathStep *step)
{
    const PathTarget *target = &path->target;
    const char *holder = path->facts->setup.screen.boot_framebuffer;

    if (target->graphics == GRAPHICS_NONE)
        step_not_needed(step, "No graphics card goes to the guest.");
    else if (target->graphics == GRAPHICS_SINGLE)
        step_not_needed(step, "With one card the host lets go of its picture when the guest "
                              "starts: see the step gpu-single.");
    else if (holder == NULL || target->graphics == GRAPHICS_UNKNOWN)
        step_unknown(step, "On which card the kernel holds the firmware's picture is unknown. "
                           "`sudo grep -e BOOTFB -e efifb -e simplefb -B2 /proc/iomem` says it.");
    else if (*holder == '\0')
        step_done(step, "The kernel holds the firmware's picture on no card.");
    else if (strcmp(holder, target->gpu->function->address) != 0)
        step_done(step, "The kernel holds the firmware's picture on %s, not on the guest's card.",
                  holder);
    else
        judge_held(path, step, holder);
}

/* The line of modprobe.d that says no to it; NULL for none. */
static const char *refusing_line(const Facts *facts)
{
    static const char *const NOES[] = {"ignore_msrs=0", "ignore_msrs=N", "ignore_msrs=n"};
    const char *line = NULL;

    for (guint i = 0; line == NULL && i < G_N_ELEMENTS(NOES); i++) {
        char *const *lines = facts->setup.modules.options;
        for (; line == NULL && lines != NULL && *lines != NULL; lines++) {
            const char *at = strstr(*lines, NOES[i]);
            bool whole = at != NULL && at[-1] == ' '; /* report_ignored_msrs is another */
            line = whole && strstr(*lines, "options kvm ") != NULL ? *lines : NULL;
        }
    }
    return line;
}

static void judge_kvm_options(const Path *path, PathStep *step)
{
    const Release *release = path->target.release;
    Tri ignore = path->facts->kvm.ignore_msrs;
    const char *line = lookup_module_option(path->facts, "kvm", " ignore_msrs");
    const char *refusing = refusing_line(path->facts);

    if (ignore == TRI_YES) {
        step_done(step, "/sys/module/kvm/parameters/ignore_msrs is Y.");
        return;
    }
    if (release != NULL && !release->needs_msrs) {
        step_not_needed(step, "%s reads no register that KVM lacks; OS X 10.10 and later do.",
                        release->name);
        return;
    }
    if (ignore == TRI_UNKNOWN) {
        step_unknown(step, "KVM's options are unknown while it is not loaded. `cat "
                           "/sys/module/kvm/parameters/ignore_msrs` says it: Y is right.");
        return;
    }
    step_saw(step, "/sys/module/kvm/parameters/ignore_msrs is N.");
    step_todo(step, "macOS reads registers of the processor that KVM does not have, and restarts "
                    "early when KVM answers with a fault.");
    if (refusing != NULL)
        step_because(step,
                     "It is refused in %s. A file that is read later counts more; take that "
                     "line out if it does not.",
                     refusing);
    else if (line != NULL)
        step_because(step, "It is asked for in %s, which counts from the next start of the host.",
                     line);
    step_wants(
        step,
        goal_file(step_id(step->step), KVM_FILE, KVM_CONTENT,
                  "KVM answers a guest's reads of unknown registers with 0 instead of a fault."));
}

/* Whether somebody has chosen another clock although the kernel offers tsc, has not marked it
 * unstable, and the processor's counter neither stops nor changes its rate. Never is tsc forced on
 * a kernel that does not offer it. */
static bool is_chosen_against_tsc(const Path *path)
{
    const CpuFacts *cpu = &path->facts->cpu;
    g_autofree char *chosen = kernel_argument(&path->facts->kernel, "clocksource");

    return chosen != NULL && strcmp(chosen, "tsc") != 0 && lookup_has(cpu->clocksources, "tsc") &&
           cpu->tsc_unstable != TRI_YES && cpu->tsc_warp != TRI_YES &&
           cpu_has_flag(cpu, "constant_tsc") == TRI_YES &&
           cpu_has_flag(cpu, "nonstop_tsc") == TRI_YES;
}

static void judge_clock(const Path *path, PathStep *step)
{
    const CpuFacts *cpu = &path->facts->cpu;

    if (cpu->clocksource == NULL) {
        step_unknown(step, "The clock source is unknown. `cat "
                           "/sys/devices/system/clocksource/clocksource0/current_clocksource` says "
                           "it.");
    } else if (strcmp(cpu->clocksource, "tsc") == 0) {
        step_done(step, "The kernel's clock source is tsc.");
    } else if (cpu->hypervisor == TRI_YES) {
        step_done(step, "The kernel's clock source is %s, the hypervisor's.", cpu->clocksource);
    } else if (is_chosen_against_tsc(path)) {
        g_autofree char *chosen = kernel_argument(&path->facts->kernel, "clocksource");
        step_saw(step, "The kernel's clock source is %s, for its command line has clocksource=%s.",
                 cpu->clocksource, chosen);
        step_todo(step, "macOS takes its time from the time stamp counter, which this kernel has "
                        "found good: it is among the clock sources that it offers.");
        step_wants(step, goal_no_kernel_argument(
                             step_id(step->step), "clocksource",
                             "The kernel takes the best clock itself, which is tsc here."));
    } else {
        step_saw(step, "The kernel's clock source is %s, not tsc%s.", cpu->clocksource,
                 cpu->tsc_warp == TRI_YES ? ", for the counters of the processors differ" : "");
        step_because(step, "The kernel does not trust the time stamp counter of this processor, "
                           "and macOS takes its time from it: guests drift, hang or panic.");
        step_for_person(step, "Update the board's firmware first. If the kernel still says that "
                              "the counter is unstable, prefer an older release of macOS.");
    }
}

const Step STEPS_KERNEL[] = {
    {"kernel-version", SECTION_KERNEL, "Version", judge_version, {NULL}},
    {"boot-loader", SECTION_KERNEL, "Boot loader", boot_judge_loader, {NULL}},
    {"kvm", SECTION_KERNEL, "KVM", judge_kvm, {"firmware-virtualization", NULL}},
    {"iommu-enabled", SECTION_KERNEL, "IOMMU", judge_iommu, {"firmware-iommu", NULL}},
    {"vfio-driver", SECTION_KERNEL, "VFIO", judge_vfio, {NULL}},
    {"boot-framebuffer", SECTION_KERNEL, "The firmware's picture", judge_framebuffer, {NULL}},
    {"kvm-options", SECTION_KERNEL, "Options of KVM", judge_kvm_options, {NULL}},
    {"clock-source", SECTION_KERNEL, "Clock source", judge_clock, {NULL}},
    {0},
};
