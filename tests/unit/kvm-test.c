/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "judged.h"
#include "processors.h"

#include <string.h>

/* Whether guests run here at all, and whether their time runs evenly: architecture, KVM, clock. */

static Catalog *catalog;

/* A T5610 has two of these, and the firmware does not start their counters at once. */
static Facts *dell_t5610(void)
{
    Facts *facts = host_new();
    processor_set(facts, XEON_E5_2690_V2);
    g_free(facts->cpu.clocksource);
    facts->cpu.clocksource = g_strdup("hpet");
    facts->cpu.tsc_unstable = facts->cpu.tsc_warp = TRI_YES;
    return facts;
}

static void set_clock(Facts *facts, const char *clock, const char *available)
{
    g_free(facts->cpu.clocksource);
    g_strfreev(facts->cpu.clocksources);
    facts->cpu.clocksource = g_strdup(clock);
    facts->cpu.clocksources = available != NULL ? host_words(available) : NULL;
}

static void assert_cpu(const Facts *facts, const char *release, Answer answer, const char *text)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    assert_judgement(&judged_release(verdict, catalog, release)->cpu, answer, text);
}

static void assert_host(const Facts *facts, Answer answer, const char *text)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    assert_judgement(&verdict->host, answer, text);
}

static int processors_of(const Facts *facts, const char *release)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    return judged_release(verdict, catalog, release)->kvm.topology->count;
}

/* ---- clock ---- */

/* No yes for a guest of several processors, in any release. */
static void differing_counters_allow_one_processor(void)
{
    g_autoptr(Facts) facts = dell_t5610();
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);

    for (guint i = 0; i < verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(verdict->releases, i);
        g_assert_cmpint(release->cpu.answer, !=, ANSWER_YES);
        g_assert_cmpint(release->kvm.most, ==, 1);
        g_assert_cmpint(release->kvm.topology->count, ==, 1);
        g_assert_cmpint(release->translated.topology->count, >, 1);
    }
    assert_cpu(facts, "catalina", ANSWER_LIMITED, "counters of this host's processors differ");
    assert_cpu(facts, "catalina", ANSWER_LIMITED, "newest firmware for the board");
    assert_cpu(facts, "catalina", ANSWER_LIMITED, "Not tsc=reliable");
    assert_cpu(facts, "catalina", ANSWER_LIMITED, "last resort is the kext CpuTscSync");
    /* from 12 on the kext needs a register that this processor has not */
    assert_cpu(facts, "monterey", ANSWER_LIMITED, "CpuTscSync is no way out");
}

static void other_clocks_limit(void)
{
    static const struct {
        const char *clock, *available; /* NULL: not told */
        Tri unstable;
        const char *release;
        Answer answer;
        const char *text;
        int processors; /* of 8 threads */
    } CASES[] = {
        {"tsc", "tsc hpet", TRI_UNKNOWN, "sonoma", ANSWER_YES, NULL, 4},
        {"hpet", "hpet acpi_pm", TRI_UNKNOWN, "sonoma", ANSWER_LIMITED, "freeze or panic", 1},
        {"hpet", "hpet acpi_pm", TRI_UNKNOWN, "big-sur", ANSWER_LIMITED, "slow, drift or hang", 4},
        {"hpet", "hpet acpi_pm", TRI_UNKNOWN, "sonoma", ANSWER_LIMITED, "newest firmware", 1},
        {"hpet", NULL, TRI_YES, "sonoma", ANSWER_LIMITED, "newest firmware", 1},
        {"hpet", "tsc hpet", TRI_UNKNOWN, "sonoma", ANSWER_LIMITED, "take clocksource= off", 1},
        {"hpet", NULL, TRI_UNKNOWN, "sonoma", ANSWER_LIMITED, "dmesg | grep -i tsc", 1},
        {NULL, NULL, TRI_YES, "sonoma", ANSWER_LIMITED, "is another, not tsc", 1},
        {"kvm-clock", "kvm-clock tsc", TRI_UNKNOWN, "sonoma", ANSWER_LIMITED, "hypervisor below",
         4},
        {NULL, NULL, TRI_UNKNOWN, "sonoma", ANSWER_YES, "it has to be tsc", 4},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_new();
        set_clock(facts, CASES[i].clock, CASES[i].available);
        facts->cpu.tsc_unstable = CASES[i].unstable;
        g_test_message("case %u", i);
        assert_cpu(facts, CASES[i].release, CASES[i].answer, CASES[i].text);
        g_assert_cmpint(processors_of(facts, CASES[i].release), ==, CASES[i].processors);
    }
}

/* tsc=reliable is named where the processor merits it, and nowhere else. */
static void reliable_is_not_for_all(void)
{
    g_autoptr(Facts) facts = host_new();
    processor_set(facts, RYZEN_5800U);
    set_clock(facts, "hpet", "hpet acpi_pm");
    assert_cpu(facts, "ventura", ANSWER_LIMITED, "tsc=reliable on the kernel's command line may");
    facts->cpu.packages = 2;
    assert_cpu(facts, "ventura", ANSWER_LIMITED, "Not tsc=reliable");
    facts->cpu.packages = 1;
    processor_drop_flag(facts, "nonstop_tsc");
    assert_cpu(facts, "ventura", ANSWER_LIMITED, "Not tsc=reliable");
    assert_cpu(facts, "ventura", ANSWER_LIMITED, "lacks nonstop_tsc");
}

static void clocks_count_without_flags(void)
{
    g_autoptr(Facts) facts = dell_t5610();
    g_clear_pointer(&facts->cpu.flags, g_strfreev);
    g_clear_pointer(&facts->cpu.vendor, g_free);
    assert_cpu(facts, "sonoma", ANSWER_UNKNOWN, "counters of this host's processors differ");
    g_assert_cmpint(processors_of(facts, "sonoma"), ==, 1);
}

/* ---- architecture ---- */

static void set_architecture(Facts *facts, const char *name)
{
    g_free(facts->cpu.architecture);
    facts->cpu.architecture = g_strdup(name);
}

static void other_architectures_are_no(void)
{
    static const struct {
        const char *architecture, *text;
    } CASES[] = {{"aarch64", "its architecture is aarch64"},
                 {"riscv64", "takes a PC with a 64-bit processor"},
                 {"i686", "Install a 64-bit system (amd64): the processor is 64-bit."}};

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_new();
        set_architecture(facts, CASES[i].architecture);
        assert_host(facts, ANSWER_NO, CASES[i].text);
        assert_cpu(facts, "tiger", ANSWER_NO, CASES[i].text);
        assert_cpu(facts, "tahoe", ANSWER_NO, CASES[i].text);
    }
    g_autoptr(Facts) yonah = host_new();
    set_architecture(yonah, "i686");
    processor_drop_flag(yonah, "lm");
    assert_host(yonah, ANSWER_NO, "is 32-bit (it lacks lm)");
}

/* A listing of a Raspberry Pi 5: its bridge is a part of its processor. */
static void bridges_of_arm_processors_prove_it(void)
{
    g_autoptr(Facts) facts = facts_new();
    PciFunction *bridge = pci_function_new("0001:00:00.0");
    bridge->device_name = g_strdup("Broadcom Inc. and subsidiaries BCM2712 PCIe Bridge");
    facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    g_ptr_array_add(facts->pci, bridge);
    assert_host(facts, ANSWER_NO, "BCM2712 (Raspberry Pi 5)");
    assert_cpu(facts, "sonoma", ANSWER_NO, "BCM2712");

    g_free(bridge->device_name);
    bridge->device_name = g_strdup("Broadcom Inc. and subsidiaries BCM4360");
    assert_host(facts, ANSWER_UNKNOWN, "unknown whether KVM works");
    bridge->vendor = 0x14e4;
    bridge->device = 0x2711;
    assert_host(facts, ANSWER_NO, "Raspberry Pi 4");
}

/* ---- KVM ---- */

static void unknown_kvm_names_what_settles_it(void)
{
    g_autoptr(Facts) facts = host_new();
    g_clear_pointer(&facts->kvm.evidence, g_free);
    facts->kvm = (KvmFacts){.max_vcpus = UNKNOWN, .api_version = UNKNOWN};
    assert_host(facts, ANSWER_UNKNOWN, "though the processor has VT-x (vmx): `ls -l /dev/kvm`");
    processor_set(facts, RYZEN_5800X);
    assert_host(facts, ANSWER_UNKNOWN, "though the processor has AMD-V (svm)");
    processor_drop_flag(facts, "svm");
    facts->cpu.virtualization = TRI_NO;
    assert_host(facts, ANSWER_LIMITED, "neither vmx nor svm");
}

static void page_tables_limit(void)
{
    g_autoptr(Facts) facts = host_new();
    assert_host(facts, ANSWER_YES, NULL);
    processor_set(facts, CORE2_Q9550);
    assert_host(facts, ANSWER_LIMITED, "it lacks ept");
    processor_set(facts, RYZEN_5800X);
    assert_host(facts, ANSWER_YES, NULL);
    processor_drop_flag(facts, "npt");
    assert_host(facts, ANSWER_LIMITED, "it lacks npt");
}

static void virtual_machines_limit(void)
{
    g_autoptr(Facts) facts = host_new();
    facts->cpu.hypervisor = TRI_YES;
    assert_host(facts, ANSWER_LIMITED, "itself a virtual machine: macOS guests in one");
    facts->kvm.usable = TRI_NO;
    assert_host(facts, ANSWER_LIMITED, "has to allow nested virtualisation");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/kvm/clock/warp", differing_counters_allow_one_processor);
    g_test_add_func("/kvm/clock/others", other_clocks_limit);
    g_test_add_func("/kvm/clock/reliable", reliable_is_not_for_all);
    g_test_add_func("/kvm/clock/without-flags", clocks_count_without_flags);
    g_test_add_func("/kvm/architecture/others", other_architectures_are_no);
    g_test_add_func("/kvm/architecture/bridges", bridges_of_arm_processors_prove_it);
    g_test_add_func("/kvm/unknown", unknown_kvm_names_what_settles_it);
    g_test_add_func("/kvm/page-tables", page_tables_limit);
    g_test_add_func("/kvm/nested", virtual_machines_limit);
    int failed = g_test_run();
    catalog_free(catalog);
    return failed;
}
