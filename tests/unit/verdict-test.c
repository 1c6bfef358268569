/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "judged.h"

#include <string.h>

/* Which release runs here, and with which card? Each case is a host that people have. */

#define FIRST "0000:03:00.0"
#define SECOND "0000:0a:00.0"

static Catalog *catalog;

static const ReleaseVerdict *release_of(const Verdict *verdict, const char *id)
{
    return judged_release(verdict, catalog, id);
}

static void assert_overall(const Facts *facts, const char *release, Answer answer, const char *text)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    assert_judgement(&release_of(verdict, release)->overall, answer, text);
}

/* With the first card of FACTS. */
static void assert_card(const Facts *facts, const char *release, Answer answer, const char *text)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const GArray *graphics = release_of(verdict, release)->graphics;
    g_assert_cmpuint(graphics->len, >, 0);
    assert_judgement(&g_array_index(graphics, GraphicsVerdict, 0).judgement, answer, text);
}

static Facts *host_with_card(int vendor, int device)
{
    Facts *facts = host_new();
    host_pci(facts, FIRST, 0x0300, vendor, device, 15);
    return facts;
}

static void worst_is_no_then_unknown_then_limited(void)
{
    static const Answer ORDER[] = {ANSWER_NO, ANSWER_UNKNOWN, ANSWER_LIMITED, ANSWER_YES};
    for (guint i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        for (guint j = i; j < G_N_ELEMENTS(ORDER); j++) {
            g_assert_cmpint(answer_worst(ORDER[i], ORDER[j]), ==, ORDER[i]);
            g_assert_cmpint(answer_worst(ORDER[j], ORDER[i]), ==, ORDER[i]);
        }
    }
}

static void without_kvm_it_is_limited(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);
    facts->kvm.usable = TRI_NO;
    g_free(facts->kvm.evidence);
    facts->kvm.evidence = g_strdup("The guest stopped at its first fninit.");
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "fninit");
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "TCG");
    /* The translator brings the instructions itself. */
    host_flags(facts, "pni ssse3");
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "lacks sse4_1, sse4_2, avx2");

    g_free(facts->kvm.evidence);
    facts->kvm = (KvmFacts){.present = TRI_YES, .evidence = g_strdup("No right to open it.")};
    assert_overall(facts, "sonoma", ANSWER_NO, "No right to open it.");
    host_flags(facts, HOST_FLAGS);
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "No right to open it.");
    g_clear_pointer(&facts->kvm.evidence, g_free);
    assert_overall(facts, "sonoma", ANSWER_UNKNOWN, "unknown whether KVM works");
}

static void missing_software_is_named_and_judged_past(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);
    g_free(facts->software.qemu_path);
    facts->software.qemu_path = g_strdup("");
    facts->software.firmware = g_ptr_array_new_with_free_func((GDestroyNotify)firmware_image_free);
    assert_overall(facts, "sonoma", ANSWER_YES, "To be installed: QEMU");
    assert_overall(facts, "sonoma", ANSWER_YES, "OVMF");
}

static void too_little_memory_is_no(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);
    facts->memory.total = G_GINT64_CONSTANT(3) << 30;
    assert_overall(facts, "sonoma", ANSWER_NO, "3 GiB");
    facts->memory.total = UNKNOWN;
    assert_overall(facts, "sonoma", ANSWER_YES, "memory of this host is unknown");
}

static void dual_amd_desktop_says_yes(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, FIRST, 0x0300, 0x1002, 0x67df, 14)->boot_vga = TRI_YES;
    host_pci(facts, SECOND, 0x0300, 0x1002, 0x73ff, 15);
    host_pci(facts, "0000:0a:00.1", 0x0403, 0x1002, 0xab28, 15);
    host_display(facts, FIRST, TRI_YES, TRI_YES);
    host_display(facts, SECOND, TRI_NO, TRI_NO);
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const ReleaseVerdict *sonoma = release_of(verdict, "sonoma");

    assert_judgement(&verdict->host, ANSWER_YES, "KVM works. A test guest computed 6 * 7.");
    g_assert_cmpuint(sonoma->graphics->len, ==, 2);
    assert_judgement(&g_array_index(sonoma->graphics, GraphicsVerdict, 0).judgement, ANSWER_NO,
                     FIRST " cannot leave the host: " FIRST);
    const GraphicsVerdict *second = &g_array_index(sonoma->graphics, GraphicsVerdict, 1);
    g_assert_cmpstr(second->device->function->address, ==, SECOND);
    assert_judgement(&second->judgement, ANSWER_YES, "agdpmod=pikera");
    assert_judgement(&sonoma->overall, ANSWER_YES, SECOND " (AMD Navi 23)");
    assert_judgement(&release_of(verdict, "catalina")->overall, ANSWER_LIMITED, "emulated display");
}

static void the_only_card_in_use_leaves_the_emulated_display(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);
    host_display(facts, FIRST, TRI_YES, TRI_YES);
    assert_card(facts, "sonoma", ANSWER_NO, "shows a graphical session");
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "without acceleration");
}

/* What a list lacks that may not be whole is not known to be missing. */
static void no_card_is_said_of_whole_lists_only(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, FIRST, 0x0200, 0x8086, 0x1533, 1);
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "The host has no graphics card");
    facts->pci_complete = TRI_UNKNOWN;
    assert_overall(facts, "sonoma", ANSWER_LIMITED,
                   "None of the listed devices is known to be a graphics");
}

/* inxi tells a card's numbers and not its class, so that it is not known what the host does with
 * it. */
static void a_card_is_known_by_its_numbers(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);
    ((PciFunction *)g_ptr_array_index(facts->pci, 0))->class_code = UNKNOWN;
    assert_card(facts, "sonoma", ANSWER_UNKNOWN, "is of a kind that is unknown");
}

/* A host that is itself a guest, as machines that are rented are. */

static void an_emulated_display_is_no_card(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1234, 0x1111);
    PciFunction *display = g_ptr_array_index(facts->pci, 0);

    display->boot_vga = TRI_YES;
    facts->iommu.groups = TRI_NO;
    assert_card(facts, "sonoma", ANSWER_NO, "It is no graphics card");
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "without acceleration");
    g_ptr_array_set_size(facts->pci, 0);
    assert_overall(facts, "sonoma", ANSWER_LIMITED, "no graphics card");
}

static void cards_run_where_their_driver_is(void)
{
    static const struct {
        int vendor, device;
        const char *release;
        Answer answer;
        const char *text;
    } CASES[] = {
        {0x1002, 0x73ff, "monterey", ANSWER_YES, "12.1 or later"},
        {0x1002, 0x73ff, "big-sur", ANSWER_NO, "the first that has is macOS 12 Monterey"},
        {0x1002, 0x73ef, "sonoma", ANSWER_LIMITED, "spoofed to 73ff"},
        {0x1002, 0x73df, "sonoma", ANSWER_LIMITED, "NootRX"},
        {0x1002, 0x67df, "sonoma", ANSWER_LIMITED, "vendor-reset"},
        {0x10de, 0x1287, "big-sur", ANSWER_YES, NULL},
        {0x10de, 0x1287, "monterey", ANSWER_NO, "the last that has is macOS 11 Big Sur"},
        {0x10de, 0x1b80, "high-sierra", ANSWER_LIMITED, "web drivers"},
        {0x10de, 0x1b80, "mojave", ANSWER_NO, NULL},
        {0x10de, 0x2204, "sonoma", ANSWER_NO, "No release has a driver for NVIDIA"},
        {0x8086, 0x3e92, "sonoma", ANSWER_LIMITED, "part of the processor"},
        {0x8086, 0x3e93, "sonoma", ANSWER_NO, "No release has a driver"},
        {0x1002, 0x699f, "sonoma", ANSWER_LIMITED, "spoofed to 67ff"},
        {0x1002, 0x6fdf, "sonoma", ANSWER_LIMITED, "Another VBIOS"},
        {0x1002, 0x694c, "sonoma", ANSWER_UNKNOWN, "no report of it in a guest"},
        {0x1002, 0x694c, "sierra", ANSWER_NO, NULL},
        {0x1002, 0x15d8, "sonoma", ANSWER_NO, "bare metal only"},
        {0x10de, 0x11c0, "big-sur", ANSWER_LIMITED, "loses video memory"},
        {0x1234, 0x1111, "sonoma", ANSWER_NO, "It is no graphics card"},
        {0x1002, 0x0001, "sonoma", ANSWER_UNKNOWN, "No table knows the card 1002:0001"},
        {0x1002, UNKNOWN, "sonoma", ANSWER_UNKNOWN, "ids of " FIRST " are unknown"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Facts) facts = host_with_card(CASES[i].vendor, CASES[i].device);
        g_test_message("%04x:%04x", (guint)CASES[i].vendor, (guint)CASES[i].device);
        assert_card(facts, CASES[i].release, CASES[i].answer, CASES[i].text);
    }
}

static PciFunction *only_card(const Facts *facts)
{
    return g_ptr_array_index(facts->pci, 0);
}

/* RX 470 to 590 share an id, and the RX 590 came with 10.14. */
static void revisions_decide(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x67df);

    assert_card(facts, "high-sierra", ANSWER_UNKNOWN, "RX 590) it would be: no");
    assert_card(facts, "sonoma", ANSWER_LIMITED, "Polaris 10");
    only_card(facts)->revision = 0xe1;
    assert_card(facts, "high-sierra", ANSWER_NO, "the first that has is macOS 10.14 Mojave");
    assert_card(facts, "mojave", ANSWER_LIMITED, "10.14.3 or later");
    only_card(facts)->revision = 0xe7;
    assert_card(facts, "high-sierra", ANSWER_LIMITED, "Polaris 10");
}

static void makers_limit_a_card(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x731f);

    only_card(facts)->reset_methods[0][0] = 'x'; /* no reset that would limit it first */
    only_card(facts)->subsystem_vendor = 0x1462;
    assert_card(facts, "catalina", ANSWER_LIMITED, "ATY,Rom#");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const GArray *graphics = release_of(verdict, "sonoma")->graphics;
    g_assert_false(
        judgement_says(&g_array_index(graphics, GraphicsVerdict, 0).judgement, "ATY,Rom#"));
    only_card(facts)->device = 0x67df;
    only_card(facts)->revision = 0xe7;
    only_card(facts)->subsystem_vendor = 0x148c;
    assert_card(facts, "sonoma", ANSWER_LIMITED, "PowerColor");
}

/* macOS draws on cards that have displays. */
static void notebooks_need_wired_displays(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);

    only_card(facts)->class_code = 0x038000;
    assert_card(facts, "sonoma", ANSWER_UNKNOWN, "class 0380");
    only_card(facts)->class_code = 0x030200;
    assert_card(facts, "sonoma", ANSWER_NO, "No display is wired");
    only_card(facts)->class_code = 0x030000;
    facts->firmware.chassis = 3;
    assert_card(facts, "sonoma", ANSWER_YES, NULL);
    facts->firmware.chassis = 10;
    assert_card(facts, "sonoma", ANSWER_UNKNOWN, "In a notebook");
    DisplayFacts *display = host_display(facts, FIRST, TRI_NO, TRI_NO);
    display->connected = host_words("HDMI-A-1");
    assert_card(facts, "sonoma", ANSWER_YES, NULL);
    only_card(facts)->class_code = 0x030200;
    assert_card(facts, "sonoma", ANSWER_YES, NULL);
}

/* One of two cards of one id is the host's: each is judged by what it does itself. */
static void twins_are_told_apart(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);
    host_pci(facts, SECOND, 0x0300, 0x1002, 0x73ff, 16)->boot_vga = TRI_YES;
    assert_card(facts, "sonoma", ANSWER_YES, "only the address tells them apart");

    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const GArray *graphics = release_of(verdict, "sonoma")->graphics;
    assert_judgement(&g_array_index(graphics, GraphicsVerdict, 1).judgement, ANSWER_NO,
                     "cannot leave the host");
}

static void resets_limit_a_card(void)
{
    g_autoptr(Facts) facts = host_with_card(0x10de, 0x1287); /* Kepler: no word about its reset */
    PciFunction *card = g_ptr_array_index(facts->pci, 0);

    g_strfreev(card->reset_methods);
    card->reset_methods = host_words("");
    assert_card(facts, "big-sur", ANSWER_LIMITED, "cannot be reset");
    card->vendor = 0x1002;
    card->device = 0x73ff; /* the family does; this host does not know how */
    assert_card(facts, "sonoma", ANSWER_LIMITED, "cannot be reset");
    card->vendor = 0x10de;
    card->device = 0x1287;
    g_clear_pointer(&card->reset_methods, g_strfreev);
    assert_card(facts, "big-sur", ANSWER_YES, "unknown whether the card comes back");

    card->vendor = 0x1002; /* Polaris says that it can, and does not */
    card->device = 0x67df;
    card->reset_methods = host_words("flr bus");
    assert_card(facts, "sonoma", ANSWER_LIMITED, "vendor-reset mends");
    g_strfreev(card->reset_methods);
    card->reset_methods = host_words("device_specific bus");
    assert_card(facts, "sonoma", ANSWER_LIMITED, "reset of its own");
}

static void large_bars_are_noted(void)
{
    g_autoptr(Facts) facts = host_with_card(0x1002, 0x73ff);
    PciFunction *card = g_ptr_array_index(facts->pci, 0);
    PciBar bar = {.index = 0, .kind = BAR_MEMORY_64, .size = G_GUINT64_CONSTANT(8) << 30};

    card->bars = g_array_new(FALSE, FALSE, sizeof(PciBar));
    g_array_append_val(card->bars, bar);
    assert_card(facts, "sonoma", ANSWER_YES, "BAR 0 of " FIRST " has 8 GiB");
    g_array_index(card->bars, PciBar, 0).size = 256 << 20;
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const GArray *graphics = release_of(verdict, "sonoma")->graphics;
    g_assert_false(judgement_says(&g_array_index(graphics, GraphicsVerdict, 0).judgement, "BAR 0"));
}

static void without_facts_nothing_is_claimed(void)
{
    g_autoptr(Facts) facts = facts_new();
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);

    g_assert_null(verdict->devices);
    g_assert_null(verdict_device(verdict, FIRST));
    g_assert_cmpint(verdict->host.answer, ==, ANSWER_UNKNOWN);
    for (guint i = 0; i < verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(verdict->releases, i);
        g_assert_cmpint(release->cpu.answer, ==, ANSWER_UNKNOWN);
        g_assert_cmpint(release->overall.answer, ==, ANSWER_UNKNOWN);
        g_assert_cmpuint(release->graphics->len, ==, 0);
    }
}

/* Text of `lspci -nn` alone: the card is known, whether it may leave is not. */
static void pasted_lists_leave_passing_unknown(void)
{
    g_autoptr(Facts) facts = facts_new();
    PciFunction *card = pci_function_new(FIRST);
    card->vendor = 0x1002;
    card->device = 0x73ff;
    card->class_code = 0x030000;
    facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    g_ptr_array_add(facts->pci, card);

    assert_card(facts, "sonoma", ANSWER_UNKNOWN, "macOS 14 Sonoma drives AMD Navi 23");
    assert_card(facts, "sonoma", ANSWER_UNKNOWN, "unknown whether " FIRST " can leave");
    card->device = 0x744c;
    assert_card(facts, "sonoma", ANSWER_NO, "No release has a driver");
}

static void names_cannot_break_out(void)
{
    g_autoptr(Facts) facts = host_new();
    g_free(facts->cpu.name);
    facts->cpu.name = g_strdup("i7\033[31m\n\xff\xc2\x9b");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const Judgement *cpu = &release_of(verdict, "sonoma")->cpu;
    const char *reason = g_ptr_array_index(cpu->reasons, 0);

    g_assert_true(g_utf8_validate(reason, -1, NULL));
    g_assert_true(g_str_has_prefix(reason, "i7?[31m?"));
    g_assert_null(strstr(reason, "\xc2\x9b"));
}

/* What is said of every card is kept once: the text grows with the addresses alone. */
static void many_cards_share_their_reasons(void)
{
    g_autoptr(Facts) facts = host_new();
    for (guint i = 0; i < 512; i++) {
        g_autofree char *address = g_strdup_printf("%04x:%02x:00.0", i >> 8, i & 255);
        host_pci(facts, address, 0x0300, 0x1002, 0x73ff, (int)i);
    }
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const GArray *graphics = release_of(verdict, "sonoma")->graphics;
    const Judgement *first = &g_array_index(graphics, GraphicsVerdict, 0).judgement;

    g_assert_cmpuint(graphics->len, ==, 512);
    g_assert_cmpuint(first->reasons->len, >, 0);
    for (guint i = 1; i < graphics->len; i++) {
        const Judgement *other = &g_array_index(graphics, GraphicsVerdict, i).judgement;
        g_assert_cmpuint(other->reasons->len, ==, first->reasons->len);
        for (guint j = 0; j < first->reasons->len; j++)
            g_assert_true(other->reasons->pdata[j] == first->reasons->pdata[j]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/verdict/worst", worst_is_no_then_unknown_then_limited);
    g_test_add_func("/verdict/kvm", without_kvm_it_is_limited);
    g_test_add_func("/verdict/software", missing_software_is_named_and_judged_past);
    g_test_add_func("/verdict/memory", too_little_memory_is_no);
    g_test_add_func("/verdict/dual-amd", dual_amd_desktop_says_yes);
    g_test_add_func("/verdict/only-card", the_only_card_in_use_leaves_the_emulated_display);
    g_test_add_func("/verdict/emulated-display", an_emulated_display_is_no_card);
    g_test_add_func("/verdict/overall/no-card", no_card_is_said_of_whole_lists_only);
    g_test_add_func("/verdict/graphics/by-number", a_card_is_known_by_its_numbers);
    g_test_add_func("/verdict/cards", cards_run_where_their_driver_is);
    g_test_add_func("/verdict/revisions", revisions_decide);
    g_test_add_func("/verdict/makers", makers_limit_a_card);
    g_test_add_func("/verdict/notebooks", notebooks_need_wired_displays);
    g_test_add_func("/verdict/twins", twins_are_told_apart);
    g_test_add_func("/verdict/resets", resets_limit_a_card);
    g_test_add_func("/verdict/large-bars", large_bars_are_noted);
    g_test_add_func("/verdict/no-facts", without_facts_nothing_is_claimed);
    g_test_add_func("/verdict/pasted", pasted_lists_leave_passing_unknown);
    g_test_add_func("/verdict/names", names_cannot_break_out);
    g_test_add_func("/verdict/many-cards", many_cards_share_their_reasons);
    int failed = g_test_run();
    catalog_free(catalog);
    return failed;
}
