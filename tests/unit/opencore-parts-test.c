/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files of the boot loader a machine gets, what headers of programs are taken, and what kexts
 * link with. */
#include "sample.h"

#include "base/error.h"
#include "opencore/binary.h"
#include "opencore/kext.h"
#include "opencore/parts.h"

#include <string.h>

typedef struct {
    Sample sample;
    Parts *parts;
    Machine *machine;
    Traits *traits;
    GPtrArray *choices;
} Given;

static void given_open(Given *given, const char *os, const char *gpus)
{
    g_autoptr(GError) error = NULL;
    *given = (Given){0};
    sample_open(&given->sample);
    given->machine = sample_machine(&given->sample, os, gpus, true, &error);
    g_assert_no_error(error);
    given->parts = parts_load(&error);
    g_assert_no_error(error);
}

static bool choose(Given *given, GError **error)
{
    g_clear_pointer(&given->choices, g_ptr_array_unref);
    g_clear_pointer(&given->traits, traits_free);
    given->traits = traits_new(given->machine, given->sample.catalog);
    given->choices = parts_choose(given->parts, given->traits, given->machine, error);
    return given->choices != NULL;
}

static void given_close(Given *given)
{
    g_clear_pointer(&given->choices, g_ptr_array_unref);
    g_clear_pointer(&given->traits, traits_free);
    parts_free(given->parts);
    machine_free(given->machine);
    sample_close(&given->sample);
}

/* The names of the chosen files of KIND, with spaces between. */
static char *names(const Given *given, PartKind kind)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < given->choices->len; i++) {
        const PartChoice *choice = g_ptr_array_index(given->choices, i);
        if (choice->file->kind == kind)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", choice->file->name);
    }
    return g_string_free(text, FALSE);
}

static void assert_kexts(const char *os, int card, const char *expected)
{
    g_autoptr(GError) error = NULL;
    Given given;
    given_open(&given, os, card != 0 ? "0000:0a:00.0" : NULL);
    for (guint i = 0; i < given.machine->devices->len; i++) {
        MachineDevice *device = g_ptr_array_index(given.machine->devices, i);
        if (device->role == ROLE_GPU) {
            device->vendor = card >> 16;
            device->device = card & 0xffff;
        }
    }
    choose(&given, &error);
    g_assert_no_error(error);
    g_autofree char *kexts = names(&given, FILE_KEXT);
    g_assert_cmpstr(kexts, ==, expected);
    given_close(&given);
}

static void kexts_follow_release_and_card(void)
{
    const int navi_23 = 0x100273ff, navi_22 = 0x100273df, kepler = 0x10de1180;
    const int polaris = 0x100267df;

    assert_kexts("tiger", 0, "Lilu.kext VirtualSMC.kext");
    assert_kexts("high-sierra", 0, "Lilu.kext VirtualSMC.kext");
    assert_kexts("high-sierra", kepler, "Lilu.kext VirtualSMC.kext WhateverGreen.kext");
    assert_kexts("catalina", 0, "Lilu.kext VirtualSMC.kext RestrictEvents.kext");
    assert_kexts("sonoma", navi_23,
                 "Lilu.kext VirtualSMC.kext WhateverGreen.kext RestrictEvents.kext "
                 "AppleMCEReporterDisabler.kext");
    /* NootRX and WhateverGreen do not get along. */
    assert_kexts("sonoma", navi_22,
                 "Lilu.kext VirtualSMC.kext NootRX.kext RestrictEvents.kext "
                 "AppleMCEReporterDisabler.kext");
    /* WhateverGreen can panic with 26: only where the picture needs it. */
    assert_kexts("tahoe", polaris,
                 "Lilu.kext VirtualSMC.kext RestrictEvents.kext AppleMCEReporterDisabler.kext");
    assert_kexts("tahoe", navi_23,
                 "Lilu.kext VirtualSMC.kext WhateverGreen.kext RestrictEvents.kext "
                 "AppleMCEReporterDisabler.kext");
}

static void drivers_follow_release(void)
{
    Given given;
    given_open(&given, "lion", NULL);
    g_assert_true(choose(&given, NULL));
    g_autofree char *old = names(&given, FILE_DRIVER);
    g_assert_cmpstr(old, ==,
                    "OpenRuntime.efi OpenHfsPlus.efi OpenPartitionDxe.efi ResetNvramEntry.efi");
    given_close(&given);
    given_open(&given, "sonoma", NULL);
    g_assert_true(choose(&given, NULL));
    g_autofree char *new = names(&given, FILE_DRIVER);
    g_assert_cmpstr(new, ==, "OpenRuntime.efi OpenHfsPlus.efi ResetNvramEntry.efi");
    given_close(&given);
}

static void set_list(GStrv *list, const char *text)
{
    g_strfreev(*list);
    *list = g_strsplit(text, " ", -1);
}

static void what_is_asked_for_comes_with_its_needs(void)
{
    g_autoptr(GError) error = NULL;
    Given given;
    given_open(&given, "monterey", NULL);
    MachineOpenCore *chosen = &given.machine->opencore;

    set_list(&chosen->add, "NVMeFix.kext");
    set_list(&chosen->leave_out, "VirtualSMC.kext RestrictEvents.kext");
    choose(&given, &error);
    g_assert_no_error(error);
    g_autofree char *kexts = names(&given, FILE_KEXT);
    g_assert_cmpstr(kexts, ==, "Lilu.kext AppleMCEReporterDisabler.kext NVMeFix.kext");

    set_list(&chosen->leave_out, "Lilu.kext");
    g_assert_false(choose(&given, &error));
    g_assert_true(error_code(error) == ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "leaves 'Lilu.kext' out"));
    g_clear_error(&error);

    set_list(&chosen->leave_out, "");
    set_list(&chosen->add, "CryptexFixup.kext"); /* of 13 and later */
    g_assert_false(choose(&given, &error));
    g_assert_nonnull(strstr(error->message, "not for macOS 12 Monterey"));
    g_clear_error(&error);

    set_list(&chosen->add, "Nonsense.kext");
    g_assert_false(choose(&given, &error));
    g_assert_nonnull(strstr(error->message, "'Nonsense.kext'"));
    given_close(&given);
}

static void the_log_is_another_archive(void)
{
    Given given;
    given_open(&given, "sonoma", NULL);
    for (guint i = 0; i < 2; i++) {
        given.machine->opencore.log = i == 0 ? TRI_UNKNOWN : TRI_NO;
        g_assert_true(choose(&given, NULL));
        g_autoptr(GPtrArray) used = parts_of(given.parts, given.choices);
        const Part *first = g_ptr_array_index(used, 0);
        g_assert_cmpstr(first->name, ==, i == 0 ? "OpenCore-DEBUG" : "OpenCore");
        g_assert_cmpuint(used->len, ==, 4);
    }
    given_close(&given);
}

/* Every family that a rule names must be one of the catalog; a rule of another would be dead. */
static void rules_name_families_that_there_are(void)
{
    Given given;
    given_open(&given, "sonoma", NULL);
    for (guint i = 0; i < given.parts->files->len; i++) {
        const PartFile *file = g_ptr_array_index(given.parts->files, i);
        g_autofree char *all = g_strjoinv("+", file->when);
        g_auto(GStrv) words = g_strsplit_set(all, "+!", -1);
        for (char **word = words; *word != NULL; word++) {
            if (!g_str_has_prefix(*word, "family:"))
                continue;
            bool found = false;
            for (guint j = 0; j < given.sample.catalog->families->len; j++) {
                const GraphicsFamily *family = g_ptr_array_index(given.sample.catalog->families, j);
                found |= g_pattern_match_simple(*word + strlen("family:"), family->id);
            }
            if (!found)
                g_error("%s: %s", file->name, *word);
        }
    }
    given_close(&given);
}

/* --- headers */

static void put32(guint8 *at, guint32 value, bool big)
{
    for (guint i = 0; i < 4; i++)
        at[i] = (guint8)(value >> (big ? 24 - 8 * i : 8 * i));
}

/* A fat file with an i386 and an x86_64 part of 64 bytes. */
static void make_fat(guint8 data[256])
{
    memset(data, 0, 256);
    put32(data, 0xcafebabe, true);
    put32(data + 4, 2, true);
    for (guint i = 0; i < 2; i++) {
        guint8 *entry = data + 8 + 20 * i, *part = data + 64 + 64 * i;
        put32(entry, i == 0 ? 7 : 0x01000007, true);
        put32(entry + 8, 64 + 64 * i, true);
        put32(entry + 12, 64, true);
        put32(part, i == 0 ? 0xfeedface : 0xfeedfacf, false);
        put32(part + 4, i == 0 ? 7 : 0x01000007, false);
        put32(part + 12, i == 0 ? 1 : 11, false);
    }
}

static guint macho(const guint8 *data, gsize length)
{
    return binary_macho(data, length, "x", NULL);
}

static void mach_o_headers_are_read(void)
{
    guint8 data[256];
    make_fat(data);
    g_assert_cmpuint(macho(data, 192), ==, BINARY_I386 | BINARY_X86_64);
    g_assert_cmpuint(macho(data + 64, 64), ==, BINARY_I386);
    g_assert_cmpuint(macho(data + 128, 64), ==, BINARY_X86_64);

    for (gsize length = 0; length < 192; length++)
        g_assert_cmpuint(macho(data, length), ==, 0); /* cut off */
    put32(data + 8 + 8, 0xfffffff0, true);            /* an offset beyond the end */
    g_assert_cmpuint(macho(data, 192), ==, 0);
    make_fat(data);
    put32(data + 128 + 12, 2, false); /* a program, not a kext */
    g_assert_cmpuint(macho(data, 192), ==, 0);
    make_fat(data);
    put32(data + 4, 0x10000000, true);
    g_assert_cmpuint(macho(data, 192), ==, 0);
    make_fat(data);
    put32(data + 64 + 20, 60, false); /* commands beyond the end */
    g_assert_cmpuint(macho(data, 192), ==, 0);
}

static void make_efi(guint8 data[512], guint machine, guint subsystem)
{
    memset(data, 0, 512);
    memcpy(data, "MZ", 2);
    put32(data + 0x3c, 0x80, false);
    memcpy(data + 0x80, "PE\0\0", 4);
    put32(data + 0x84, machine | 1 << 16, false); /* one section */
    data[0x80 + 20] = 112;
    put32(data + 0x98, 0x20b, false);
    put32(data + 0x98 + 68, subsystem, false);
    put32(data + 0x98 + 112 + 16, 0x40, false);
    put32(data + 0x98 + 112 + 20, 0x180, false);
}

static void pe_headers_are_read(void)
{
    guint8 data[512];
    make_efi(data, 0x8664, 10);
    g_assert_true(binary_efi(data, 512, true, "x", NULL));
    g_assert_true(binary_efi(data, 0x1c0, true, "x", NULL));
    for (gsize length = 0; length < 0x1c0; length++)
        g_assert_false(binary_efi(data, length, true, "x", NULL));
    put32(data + 0x3c, 0xfffffff0, false);
    g_assert_false(binary_efi(data, 512, true, "x", NULL));

    g_autoptr(GError) error = NULL;
    make_efi(data, 0x14c, 10);
    g_assert_false(binary_efi(data, 512, true, "x.efi", &error));
    g_assert_nonnull(strstr(error->message, "not for x86_64"));
    make_efi(data, 0x8664, 11);
    g_assert_false(binary_efi(data, 512, true, "x", NULL));
    g_assert_true(binary_efi(data, 512, false, "x", NULL));
    make_efi(data, 0x8664, 2);
    g_assert_false(binary_efi(data, 512, false, "x", NULL));
}

/* --- kexts */

static Kext *kext(const char *id, const char *version, const char *more, GError **error)
{
    g_autofree char *text = g_strdup_printf(
        "<plist version=\"1.0\"><dict><key>CFBundleIdentifier</key><string>%s</string>"
        "<key>CFBundleVersion</key><string>%s</string>"
        "<key>CFBundlePackageType</key><string>KEXT</string>%s</dict></plist>",
        id, version, more);
    return kext_read(text, strlen(text), id, error);
}

static const KextKernel SONOMA = {true, 23};

static bool check_pair(const char *version, const char *compatible, const char *wanted,
                       GError **error)
{
    g_autoptr(GPtrArray) kexts = g_ptr_array_new_with_free_func((GDestroyNotify)kext_free);
    g_autofree char *first =
        g_strdup_printf("<key>OSBundleCompatibleVersion</key><string>%s</string>", compatible);
    g_autofree char *second =
        g_strdup_printf("<key>OSBundleLibraries</key><dict><key>com.apple.kpi.bsd</key>"
                        "<string>12.0.0</string><key>as.Lilu</key><string>%s</string></dict>",
                        wanted);
    g_ptr_array_add(kexts, kext("as.Lilu", version, compatible != NULL ? first : "", NULL));
    g_ptr_array_add(kexts, kext("as.Green", "1.0", second, NULL));
    return kext_check_set(kexts, &SONOMA, error);
}

static void libraries_must_be_there(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(check_pair("1.7.2", "1.2.0", "1.2.0", &error));
    g_assert_no_error(error);
    g_assert_false(check_pair("1.1.9", "1.0.0", "1.2.0", &error));
    g_assert_nonnull(strstr(error->message, "1.2.0 or newer"));
    g_clear_error(&error);
    g_assert_false(check_pair("2.0.0", "1.9.0", "1.2.0", &error));
    g_assert_nonnull(strstr(error->message, "no longer stands for"));
    g_clear_error(&error);
    g_assert_false(check_pair("1.7.2", NULL, "1.2.0", &error)); /* nothing may link with it */
    g_clear_error(&error);

    g_autoptr(GPtrArray) alone = g_ptr_array_new_with_free_func((GDestroyNotify)kext_free);
    g_ptr_array_add(alone, kext("as.Green", "1.0",
                                "<key>OSBundleLibraries</key><dict><key>as.Lilu</key>"
                                "<string>1.0</string></dict>",
                                NULL));
    g_assert_false(kext_check_set(alone, &SONOMA, &error));
    g_assert_nonnull(strstr(error->message, "links with as.Lilu"));
}

/* A kernel's interfaces have its version, and a list for one processor takes the place of the
 * general one. */
static void the_kernel_must_be_new_enough(void)
{
    static const char LISTS[] =
        "<key>OSBundleLibraries</key><dict><key>com.apple.kpi.bsd</key><string>8.0.0</string>"
        "<key>com.apple.kernel.6.0</key><string>7.9.9</string></dict>"
        "<key>OSBundleLibraries_x86_64</key><dict><key>com.apple.kpi.dsep</key>"
        "<string>12.3.0</string></dict>";
    static const struct {
        KextKernel kernel;
        const char *words; /* NULL: it links */
    } CASES[] = {
        {{true, 12}, NULL},
        {{true, 25}, NULL},
        {{true, 11}, "com.apple.kpi.dsep 12.3.0, and the kernel of this release is Darwin 11"},
        {{false, 8}, NULL},
        {{false, 7}, "com.apple.kpi.bsd 8.0.0"},
    };
    g_autoptr(GPtrArray) kexts = g_ptr_array_new_with_free_func((GDestroyNotify)kext_free);
    g_ptr_array_add(kexts, kext("as.Lilu", "1.7.2", LISTS, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("Darwin %d", CASES[i].kernel.darwin);
        g_assert_cmpint(kext_check_set(kexts, &CASES[i].kernel, &error), ==,
                        CASES[i].words == NULL);
        if (CASES[i].words != NULL)
            g_assert_nonnull(strstr(error->message, CASES[i].words));
    }
    /* Two bundles of one identifier: the kernel would take one of them. */
    g_autoptr(GError) error = NULL;
    g_ptr_array_add(kexts, kext("as.Lilu", "1.0", "", NULL));
    g_assert_false(kext_check_set(kexts, &SONOMA, &error));
    g_assert_nonnull(strstr(error->message, "as.Lilu is there twice"));
}

static void wrong_bundles_are_refused(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(kext_read("<plist><dict/></plist>", 22, "x.kext", &error));
    g_assert_true(error_code(error) == ERROR_INPUT);
    g_clear_error(&error);
    g_assert_null(kext("a", "1", "<key>CFBundleExecutable</key><string>../../sh</string>", &error));
    g_assert_nonnull(strstr(error->message, "no file's name"));
}

static void versions_are_compared_by_number(void)
{
    g_assert_cmpint(kext_compare_versions("1.10", "1.9"), >, 0);
    g_assert_cmpint(kext_compare_versions("1.7.2", "1.7.2"), ==, 0);
    g_assert_cmpint(kext_compare_versions("1.7", "1.7.1"), <, 0);
    g_assert_cmpint(kext_compare_versions("2", "10"), <, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parts/kexts", kexts_follow_release_and_card);
    g_test_add_func("/parts/drivers", drivers_follow_release);
    g_test_add_func("/parts/asked", what_is_asked_for_comes_with_its_needs);
    g_test_add_func("/parts/log", the_log_is_another_archive);
    g_test_add_func("/parts/families", rules_name_families_that_there_are);
    g_test_add_func("/binary/mach-o", mach_o_headers_are_read);
    g_test_add_func("/binary/efi", pe_headers_are_read);
    g_test_add_func("/kext/libraries", libraries_must_be_there);
    g_test_add_func("/kext/kernel", the_kernel_must_be_new_enough);
    g_test_add_func("/kext/wrong", wrong_bundles_are_refused);
    g_test_add_func("/kext/versions", versions_are_compared_by_number);
    return g_test_run();
}
