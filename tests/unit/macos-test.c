/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"
#include "verdict/verdict.h"

#include <string.h>

/* What does macOS make of a device that is no graphics card? */

#define DEVICE "0000:03:00.0"
#define OTHER "0000:04:00.0"

enum {
    CLASS_NVME = 0x0108,
    CLASS_NETWORK = 0x0200,
    CLASS_WIRELESS = 0x0280,
    CLASS_SOUND = 0x0403,
    CLASS_USB = 0x0c03
};

static Catalog *catalog;

static const char *version(const Release *release)
{
    return release != NULL ? release->version : "none";
}

/* "limited 10.9..26 needs 'the kext IntelMausi'" */
static char *as_text(const MacosVerdict *macos)
{
    g_test_message("%s", macos->advice);
    return g_strdup_printf("%s %s..%s needs '%s'", answer_name(macos->answer),
                           version(macos->first), version(macos->last), macos->needs);
}

/* ADVICE: a part of it; NULL: whatever. */
static void assert_macos(const MacosVerdict *macos, const char *expected, const char *advice)
{
    g_autofree char *text = as_text(macos);
    g_assert_true(macos->judged);
    g_assert_cmpstr(text, ==, expected);
    if (advice != NULL)
        g_assert_nonnull(strstr(macos->advice, advice));
}

static void assert_device(const Facts *facts, const char *expected, const char *advice)
{
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    assert_macos(&verdict_device(verdict, DEVICE)->macos, expected, advice);
}

static PciFunction *add(Facts *facts, int class, int vendor, int device)
{
    return host_pci(facts, DEVICE, class, vendor, device, 7);
}

static void kexts_and_their_releases(void)
{
    g_autoptr(Facts) facts = host_new();
    add(facts, CLASS_NETWORK, 0x8086, 0x15b8);
    assert_device(facts, "limited 10.9..26 needs 'the kext IntelMausi'", NULL);
}

/* The answer holds for all releases of the range, and each part keeps its own. */
static void spans_of_releases(void)
{
    g_autoptr(Facts) facts = host_new();
    add(facts, CLASS_NETWORK, 0x8086, 0x1533);
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    const MacosVerdict *macos = &verdict_device(verdict, DEVICE)->macos;

    assert_macos(macos, "limited 10.13..26 needs '13 to 26: the kext AppleIGB'", "X570");
    g_assert_cmpuint(macos->spans->len, ==, 2);
    const MacosSpan *native = &g_array_index(macos->spans, MacosSpan, 0);
    g_assert_cmpint(native->answer, ==, ANSWER_YES);
    g_assert_cmpstr(native->last->version, ==, "12");
    g_assert_cmpstr(native->needs, ==, "");
}

static void samsung_by_subsystem(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *disk = add(facts, CLASS_NVME, 0x144d, 0xa808);

    disk->subsystem_vendor = 0x144d;
    disk->subsystem_device = 0xa811;
    assert_device(facts, "no none..none needs ''", "stop macOS with a panic");
    disk->subsystem_device = 0xa801;
    assert_device(facts, "limited 10.13..26 needs 'the newest firmware, if it is a 970 EVO Plus'",
                  NULL);
    disk->subsystem_vendor = 0x1028;
    assert_device(facts, "unknown none..none needs ''", "May be a PM981");
    disk->subsystem_vendor = disk->subsystem_device = UNKNOWN;
    assert_device(facts, "unknown none..none needs ''", "lspci -nnv");
    assert_device(facts, "unknown none..none needs ''", "Samsung PM981: no.");
}

/* A subsystem that only decides how well it does makes nothing unknown. */
static void airport_cards_by_subsystem(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *card = add(facts, CLASS_WIRELESS, 0x14e4, 0x43a0);

    assert_device(facts, "limited 10.8..13 needs 'the kext AirportBrcmFixup'", "From 14 on");
    card->subsystem_vendor = 0x106b;
    card->subsystem_device = 0x0111;
    assert_device(facts, "yes 10.8..13 needs ''", "From 14 on");
}

static void what_no_table_names_is_unknown(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *disk = add(facts, CLASS_NVME, 0x1234, 0x5678);

    disk->vendor = 0x1cc4;
    disk->class_code = 0x010802;
    assert_device(facts, "unknown none..none needs ''", "since 10.13");
    disk->class_code = 0x118000;
    assert_device(facts, "unknown none..none needs ''", NULL);
    disk->class_code = UNKNOWN;
    assert_device(facts, "unknown none..none needs ''", NULL);
    disk->class_code = 0x010802;
    disk->device = UNKNOWN;
    assert_device(facts, "unknown none..none needs ''", "Its ids are unknown");
}

static void emulated_devices_are_said_to_be(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *card = add(facts, CLASS_NETWORK, 0x1af4, 0x1041);

    assert_device(facts, "unknown none..none needs ''", "Is emulated by QEMU");
    card->vendor = 0x8086;
    card->device = 0x100e;
    card->subsystem_vendor = 0x1af4;
    card->subsystem_device = 0x1100;
    assert_device(facts, "unknown none..none needs ''", "Is emulated by QEMU");
}

static void bridges_and_cards_have_rules_of_their_own(void)
{
    g_autoptr(Facts) facts = host_new();
    host_pci(facts, "0000:00:01.0", 0x0604, 0x8086, 0x1901, 1);
    host_pci(facts, "0000:01:00.0", 0x0300, 0x1002, 0x73ff, 2);
    host_pci(facts, "0000:01:00.1", CLASS_SOUND, 0x1002, 0xab28, 2);
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);
    for (guint i = 0; i < verdict->devices->len; i++)
        g_assert_false(((const DeviceVerdict *)verdict->devices->pdata[i])->macos.judged);
}

static void methods(PciFunction *function, const char *words)
{
    g_strfreev(function->reset_methods);
    function->reset_methods = words != NULL ? host_words(words) : NULL;
}

/* Matisse's USB controller hangs when it is reset on its own. */
static void resets_that_hang(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *usb = add(facts, CLASS_USB, 0x1022, 0x149c);

    methods(usb, "pm bus");
    assert_device(facts, "yes 10.15..26 needs ''", "this kernel does without");
    methods(usb, "flr bus");
    assert_device(facts, "no none..none needs ''", "Leave it to the host: this kernel resets it");
    methods(usb, NULL);
    assert_device(facts, "limited 10.15..26 needs ''", "Linux before 5.8 may reset it");
    methods(usb, "reset"); /* a kernel that does not name them */
    facts->kernel.release = g_strdup("5.10.0-28-amd64");
    assert_device(facts, "yes 10.15..26 needs ''", "this kernel does without");
    g_free(facts->kernel.release);
    facts->kernel.release = g_strdup("5.4.0-100-generic"); /* which may have got the change */
    assert_device(facts, "limited 10.15..26 needs ''", "Linux before 5.8 may reset it");
}

static void sound_by_codec(void)
{
    static const char UNKNOWN_CODEC[] = "unknown none..none needs ''";
    g_autoptr(Facts) facts = host_new();
    add(facts, CLASS_SOUND, 0x8086, 0xa348);

    assert_device(facts, UNKNOWN_CODEC, "Which codec hangs on it is unknown");
    AudioCodec *codec = host_codec(facts, DEVICE, "Intel Kabylake HDMI", 0x8086280b);
    assert_device(facts, UNKNOWN_CODEC, "Only the sound of displays");
    codec->vendor = 0x10ec;
    codec->device = 0x1168;
    assert_device(facts,
                  "limited 10.12..15 needs 'AppleALC and one of its layout-ids for Realtek "
                  "ALCS1220A'",
                  "AppleHDA");
    codec->device = 0xfffe;
    assert_device(facts, "no none..none needs ''", "AppleALC has no layout-id for its codec");
    codec->vendor = codec->device = UNKNOWN;
    g_free(codec->name);
    codec->name = g_strdup("ALC1220"); /* two are called so */
    assert_device(facts, UNKNOWN_CODEC, "does not tell which codec");
}

/* Text that somebody pasted does not tell which controller a codec is on. */
static void codecs_without_a_place(void)
{
    g_autoptr(Facts) facts = host_new();
    add(facts, CLASS_SOUND, 0x8086, 0xa348);
    host_codec(facts, NULL, "ALC892", 0);
    assert_device(facts,
                  "limited 10.12..15 needs 'AppleALC and one of its layout-ids for Realtek ALC892'",
                  NULL);

    AudioCodec *second = host_codec(facts, NULL, "Realtek ALC887", 0x10ec0887);
    assert_device(facts, "unknown none..none needs ''", "Which codec hangs on it");
    second->vendor = 0x8086; /* a display's */
    assert_device(facts,
                  "limited 10.12..15 needs 'AppleALC and one of its layout-ids for Realtek ALC892'",
                  NULL);
    host_pci(facts, OTHER, CLASS_SOUND, 0x1022, 0x1487, 8);
    assert_device(facts, "unknown none..none needs ''", "Which codec hangs on it");
}

static const UsbVerdict *usb_verdict(const Verdict *verdict, guint index)
{
    return g_ptr_array_index(verdict->usb, index);
}

static void bluetooth(void)
{
    g_autoptr(Facts) facts = host_new();
    add(facts, CLASS_USB, 0x8086, 0xa12f);
    host_usb(facts, DEVICE, 0x0a5c, 0x21e8);
    UsbDevice *nameless = host_usb(facts, NULL, 0x1111, 0x2222);
    nameless->interfaces = host_words("080650 e00101");
    host_usb(facts, OTHER, 0x046d, 0xc52b);
    g_autoptr(Verdict) verdict = verdict_make(facts, catalog);

    assert_macos(&usb_verdict(verdict, 0)->macos,
                 "limited 10.10..26 needs 'BrcmPatchRAM, and from 12 on BlueToolFixup'", NULL);
    g_assert_true(usb_verdict(verdict, 0)->controller == verdict_device(verdict, DEVICE));
    assert_macos(&usb_verdict(verdict, 1)->macos, "unknown none..none needs ''",
                 "No table knows this adapter");
    g_assert_null(usb_verdict(verdict, 1)->controller);
    g_assert_cmpstr(usb_verdict(verdict, 2)->macos.advice, ==, "");
    g_assert_null(usb_verdict(verdict, 2)->controller);

    g_autoptr(Facts) none = host_new();
    g_autoptr(Verdict) unknown = verdict_make(none, catalog);
    g_assert_null(unknown->usb);
    g_assert_null(unknown->codecs);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(&error);
    g_assert_no_error(error);
    g_test_add_func("/macos/kexts", kexts_and_their_releases);
    g_test_add_func("/macos/spans", spans_of_releases);
    g_test_add_func("/macos/samsung", samsung_by_subsystem);
    g_test_add_func("/macos/airport", airport_cards_by_subsystem);
    g_test_add_func("/macos/unknown", what_no_table_names_is_unknown);
    g_test_add_func("/macos/emulated", emulated_devices_are_said_to_be);
    g_test_add_func("/macos/not-judged", bridges_and_cards_have_rules_of_their_own);
    g_test_add_func("/macos/resets", resets_that_hang);
    g_test_add_func("/macos/sound", sound_by_codec);
    g_test_add_func("/macos/codecs-without-a-place", codecs_without_a_place);
    g_test_add_func("/macos/bluetooth", bluetooth);
    int failed = g_test_run();
    catalog_free(catalog);
    return failed;
}
