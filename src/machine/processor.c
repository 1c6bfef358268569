/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include <string.h>

/*
 * Under KVM the guest's time stamp counter is the host's. macOS measures time with it and stops
 * with a panic when it runs unevenly, so it is promised as invariant only where the host's own is
 * (Linux: constant_tsc, the same rate at every frequency; nonstop_tsc, it runs in every idle
 * state). With invtsc QEMU also tells the counter's rate in CPUID leaf 0x40000010
 * (vmware-cpuid-freq, on by default since QEMU 2.12), which spares the guest a measurement.
 */
static bool host_tsc_is_invariant(const CpuFacts *cpu)
{
    return cpu_has_flag(cpu, "constant_tsc") == TRI_YES &&
           cpu_has_flag(cpu, "nonstop_tsc") == TRI_YES;
}

static void fill_accelerator(Fill *fill)
{
    const KvmFacts *kvm = &fill->facts->kvm;
    const char *evidence = kvm->evidence != NULL ? kvm->evidence : "";
    const char *space = *evidence != '\0' ? " " : "";

    fill->machine->kvm = kvm->usable == TRI_YES;
    if (fill->machine->kvm)
        add_reason(fill, "accelerator", false, g_strdup("kvm"),
                   "A test guest ran in this host's /dev/kvm.%s%s", space, evidence);
    else
        add_reason(fill, "accelerator", false, g_strdup("tcg"),
                   "KVM %s on this host, so QEMU translates the guest's instructions itself: it "
                   "works, but many times slower.%s%s",
                   kvm->usable == TRI_NO ? "does not work" : "is not known to work", space,
                   evidence);
}

static void fill_vendor(Fill *fill)
{
    const char *vendor = fill->facts->cpu.vendor;
    Machine *machine = fill->machine;

    machine->cpu_vendor_intel = machine->kvm && g_strcmp0(vendor, "GenuineIntel") != 0;
    if (machine->cpu_vendor_intel)
        add_reason(fill, "processor.vendor", false, g_strdup("GenuineIntel"),
                   "This host's processor calls itself %s, and macOS starts only on one that says "
                   "GenuineIntel.",
                   vendor != NULL ? vendor : "something that is not known");
    else
        add_reason(fill, "processor.vendor", false, g_strdup("GenuineIntel"),
                   machine->kvm ? "It is the host's own." : "It is that of the model.");
}

/*
 * Of what Intel's models have, KVM on an AMD host cannot do this, or does it in a way that macOS
 * stumbles over; users of such hosts turn it off (LongQT OpenCore-ISO: pcid, spec-ctrl;
 * luchina-gabriel OSX-PROXMOX: pcid, hle, rtm). invpcid is of no use without pcid.
 */
static const char *const NOT_ON_AMD[] = {"pcid", "invpcid", "spec-ctrl", "hle", "rtm", NULL};

static void fill_features(Fill *fill)
{
    Machine *machine = fill->machine;
    const CpuFacts *cpu = &fill->facts->cpu;
    g_autoptr(GStrvBuilder) require = g_strv_builder_new();
    g_autoptr(GStrvBuilder) disable = g_strv_builder_new();

    if (machine->kvm && host_tsc_is_invariant(cpu)) {
        g_strv_builder_add(require, "invtsc");
        add_reason(fill, "processor.features", false, g_strdup("+invtsc"),
                   "This host's time stamp counter runs at one rate in every state of the "
                   "processor (constant_tsc, nonstop_tsc), so the guest may rely on it.");
    } else if (machine->kvm) {
        add_reason(fill, "processor.features", false, g_strdup("-invtsc"),
                   "This host is not known to have a time stamp counter that runs at one rate in "
                   "every state of the processor (constant_tsc, nonstop_tsc), so none is promised "
                   "to the guest. macOS may drift or hang.");
    }
    if (machine->cpu_vendor_intel) {
        g_strv_builder_addv(disable, (const char **)NOT_ON_AMD);
        g_autofree char *list = g_strjoinv(", -", (char **)NOT_ON_AMD);
        add_reason(fill, "processor.features", false, g_strconcat("-", list, NULL),
                   "This host's processor is not Intel's and does not do these as an Intel "
                   "processor does.");
    }
    machine->cpu_require = g_strv_builder_end(require);
    machine->cpu_disable = g_strv_builder_end(disable);
}

void fill_processor(Fill *fill)
{
    Machine *machine = fill->machine;
    const Release *release = machine->release;
    const ReleaseVerdict *verdict = verdict_release(fill->verdict, release);
    g_autofree char *cpu = describe_cpu(fill->facts);
    g_autofree char *judged = verdict != NULL && verdict->cpu.answer != ANSWER_YES
                                  ? join_sentences(verdict->cpu.reasons)
                                  : g_strdup("");

    fill_accelerator(fill);
    machine->cpu_model = g_strdup(release->cpu_model);
    add_reason(fill, "processor.model", false, g_strdup(release->cpu_model),
               "%s runs on it, and it stays the same on whatever host the machine runs; the guest "
               "gets of it what %s can do.%s%s",
               release->name, machine->kvm ? cpu : "QEMU's translator", *judged != '\0' ? " " : "",
               judged);
    fill_vendor(fill);
    fill_features(fill);
}
