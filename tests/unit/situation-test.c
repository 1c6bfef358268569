/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "verdict/verdict.h"

#include <string.h>

/* Whose each graphics card is, and what to know before one goes to a guest. */

#define IGPU "0000:00:02.0"
#define FIRST "0000:03:00.0"
#define SECOND "0000:04:00.0"

static Catalog *catalog;

static PciFunction *add_card(Facts *facts, const char *address, int vendor, int device, int group)
{
    return host_pci(facts, address, 0x0300, vendor, device, group);
}

static bool says(const GPtrArray *sentences, const char *words)
{
    for (guint i = 0; i < sentences->len; i++) {
        if (strstr(g_ptr_array_index(sentences, i), words) != NULL)
            return true;
    }
    return false;
}

static void assert_card(const DeviceVerdict *card, const char *address)
{
    g_assert_cmpstr(card != NULL ? card->function->address : NULL, ==, address);
}

/* GUEST and HOST may be NULL. ADVICE: words of one piece of it; NULL: there is none at all. */
static void assert_situation(const Facts *facts, const char *kind, const char *guest,
                             const char *host, const char *advice)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const Situation *situation = &verdict->situation;

    g_test_message("%s: %s", situation->kind, situation->text);
    for (guint i = 0; i < situation->advice->len; i++)
        g_test_message("- %s", (const char *)g_ptr_array_index(situation->advice, i));
    g_assert_cmpstr(situation->kind, ==, kind);
    assert_card(situation->guest, guest);
    assert_card(situation->host, host);
    if (advice == NULL)
        g_assert_cmpuint(situation->advice->len, ==, 0);
    else
        g_assert_true(says(situation->advice, advice));
}

static void two_cards(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *nvidia = add_card(facts, FIRST, 0x10de, 0x128b, 12); /* GT 710 */
    PciFunction *amd = add_card(facts, SECOND, 0x1002, 0x73ff, 13);   /* RX 6600 */

    nvidia->boot_vga = TRI_YES;
    assert_situation(facts, "dual-gpu", SECOND, FIRST, NULL);
    /* the good one is what the firmware starts on */
    nvidia->boot_vga = TRI_NO;
    amd->boot_vga = TRI_YES;
    assert_situation(facts, "dual-gpu", SECOND, FIRST,
                     "Make " FIRST " the primary display in its set-up, or let the cards change");
    /* a session runs there, though the firmware starts on the other */
    nvidia->boot_vga = TRI_YES;
    amd->boot_vga = TRI_NO;
    host_display(facts, SECOND, TRI_NO, TRI_YES);
    assert_situation(facts, "dual-gpu", SECOND, FIRST, "plug the monitor into " FIRST);
}

/* Two that macOS drives equally long: the one that can go at once. */
static void the_free_one_goes(void)
{
    g_autoptr(Facts) facts = host_new();
    add_card(facts, FIRST, 0x1002, 0x73ff, 12);
    host_driver(add_card(facts, SECOND, 0x1002, 0x73ff, 13), "vfio-pci");

    assert_situation(facts, "dual-gpu", SECOND, FIRST, NULL);
    host_display(facts, SECOND, TRI_YES, TRI_NO);
    assert_situation(facts, "dual-gpu", FIRST, SECOND, NULL);
}

static void integrated_and_card(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *integrated = add_card(facts, IGPU, 0x8086, 0x3e92, 1);
    PciFunction *card = add_card(facts, FIRST, 0x1002, 0x67df, 2);

    integrated->boot_vga = TRI_YES;
    assert_situation(facts, "integrated-and-card", FIRST, IGPU, NULL);
    integrated->boot_vga = TRI_NO;
    card->boot_vga = TRI_YES;
    assert_situation(facts, "integrated-and-card", FIRST, IGPU, "plug the host's monitor");
    card->boot_vga = integrated->boot_vga = TRI_UNKNOWN;
    assert_situation(facts, "integrated-and-card", FIRST, IGPU,
                     "which card it starts on is unknown");
}

/* A server's board has a picture for its management controller: no card for a guest, and all that
 * the host needs. */
static void server(void)
{
    static const int DISPLAYS[][2] = {{0x1a03, 0x2000}, {0x102b, 0x0522}, {0x102b, 0x0536}};

    for (guint i = 0; i < G_N_ELEMENTS(DISPLAYS); i++) {
        g_autoptr(Facts) facts = host_new();
        add_card(facts, FIRST, DISPLAYS[i][0], DISPLAYS[i][1], 10)->boot_vga = TRI_YES;
        assert_situation(facts, "no-fitting-card", NULL, FIRST, "rootstock gpus");
        add_card(facts, SECOND, 0x1002, 0x687f, 13);
        assert_situation(facts, "server", SECOND, FIRST, NULL);
    }
}

/* The only card: a guest can have it, and the host has no picture then. */
static void single(void)
{
    g_autoptr(Facts) facts = host_new();
    add_card(facts, FIRST, 0x1002, 0x73ff, 12)->boot_vga = TRI_YES;

    assert_situation(facts, "single-gpu", FIRST, NULL, "any second card");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_assert_true(says(verdict_device(verdict, FIRST)->against,
                       "the only one of this host, which has no picture while a guest has it"));
    /* of a part of a list nobody knows that it is the only one */
    facts->pci_complete = facts->iommu.complete = TRI_UNKNOWN;
    assert_situation(facts, "unknown", FIRST, NULL, NULL);
    g_autoptr(Verdict) part = verdict_make(facts, catalog);
    g_assert_false(says(verdict_device(part, FIRST)->against, "only one"));
}

static void nothing_that_fits(void)
{
    g_autoptr(Facts) none = host_new();
    assert_situation(none, "no-card", NULL, NULL, "rootstock gpus");
    none->pci_complete = none->iommu.complete = TRI_UNKNOWN;
    assert_situation(none, "unknown", NULL, NULL, NULL);

    g_autoptr(Facts) integrated = host_new();
    add_card(integrated, IGPU, 0x8086, 0x3e92, 1);
    assert_situation(integrated, "no-fitting-card", NULL, IGPU, "rootstock gpus");

    g_autoptr(Facts) strange = host_new();
    add_card(strange, FIRST, 0xabcd, 0x1234, 1);
    assert_situation(strange, "unknown", NULL, FIRST, NULL);

    g_autoptr(Facts) unread = host_new();
    g_clear_pointer(&unread->pci, g_ptr_array_unref);
    assert_situation(unread, "unknown", NULL, NULL, NULL);

    g_autoptr(Facts) guest = host_new();
    add_card(guest, FIRST, 0x1b36, 0x0100, 1);
    assert_situation(guest, "virtual-machine", NULL, FIRST, "hypervisor");
}

/* A notebook's second chip has no display of its own, or one behind a MUX. */
static void notebooks(void)
{
    g_autoptr(Facts) optimus = host_new();
    add_card(optimus, IGPU, 0x8086, 0x9a49, 0);
    host_pci(optimus, FIRST, 0x0302, 0x10de, 0x1f97, 1);
    assert_situation(optimus, "notebook", NULL, IGPU, "another computer");

    optimus->firmware.chassis = 3; /* a desktop with a card for computing */
    assert_situation(optimus, "no-fitting-card", NULL, IGPU, "rootstock gpus");

    g_autoptr(Facts) mux = host_new();
    add_card(mux, IGPU, 0x8086, 0x3e9b, 0);
    PciFunction *card = add_card(mux, FIRST, 0x1002, 0x73ff, 1);
    mux->firmware.chassis = 10;
    assert_situation(mux, "notebook", FIRST, IGPU, "MUX");
    mux->firmware.chassis = UNKNOWN;
    assert_situation(mux, "integrated-and-card", FIRST, IGPU, NULL);
    card->device_name = g_strdup("GP107M [GeForce GTX 1050 Mobile]");
    assert_situation(mux, "notebook", FIRST, IGPU, "MUX");
}

/* The card's group has the chipset in it: another slot and a newer firmware come before anything
 * that hides it. */
static void crowded_groups(void)
{
    g_autoptr(Facts) facts = host_new();
    add_card(facts, FIRST, 0x10de, 0x1e84, 14)->boot_vga = TRI_YES; /* RTX 2070 SUPER */
    add_card(facts, SECOND, 0x10de, 0x128b, 13);
    host_pci(facts, "0000:04:00.1", 0x0403, 0x10de, 0x0e0f, 13);
    host_pci(facts, "0000:02:00.1", 0x0106, 0x1022, 0x43eb, 13);
    host_mount(host_block(facts, "sda", BLOCK_DISK, NULL, "0000:02:00.1"), "/");

    assert_situation(facts, "dual-gpu", SECOND, FIRST, "Put the card into another slot");
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    g_assert_true(says(verdict->situation.advice, "group 13 has 1 more function beside"));
    g_assert_true(says(verdict->situation.advice, "Releases after macOS 11 need another card"));
}

static const Judgement *judgement_of(const Verdict *verdict, const char *address)
{
    const ReleaseVerdict *release = verdict_release(verdict, catalog_release(catalog, "mojave"));
    for (guint i = 0; i < release->graphics->len; i++) {
        const GraphicsVerdict *graphics = &g_array_index(release->graphics, GraphicsVerdict, i);
        if (strcmp(graphics->device->function->address, address) == 0)
            return &graphics->judgement;
    }
    g_error("%s is no card", address);
}

/* What WORDS says of the first card, for the release that all cards of these tests run. */
static void assert_noted(const Facts *facts, const char *words, bool noted)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const GPtrArray *reasons = judgement_of(verdict, FIRST)->reasons;

    for (guint i = 0; i < reasons->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(reasons, i));
    g_assert_cmpint(says(reasons, words), ==, noted);
}

static Facts *host_with_polaris(void)
{
    Facts *facts = host_new();
    add_card(facts, FIRST, 0x1002, 0x67df, 12);
    host_pci(facts, "0000:03:00.1", 0x0403, 0x1002, 0xaaf0, 12);
    return facts;
}

static void drivers_are_named(void)
{
    g_autoptr(Facts) facts = host_with_polaris();
    PciFunction *card = g_ptr_array_index(facts->pci, 0), *sound = g_ptr_array_index(facts->pci, 1);

    card->modules = host_words("amdgpu");
    sound->modules = host_words("snd_hda_intel");
    host_driver(card, "amdgpu");
    host_driver(sound, "snd_hda_intel");
    assert_noted(facts, "amdgpu (" FIRST "), snd_hda_intel (0000:03:00.1)", true);
    g_autoptr(Verdict) bound = verdict_make(facts, catalog);
    const DeviceVerdict *device = verdict_device(bound, FIRST);
    g_assert_cmpint(device->held, ==, TRI_YES);
    g_assert_cmpstr(g_ptr_array_index(device->claims, 0), ==, "amdgpu");

    /* free by hand: not any more after a restart */
    host_driver(card, "vfio-pci");
    host_driver(sound, "vfio-pci");
    assert_noted(facts, "when the host starts again its drivers would claim the card", true);
    g_autoptr(Verdict) freed = verdict_make(facts, catalog);
    g_assert_cmpint(verdict_device(freed, FIRST)->held, ==, TRI_NO);

    /* told to vfio-pci, or kept from loading */
    facts->kernel.command_line = g_strdup("ro\r\fvfio_pci.ids=1002:67DF,1002:aaf0\fquiet");
    assert_noted(facts, "would claim the card", false);
    g_autoptr(Verdict) told = verdict_make(facts, catalog);
    g_assert_cmpstr(g_ptr_array_index(verdict_device(told, FIRST)->claims, 0), ==, "vfio-pci");
    g_free(facts->kernel.command_line);
    facts->kernel.command_line =
        g_strdup("modprobe.blacklist=radeon,amdgpu module_blacklist=snd_hda_intel");
    assert_noted(facts, "would claim the card", false);
    g_autoptr(Verdict) kept = verdict_make(facts, catalog);
    g_assert_cmpuint(verdict_device(kept, FIRST)->claims->len, ==, 0);
}

static void rom_and_frame_buffer(void)
{
    g_autoptr(Facts) facts = host_with_polaris();
    PciFunction *card = g_ptr_array_index(facts->pci, 0);

    assert_noted(facts, "ROM", false);
    card->boot_vga = TRI_YES;
    assert_noted(facts, "may read a used copy of its ROM", true);
    card->boot_vga = TRI_NO;
    card->rom_size = 0;
    assert_noted(facts, "shows no ROM", true);

    assert_noted(facts, "frame buffer", false);
    host_display(facts, FIRST, TRI_NO, TRI_NO);
    assert_noted(facts, "the firmware's frame buffer (card0) is still drawn on", true);
    host_driver(card, "amdgpu"); /* its own driver draws */
    assert_noted(facts, "frame buffer", false);
}

static void reset_bug(void)
{
    g_autoptr(Facts) facts = host_with_polaris();
    PciFunction *card = g_ptr_array_index(facts->pci, 0);

    assert_noted(facts, "vendor-reset", true);
    assert_noted(facts, "signed", false);
    facts->firmware.secure_boot = TRI_YES;
    assert_noted(facts, "signed", true);
    g_strfreev(card->reset_methods);
    card->reset_methods = host_words("device_specific bus");
    assert_noted(facts, "a reset of its own", true);

    /* Hawaii has the bug, and vendor-reset does not know it */
    g_strfreev(card->reset_methods);
    card->reset_methods = host_words("bus");
    card->device = 0x67b0;
    assert_noted(facts, "no module is known that mends it", true);
    assert_noted(facts, "vendor-reset", false);
}

/* What was seen counts against every table. */
static void a_reset_that_failed(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *card = add_card(facts, FIRST, 0x1002, 0x73ff, 12);
    g_autoptr(Verdict) before = verdict_make(facts, catalog);
    g_assert_cmpstr(verdict_device(before, FIRST)->reset, ==, "ok");

    card->reset_failed = TRI_YES;
    g_autoptr(Verdict) after = verdict_make(facts, catalog);
    const Release *sonoma = catalog_release(catalog, "sonoma");
    const GArray *graphics = verdict_release(after, sonoma)->graphics;
    const Judgement *judgement = &g_array_index(graphics, GraphicsVerdict, 0).judgement;
    g_assert_cmpstr(verdict_device(after, FIRST)->reset, ==, "bug");
    g_assert_cmpint(judgement->answer, ==, ANSWER_LIMITED);
    g_assert_true(says(judgement->reasons, "was seen not to come back"));
}

/* Two cards of one driver: a blacklist would take both. */
static void sisters(void)
{
    g_autoptr(Facts) facts = host_with_polaris();
    PciFunction *other = add_card(facts, SECOND, 0x1002, 0x699f, 13);

    other->boot_vga = TRI_YES;
    assert_noted(facts, "takes the host's picture away", true);
    other->device = 0x67df;
    assert_noted(facts, "only the address tells them apart", true);
    other->vendor = 0x10de;
    other->device = 0x128b;
    assert_noted(facts, "takes the host's picture away", false);
}

/* The sound of Intel's cards is on a bus of its own behind the card's switch. */
static void arc(void)
{
    g_autoptr(Facts) facts = host_new();
    add_card(facts, IGPU, 0x8086, 0x4680, 0);
    add_card(facts, FIRST, 0x8086, 0x56a6, 20);
    host_pci(facts, "0000:04:00.0", 0x0403, 0x8086, 0x4f92, 21);
    host_pci(facts, "0000:80:1f.3", 0x0403, 0x8086, 0x7f50, 22); /* the board's */

    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const DeviceVerdict *card = verdict_device(verdict, FIRST);
    g_assert_cmpint(verdict_device(verdict, "04:00.0")->role, ==, ROLE_GPU_AUDIO);
    g_assert_true(verdict_device(verdict, "04:00.0")->card == card);
    g_assert_cmpuint(card->with->len, ==, 1);
    g_assert_cmpint(verdict_device(verdict, "80:1f.3")->role, ==, ROLE_AUDIO);
    g_assert_cmpuint(verdict_device(verdict, IGPU)->with->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/situation/two-cards", two_cards);
    g_test_add_func("/situation/free-one", the_free_one_goes);
    g_test_add_func("/situation/integrated", integrated_and_card);
    g_test_add_func("/situation/server", server);
    g_test_add_func("/situation/single", single);
    g_test_add_func("/situation/nothing", nothing_that_fits);
    g_test_add_func("/situation/notebook", notebooks);
    g_test_add_func("/situation/crowded-group", crowded_groups);
    g_test_add_func("/card/drivers", drivers_are_named);
    g_test_add_func("/card/rom", rom_and_frame_buffer);
    g_test_add_func("/card/reset-bug", reset_bug);
    g_test_add_func("/card/reset-failed", a_reset_that_failed);
    g_test_add_func("/card/sisters", sisters);
    g_test_add_func("/card/arc", arc);
    int failed = g_test_run();
    catalog_free(catalog);
    return failed;
}
