/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What facts prove of the options of the firmware set-up. Each case is a host that people have;
 * what no fact proves has to stay unknown. */
#include "host.h"
#include "verdict/verdict.h"

#include <string.h>

#define CARD "0000:0a:00.0"
#define OTHER "0000:01:00.0"
#define IN_PROCESSOR "0000:00:02.0"
#define MIB (G_GUINT64_CONSTANT(1) << 20)
#define GIB (G_GUINT64_CONSTANT(1) << 30)

static Catalog *catalog;

/* An Intel host on a Z790 board. */
static Facts *intel_host(void)
{
    Facts *facts = host_new();
    facts->firmware.board_vendor = g_strdup("Gigabyte Technology Co., Ltd.");
    facts->firmware.board_name = g_strdup("Z790 AORUS ELITE AX");
    facts->kernel.release = g_strdup("6.8.0-45-generic");
    facts->kernel.command_line = g_strdup("quiet intel_iommu=on");
    host_pci(facts, "0000:00:00.0", 0x0600, 0x8086, 0x4648, 0);
    return facts;
}

static Facts *amd_host(void)
{
    Facts *facts = intel_host();
    g_free(facts->cpu.vendor);
    facts->cpu.vendor = g_strdup("AuthenticAMD");
    facts->cpu.family = 0x19;
    g_free(facts->kernel.command_line);
    facts->kernel.command_line = g_strdup("quiet");
    host_flags(facts, "avx avx2 constant_tsc nonstop_tsc nx pni sse4_1 sse4_2 ssse3 svm");
    return facts;
}

/* RX 6600: macOS drives it. */
static PciFunction *add_card(Facts *facts, const char *address, int group)
{
    PciFunction *card = host_pci(facts, address, 0x0300, 0x1002, 0x73ff, group);
    card->resizable_bar = TRI_YES;
    return card;
}

static void add_bar(PciFunction *function, int index, guint64 size, guint64 address)
{
    PciBar bar = {.index = index, .kind = BAR_MEMORY_64, .size = size, .address = address};
    if (function->bars == NULL)
        function->bars = g_array_new(FALSE, FALSE, sizeof(PciBar));
    g_array_append_val(function->bars, bar);
}

static void set_text(char **place, const char *text)
{
    g_free(*place);
    *place = g_strdup(text);
}

/* EVIDENCE and TODO: parts of the sentences; TODO NULL: there is nothing to do. */
static void assert_setup(const Facts *facts, const char *id, Tri state, bool needed,
                         const char *evidence, const char *todo)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const SetupVerdict *setup = verdict_setup(verdict, id);

    g_assert_nonnull(setup);
    g_test_message("%s: %s -> %s", id, setup->evidence, setup->todo);
    g_assert_cmpint(setup->state, ==, state);
    g_assert_cmpint(setup->needed, ==, needed);
    g_assert_nonnull(strstr(setup->evidence, evidence));
    g_assert_cmpint(setup_is_open(setup), ==, todo != NULL);
    if (todo == NULL)
        g_assert_null(setup->todo);
    else
        g_assert_nonnull(strstr(setup->todo, todo));
}

/* The rules and the table of options know the same ones: no rule is without a reason, no reason
 * without a rule. */
static void every_option_has_a_rule(void)
{
    g_autoptr(Facts) facts = facts_new();
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);

    g_assert_cmpuint(verdict->setup.options->len, ==, catalog->firmware_options->len);
    for (guint i = 0; i < verdict->setup.options->len; i++) {
        const SetupVerdict *setup = g_ptr_array_index(verdict->setup.options, i);
        g_test_message("%s", setup->option->id);
        g_assert_true(setup->option == g_ptr_array_index(catalog->firmware_options, i));
        g_assert_cmpint(setup->state, ==, TRI_UNKNOWN);
        g_assert_cmpstr(setup->evidence, !=, "");
        if (setup_is_open(setup))
            g_assert_nonnull(setup->todo);
    }
}

static void virtualisation_is_proved_by_a_guest(void)
{
    g_autoptr(Facts) facts = intel_host();
    host_flags(facts, "pni");
    facts->cpu.virtualization = TRI_NO;
    assert_setup(facts, "virtualization", TRI_YES, true, "A test guest ran", NULL);
}

/* Linux hides vmx since 5.6 and svm since 6.7 where the firmware has it off; before, the flag says
 * nothing of the firmware. */
static void flags_prove_what_the_kernel_would_hide(void)
{
    static const struct {
        const char *vendor, *flags, *release;
        Tri virtualization, state;
        const char *evidence;
    } CASES[] = {
        {"GenuineIntel", "avx vmx", "5.6.0", TRI_YES, TRI_YES, "hides where"},
        {"GenuineIntel", "avx vmx", "5.4.0-42-generic", TRI_YES, TRI_UNKNOWN, "before 5.6"},
        {"GenuineIntel", "avx vmx", NULL, TRI_YES, TRI_UNKNOWN, "before 5.6"},
        {"AuthenticAMD", "avx svm", "6.7.1", TRI_YES, TRI_YES, "hides where"},
        {"AuthenticAMD", "avx svm", "6.1.0-18-amd64", TRI_YES, TRI_UNKNOWN, "before 6.7"},
        {"AuthenticAMD", "avx svm", "garbage", TRI_YES, TRI_UNKNOWN, "before 6.7"},
        {"GenuineIntel", "avx", "6.8.0", TRI_NO, TRI_NO, "does not show vmx"},
        {"AuthenticAMD", "avx", "6.8.0", TRI_NO, TRI_NO, "does not show svm"},
        {"GenuineIntel", "ssse3", "6.8.0", TRI_NO, TRI_UNKNOWN, "it lacks them, or"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = intel_host();
        set_text(&facts->cpu.vendor, CASES[i].vendor);
        set_text(&facts->kernel.release, CASES[i].release);
        host_flags(facts, CASES[i].flags);
        facts->cpu.virtualization = CASES[i].virtualization;
        facts->kvm.usable = TRI_UNKNOWN;
        assert_setup(facts, "virtualization", CASES[i].state, true, CASES[i].evidence,
                     CASES[i].state == TRI_YES ? NULL : "Tweaker > Advanced CPU Settings");
    }
}

static void the_log_says_that_it_is_off(void)
{
    g_autoptr(Facts) facts = amd_host();
    facts->kvm.usable = TRI_NO;
    facts->kvm.firmware_off = TRI_YES;
    assert_setup(facts, "virtualization", TRI_NO, true, "log says",
                 "Set Tweaker > Advanced CPU Settings > SVM Mode, or M.I.T.");
}

static void groups_prove_the_iommu(void)
{
    g_autoptr(Facts) facts = intel_host();
    facts->iommu.group_count = 15;
    assert_setup(facts, "iommu", TRI_YES, true, "There are 15 IOMMU groups", NULL);
    assert_setup(facts, "interrupt-remapping", TRI_YES, true, "are remapped", NULL);
}

typedef struct {
    bool amd;
    const char *command_line, *table, *unit;
    Tri groups, state;
    const char *evidence;
} IommuCase;

static void what_is_known_of_an_iommu_without_groups(void)
{
    static const IommuCase CASES[] = {
        /* the command line alone proves nothing; with it groups would be there */
        {false, "intel_iommu=on", NULL, NULL, TRI_NO, TRI_NO, "although the kernel was told"},
        {false, "quiet", NULL, NULL, TRI_NO, TRI_UNKNOWN, "was not told to use it"},
        {false, NULL, NULL, NULL, TRI_NO, TRI_UNKNOWN, "was not told to use it"},
        {true, "quiet", NULL, NULL, TRI_NO, TRI_NO, "wherever it finds AMD's"},
        {true, "amd_iommu=off", NULL, NULL, TRI_NO, TRI_UNKNOWN, "(amd_iommu=off)"},
        {true, NULL, NULL, NULL, TRI_NO, TRI_UNKNOWN, "There are no IOMMU groups"},
        /* the firmware's own tables */
        {false, "quiet", "", NULL, TRI_NO, TRI_NO, "neither the ACPI table DMAR"},
        {false, "quiet", "DMAR", NULL, TRI_NO, TRI_YES, "has to be told to use it"},
        {false, "iommu=off", "DMAR", NULL, TRI_NO, TRI_YES, "leave it alone (iommu=off)"},
        {false, NULL, "DMAR", NULL, TRI_UNKNOWN, TRI_YES, "(ACPI table DMAR)."},
        {false, "intel_iommu=on", "DMAR", NULL, TRI_NO, TRI_UNKNOWN, "could not use it"},
        {true, "quiet", "IVRS", NULL, TRI_NO, TRI_UNKNOWN, "could not use it"},
        {false, NULL, NULL, "dmar0", TRI_UNKNOWN, TRI_YES, "runs the IOMMU dmar0"},
        {false, NULL, NULL, NULL, TRI_UNKNOWN, TRI_UNKNOWN, "ls /sys/kernel/iommu_groups"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const IommuCase *test = &CASES[i];
        g_autoptr(Facts) facts = test->amd ? amd_host() : intel_host();
        set_text(&facts->kernel.command_line, test->command_line);
        facts->iommu.table = g_strdup(test->table);
        facts->iommu.units = test->unit != NULL ? host_words(test->unit) : NULL;
        facts->iommu.groups = test->groups;
        assert_setup(facts, "iommu", test->state, true, test->evidence,
                     test->state == TRI_YES ? NULL : "Settings > Miscellaneous");
    }
}

static void interrupts_are_remapped_with_an_iommu(void)
{
    g_autoptr(Facts) facts = intel_host();
    facts->iommu.interrupt_remapping = TRI_NO;
    assert_setup(facts, "interrupt-remapping", TRI_NO, true, "not remapped", "Update the firmware");
    facts->iommu.groups = TRI_NO; /* then it is the IOMMU that is asked for */
    assert_setup(facts, "interrupt-remapping", TRI_NO, false, "not remapped", NULL);
    facts->iommu.groups = TRI_YES;
    facts->iommu.interrupt_remapping = TRI_UNKNOWN;
    assert_setup(facts, "interrupt-remapping", TRI_UNKNOWN, false, "dmesg", NULL);
}

static void places_prove_decoding_above_4g(void)
{
    g_autoptr(Facts) facts = intel_host();
    PciFunction *card = add_card(facts, CARD, 15);
    add_bar(card, 0, 256 * MIB, 0xe0000000);
    assert_setup(facts, "above-4g", TRI_UNKNOWN, false, "can be so with it on", NULL);
    add_bar(card, 2, 2 * MIB, 4 * GIB - 1);
    assert_setup(facts, "above-4g", TRI_UNKNOWN, false, "can be so with it on", NULL);
    add_bar(card, 4, 2 * MIB, 4 * GIB);
    assert_setup(facts, "above-4g", TRI_YES, false, "BAR 4 of " CARD " lies above", NULL);
    g_array_index(card->bars, PciBar, 0).unassigned = true;
    assert_setup(facts, "above-4g", TRI_NO, true, "BAR 0 of " CARD " has no place",
                 "Set Settings > IO Ports > Above 4G Decoding, or Peripherals > Above 4G Decoding, "
                 "to Enabled.");
}

static void large_bars_prove_resizable_bar(void)
{
    g_autoptr(Facts) facts = intel_host();
    PciFunction *card = add_card(facts, CARD, 15);
    assert_setup(facts, "resizable-bar", TRI_UNKNOWN, true, "lspci -v",
                 "See that Settings > IO Ports > Re-Size BAR Support is Disabled.");
    add_bar(card, 0, 256 * MIB, 0xe0000000);
    assert_setup(facts, "resizable-bar", TRI_NO, true, "no graphics card is larger", NULL);
    g_array_index(card->bars, PciBar, 0).size = 8 * GIB;
    assert_setup(facts, "resizable-bar", TRI_YES, true, "has 8 GiB",
                 "Set Settings > IO Ports > Re-Size BAR Support to Disabled.");
    assert_setup(facts, "above-4g", TRI_UNKNOWN, false, "can be so", NULL);
    /* amdgpu enlarges it itself where there is room above 4 GiB */
    host_driver(card, "amdgpu");
    assert_setup(facts, "resizable-bar", TRI_UNKNOWN, true, "its driver may have",
                 "Re-Size BAR Support is Disabled");
    assert_setup(facts, "above-4g", TRI_UNKNOWN, true, "can be so", "Above 4G Decoding");
    card->resizable_bar = TRI_NO;
    assert_setup(facts, "resizable-bar", TRI_UNKNOWN, false, "not resizable", NULL);
}

static void without_a_card_for_macos_bars_do_not_matter(void)
{
    g_autoptr(Facts) facts = intel_host();
    PciFunction *card = host_pci(facts, CARD, 0x0300, 0x10de, 0x2684, 15); /* RTX 4090 */
    add_bar(card, 0, 8 * GIB, 4 * GIB);
    assert_setup(facts, "resizable-bar", TRI_UNKNOWN, false, "", NULL);
    card->device = 0x0fc6; /* GTX 650: its first BAR are registers */
    assert_setup(facts, "resizable-bar", TRI_UNKNOWN, false, "", NULL);
}

static void shared_groups_ask_for_acs(void)
{
    g_autoptr(Facts) facts = amd_host();
    add_card(facts, CARD, 15);
    host_pci(facts, "0000:0a:00.1", 0x0403, 0x1002, 0xab28, 15);
    host_pci(facts, "0000:00:03.1", 0x0604, 0x1022, 0x1483, 15);
    assert_setup(facts, "acs", TRI_UNKNOWN, false, "", NULL);
    host_pci(facts, "0000:05:00.0", 0x0200, 0x8086, 0x1539, 15);
    assert_setup(facts, "acs", TRI_UNKNOWN, true, CARD " shares IOMMU group 15 with 0000:05:00.0",
                 "Settings > AMD CBS > ACS Enable");
    set_text(&facts->cpu.vendor, "GenuineIntel");
    assert_setup(facts, "acs", TRI_UNKNOWN, true, "shares", "another slot");
}

static void the_way_of_starting_tells_of_csm(void)
{
    g_autoptr(Facts) facts = intel_host();
    assert_setup(facts, "csm", TRI_UNKNOWN, false, "unknown", NULL); /* no card to pass */
    add_card(facts, CARD, 15);
    assert_setup(facts, "csm", TRI_UNKNOWN, true, "unknown", "Boot > CSM Support");
    facts->firmware.uefi = TRI_YES;
    assert_setup(facts, "csm", TRI_UNKNOWN, true, "possible with it too",
                 "See that Boot > CSM Support, or BIOS > CSM Support, is Disabled.");
    facts->firmware.secure_boot = TRI_YES;
    assert_setup(facts, "csm", TRI_NO, true, "Secure Boot is on", NULL);
    facts->firmware.secure_boot = facts->firmware.uefi = TRI_NO;
    /* turned off, such a host would not start again */
    assert_setup(facts, "csm", TRI_YES, true, "started by a BIOS", "Leave it until");
}

/* Nobody is asked to turn off a check of signatures. */
static void secure_boot_may_stay_on(void)
{
    g_autoptr(Facts) facts = intel_host();
    facts->firmware.secure_boot = TRI_YES;
    PciFunction *card = add_card(facts, CARD, 15);
    assert_setup(facts, "secure-boot", TRI_YES, false, "checks signatures", NULL);
    card->device = 0x67df; /* has the reset bug */
    assert_setup(facts, "secure-boot", TRI_YES, true, "checks signatures", "It can stay on");
    g_strfreev(card->reset_methods);
    card->reset_methods = host_words("device_specific bus");
    assert_setup(facts, "secure-boot", TRI_YES, false, "checks signatures", NULL);
    facts->firmware.secure_boot = TRI_NO;
    assert_setup(facts, "secure-boot", TRI_NO, false, "no signatures", NULL);
}

static void boot_vga_tells_the_primary_display(void)
{
    g_autoptr(Facts) facts = intel_host();
    PciFunction *card = add_card(facts, CARD, 15);
    assert_setup(facts, "primary-display", TRI_UNKNOWN, false, "", NULL); /* one card */
    PciFunction *own = host_pci(facts, IN_PROCESSOR, 0x0300, 0x8086, 0x3e92, 2);
    assert_setup(facts, "primary-display", TRI_UNKNOWN, true, "boot_vga",
                 "See that Settings > IO Ports > Initial Display Output");
    card->boot_vga = TRI_YES;
    assert_setup(facts, "primary-display", TRI_NO, true, "starts on " CARD,
                 "Set Settings > IO Ports > Initial Display Output, or Peripherals > Initial "
                 "Display Output, to IGFX.");
    card->boot_vga = TRI_NO;
    own->boot_vga = TRI_YES;
    assert_setup(facts, "primary-display", TRI_YES, true, "starts on " IN_PROCESSOR, NULL);
}

static void of_two_cards_the_other_one_serves(void)
{
    g_autoptr(Facts) facts = amd_host();
    PciFunction *card = add_card(facts, CARD, 15);
    PciFunction *host = host_pci(facts, OTHER, 0x0300, 0x10de, 0x2684, 16); /* RTX 4090 */
    host->boot_vga = TRI_YES;
    assert_setup(facts, "primary-display", TRI_YES, true, "starts on " OTHER, NULL);
    host->boot_vga = TRI_NO;
    assert_setup(facts, "primary-display", TRI_UNKNOWN, true, "boot_vga",
                 "See that the firmware starts on the host's card; boards call it Initial Display");
    card->boot_vga = TRI_YES;
    assert_setup(facts, "primary-display", TRI_NO, true, "the only card",
                 "Make the firmware start on the host's card");
    host->device = 0x0fc6; /* GTX 650: macOS drives it too, until 11 */
    assert_setup(facts, "primary-display", TRI_YES, true, "starts on " CARD, NULL);
    card->boot_vga = TRI_NO;
    assert_setup(facts, "primary-display", TRI_YES, true, "Whichever card", NULL);
}

static void hidden_graphics_are_asked_for(void)
{
    static const struct {
        const char *vendor, *name;
        bool needed;
    } CASES[] = {
        {"GenuineIntel", "Intel(R) Core(TM) i5-8400 CPU @ 2.80GHz", true},
        {"GenuineIntel", "Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz", true},
        {"GenuineIntel", "12th Gen Intel(R) Core(TM) i5-12600KF", false},
        {"GenuineIntel", "Intel(R) Core(TM) i5-9400F CPU @ 2.90GHz", false},
        {"GenuineIntel", "Intel(R) Core(TM) i9-10980XE CPU @ 3.00GHz", false},
        {"GenuineIntel", "Intel(R) Core(TM) i7-5820K CPU @ 3.30GHz", false},
        {"GenuineIntel", "Intel(R) Xeon(R) CPU E5-2690 v2 @ 3.00GHz", false},
        {"AuthenticAMD", "AMD Ryzen 5 5600G with Radeon Graphics", true},
        {"AuthenticAMD", "AMD Ryzen 7 5800X 8-Core Processor", false},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = intel_host();
        set_text(&facts->cpu.vendor, CASES[i].vendor);
        set_text(&facts->cpu.name, CASES[i].name);
        add_card(facts, CARD, 15);
        g_test_message("%s", CASES[i].name);
        assert_setup(facts, "integrated-graphics", CASES[i].needed ? TRI_NO : TRI_UNKNOWN,
                     CASES[i].needed, "", CASES[i].needed ? "Settings > IO Ports" : NULL);
    }
    g_autoptr(Facts) facts = intel_host();
    add_card(facts, CARD, 15);
    host_pci(facts, IN_PROCESSOR, 0x0300, 0x8086, 0x3e92, 2);
    assert_setup(facts, "integrated-graphics", TRI_YES, true, "part of the processor", NULL);
}

static void controllers_prove_vmd(void)
{
    g_autoptr(Facts) facts = intel_host();
    assert_setup(facts, "vmd", TRI_NO, false, "is not among", NULL);
    host_pci(facts, "0000:00:0e.0", 0x0104, 0x8086, 0x467f, 5);
    assert_setup(facts, "vmd", TRI_YES, true, "0000:00:0e.0 is there", "VMD setup menu");
    /* it is no RAID mode of the SATA controller */
    assert_setup(facts, "sata-mode", TRI_UNKNOWN, false, "", NULL);
    host_pci(facts, "10000:e1:00.0", 0x0108, 0x144d, 0xa80a, UNKNOWN);
    assert_setup(facts, "vmd", TRI_YES, true, "10000:e1:00.0 lies", "VMD setup menu");
}

/* What somebody pasted may be the graphics cards alone. */
static void part_of_a_list_proves_no_absence(void)
{
    g_autoptr(Facts) facts = intel_host();
    facts->pci_complete = TRI_UNKNOWN;
    add_card(facts, CARD, 15);
    assert_setup(facts, "vmd", TRI_UNKNOWN, false, "", NULL);
    assert_setup(facts, "integrated-graphics", TRI_UNKNOWN, false, "", NULL);
}

static void classes_tell_the_sata_mode(void)
{
    g_autoptr(Facts) facts = amd_host();
    PciFunction *sata = host_pci(facts, "0000:01:00.1", 0x0106, 0x1022, 0x43eb, 14);
    sata->class_code = 0x010601;
    assert_setup(facts, "sata-mode", TRI_YES, false, "0000:01:00.1 is in AHCI mode", NULL);
    sata->class_code = 0x010400;
    assert_setup(facts, "sata-mode", TRI_NO, true, "in RAID mode", "SATA Mode to AHCI");
    sata->class_code = 0x01018a;
    assert_setup(facts, "sata-mode", TRI_NO, true, "in IDE mode", "SATA Mode to AHCI");
}

static void cards_on_thunderbolt_are_authorised(void)
{
    g_autoptr(Facts) facts = intel_host();
    PciFunction *bridge = host_pci(facts, "0000:04:01.0", 0x0604, 0x8086, 0x15ea, 4);
    PciFunction *card = add_card(facts, CARD, 15);
    set_text(&bridge->device_name, "JHL7540 Thunderbolt 3 Bridge [Titan Ridge 4C 2018]");
    assert_setup(facts, "thunderbolt-security", TRI_UNKNOWN, false, "", NULL);
    set_text(&card->parent, "0000:04:01.0");
    assert_setup(facts, "thunderbolt-security", TRI_UNKNOWN, true, "hangs on 0000:04:01.0",
                 "authorise");
    set_text(&bridge->parent, "0000:04:01.0"); /* a snapshot may have a ring */
    set_text(&bridge->device_name, "Bridge");
    assert_setup(facts, "thunderbolt-security", TRI_UNKNOWN, false, "", NULL);
}

static void counts_tell_smt(void)
{
    g_autoptr(Facts) facts = intel_host();
    assert_setup(facts, "smt", TRI_UNKNOWN, false, "unknown", NULL);
    facts->cpu.cores = 4;
    assert_setup(facts, "smt", TRI_YES, false, "4 cores have 8 threads", NULL);
    facts->cpu.cores = 8; /* an i5-8400 has no more either */
    assert_setup(facts, "smt", TRI_UNKNOWN, false, "or the processor has none", NULL);
}

static void stopping_counters_tell_of_c_states(void)
{
    g_autoptr(Facts) facts = intel_host();
    assert_setup(facts, "c-states", TRI_UNKNOWN, false, "nonstop_tsc", NULL);
    set_text(&facts->cpu.clocksource, "hpet"); /* for another reason than idle states */
    assert_setup(facts, "c-states", TRI_UNKNOWN, false, "nonstop_tsc", NULL);
    host_flags(facts, "constant_tsc pni ssse3 vmx");
    assert_setup(facts, "c-states", TRI_UNKNOWN, true, "clock source is hpet", "boards call it");
}

static void nx_is_a_flag(void)
{
    g_autoptr(Facts) facts = amd_host();
    assert_setup(facts, "no-execute", TRI_YES, false, "shows nx", NULL);
    host_flags(facts, "svm");
    assert_setup(facts, "no-execute", TRI_NO, true, "does not show nx", "NX Mode");
}

static void options_are_those_of_the_platform(void)
{
    g_autoptr(Facts) facts = amd_host();
    g_autoptr(Verdict) amd = verdict_make(facts, catalog);
    g_assert_null(verdict_setup(amd, "vmd"));
    g_assert_cmpint(amd->setup.platform, ==, PLATFORM_AMD);
    set_text(&facts->cpu.vendor, "CentaurHauls");
    assert_setup(facts, "virtualization", TRI_YES, true, "", NULL);
    g_autoptr(Verdict) unknown = verdict_make(facts, catalog);
    g_auto(GStrv) names =
        setup_names(&unknown->setup, verdict_setup(unknown, "interrupt-remapping"));
    g_assert_cmpint(unknown->setup.platform, ==, PLATFORM_UNKNOWN);
    g_assert_nonnull(verdict_setup(unknown, "vmd"));
    g_assert_cmpuint(g_strv_length(names), ==, 1); /* the same on both */
    set_text(&facts->cpu.vendor, NULL);
    g_autoptr(Verdict) by_bridge = verdict_make(facts, catalog);
    g_assert_cmpint(by_bridge->setup.platform, ==, PLATFORM_INTEL);
}

static void virtual_machines_have_no_set_up(void)
{
    g_autoptr(Facts) facts = intel_host();
    facts->cpu.hypervisor = TRI_YES;
    facts->kvm.usable = TRI_NO;
    facts->iommu.groups = TRI_NO;
    add_card(facts, CARD, UNKNOWN);
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);

    g_assert_true(verdict->setup.virtual_machine);
    for (guint i = 0; i < verdict->setup.options->len; i++) {
        const SetupVerdict *setup = g_ptr_array_index(verdict->setup.options, i);
        g_assert_false(setup->needed);
        g_assert_null(setup->todo);
        g_assert_nonnull(strstr(setup->why, "hypervisor"));
    }
}

static void boards_that_no_table_knows_get_the_technology(void)
{
    g_autoptr(Facts) facts = amd_host();
    set_text(&facts->firmware.board_vendor, "PC Engines");
    facts->iommu.groups = TRI_NO;
    assert_setup(facts, "iommu", TRI_NO, true, "", "Turn it on; boards call it IOMMU or AMD-Vi.");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_auto(GStrv) names = setup_names(&verdict->setup, verdict_setup(verdict, "iommu"));
    g_assert_cmpuint(g_strv_length(names), ==, 2);
    set_text(&facts->firmware.board_vendor, "Apple Inc.");
    assert_setup(facts, "iommu", TRI_NO, true, "", "Computers by Apple have no set-up");
}

static void names_are_told_once(void)
{
    g_autoptr(Facts) facts = intel_host();
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_auto(GStrv) names = setup_names(&verdict->setup, verdict_setup(verdict, "iommu"));

    g_assert_cmpuint(verdict_setup(verdict, "iommu")->settings->len, ==, 2);
    g_assert_cmpuint(g_strv_length(names), ==, 1);
    g_assert_cmpstr(names[0], ==, "VT-d");
}

static void add_proofs_of_passthrough(void)
{
    g_test_add_func("/setup/iommu/groups", groups_prove_the_iommu);
    g_test_add_func("/setup/iommu/none", what_is_known_of_an_iommu_without_groups);
    g_test_add_func("/setup/iommu/remapping", interrupts_are_remapped_with_an_iommu);
    g_test_add_func("/setup/above-4g", places_prove_decoding_above_4g);
    g_test_add_func("/setup/resizable-bar/sizes", large_bars_prove_resizable_bar);
    g_test_add_func("/setup/resizable-bar/no-card", without_a_card_for_macos_bars_do_not_matter);
    g_test_add_func("/setup/acs", shared_groups_ask_for_acs);
}

static void add_proofs_of_the_rest(void)
{
    g_test_add_func("/setup/virtualization/guest", virtualisation_is_proved_by_a_guest);
    g_test_add_func("/setup/virtualization/flags", flags_prove_what_the_kernel_would_hide);
    g_test_add_func("/setup/virtualization/log", the_log_says_that_it_is_off);
    g_test_add_func("/setup/csm", the_way_of_starting_tells_of_csm);
    g_test_add_func("/setup/secure-boot", secure_boot_may_stay_on);
    g_test_add_func("/setup/primary-display/integrated", boot_vga_tells_the_primary_display);
    g_test_add_func("/setup/primary-display/two-cards", of_two_cards_the_other_one_serves);
    g_test_add_func("/setup/integrated-graphics", hidden_graphics_are_asked_for);
    g_test_add_func("/setup/vmd", controllers_prove_vmd);
    g_test_add_func("/setup/part-of-a-list", part_of_a_list_proves_no_absence);
    g_test_add_func("/setup/sata-mode", classes_tell_the_sata_mode);
    g_test_add_func("/setup/thunderbolt", cards_on_thunderbolt_are_authorised);
    g_test_add_func("/setup/smt", counts_tell_smt);
    g_test_add_func("/setup/c-states", stopping_counters_tell_of_c_states);
    g_test_add_func("/setup/no-execute", nx_is_a_flag);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/setup/rules", every_option_has_a_rule);
    g_test_add_func("/setup/platform", options_are_those_of_the_platform);
    g_test_add_func("/setup/virtual-machine", virtual_machines_have_no_set_up);
    g_test_add_func("/setup/generic", boards_that_no_table_knows_get_the_technology);
    g_test_add_func("/setup/names", names_are_told_once);
    add_proofs_of_passthrough();
    add_proofs_of_the_rest();
    int status = g_test_run();
    catalog_free(catalog);
    return status;
}
