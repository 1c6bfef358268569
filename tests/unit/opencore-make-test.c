/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config.plist made from machines: complete, without a finding of the checker, and with the values
 * that each release and card needs. */
#include "made.h"

#include "base/error.h"
#include "opencore/check.h"
#include "opencore/plist-document.h"

#include <stdio.h>
#include <string.h>

enum {
    NO_CARD = 0,
    POLARIS = 0x100267df,
    NAVI_10 = 0x1002731f,
    NAVI_21 = 0x100273bf,
    KEPLER = 0x10de1180,
};

static const int CARDS[] = {NO_CARD, POLARIS, NAVI_10, NAVI_21, KEPLER};

/* Loaded once: there are many configurations. */
static const Checker *checker(void)
{
    static Checker *loaded;
    g_autoptr(GError) error = NULL;
    if (loaded == NULL)
        loaded = checker_new(&error);
    g_assert_no_error(error);
    return loaded;
}

static void assert_no_finding(const Made *made, const char *what)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = plist_write(made->config->top);
    g_autoptr(PlistDocument) document = plist_read(text, strlen(text), "config.plist", &error);
    g_assert_no_error(error);
    g_autoptr(EfiTree) tree = parts_tree(made->choices);
    g_autoptr(CheckResult) result =
        checker_run(checker(), document, MAKE_OPENCORE_VERSION, tree, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < result->findings->len; i++) {
        g_autofree char *sentence = finding_sentence(g_ptr_array_index(result->findings, i));
        g_printerr("%s: %s\n", what, sentence);
    }
    g_assert_cmpuint(result->findings->len, ==, 0);
    g_assert_true(result->fit.exact);
}

/* With ROOTSTOCK_MADE set, the files are written there, for OpenCore's own checker. */
static void keep(const Made *made, const char *name)
{
    const char *folder = g_getenv("ROOTSTOCK_MADE");
    if (folder == NULL)
        return;
    g_autofree char *path = g_strdup_printf("%s/%s.plist", folder, name);
    g_autofree char *text = plist_write(made->config->top);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Every plain value that differs from OpenCore's default has a reason. */
static void check_reasons(const Made *made, const PlistValue *value, const PlistValue *base,
                          GString *path)
{
    gsize length = path->len;
    if (value->type != PLIST_DICT && value->type != PLIST_ARRAY) {
        if ((base == NULL || !plist_equal(value, base)) &&
            made_config_why(made->config, path->str) == NULL)
            g_error("There is no reason for %s", path->str);
        return;
    }
    for (guint i = 0; i < plist_count(value); i++) {
        const PlistValue *inner = plist_element(value, i);
        if (value->type == PLIST_DICT) {
            key_path_add_key(path, plist_key(value, i));
        } else {
            g_autofree char *identity = schema_identify(path->str, inner, made->schema);
            if (identity != NULL)
                key_path_add_identity(path, identity);
            else
                key_path_add_index(path, i);
        }
        check_reasons(made, inner,
                      value->type == PLIST_DICT ? plist_get(base, plist_key(value, i)) : NULL,
                      path);
        g_string_truncate(path, length);
    }
}

static void assert_reasons(const Made *made)
{
    guint version;
    g_autoptr(GString) path = g_string_new(NULL);
    g_assert_true(schema_find_version(made->schema, MAKE_OPENCORE_VERSION, &version, NULL));
    g_autoptr(PlistValue) base = schema_new_config(made->schema, version);
    check_reasons(made, made->config->top, base, path);
}

static void every_machine_is_without_a_finding(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Catalog) catalog = catalog_load(&error);
    guint made_count = 0;
    g_assert_no_error(error);
    for (guint i = 0; i < catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(catalog->releases, i);
        for (guint j = 0; j < 2 * G_N_ELEMENTS(CARDS); j++) {
            Made made;
            g_autofree char *what = g_strdup_printf("%s-%08x-%s", release->id, CARDS[j / 2],
                                                    j % 2 == 1 ? "amd" : "intel");
            made_open(&made, release->id, CARDS[j / 2], j % 2 == 1);
            made_make(&made, &error);
            g_assert_no_error(error);
            assert_no_finding(&made, what);
            assert_reasons(&made);
            keep(&made, what);
            made_close(&made);
            made_count++;
        }
    }
    g_test_message("%u configurations (%u releases, no card, Polaris, Navi 10, Navi 21 and Kepler, "
                   "Intel and AMD), no finding, and a reason for every value",
                   made_count, catalog->releases->len);
    g_assert_cmpuint(made_count, ==, catalog->releases->len * G_N_ELEMENTS(CARDS) * 2);
}

static void assert_value(const Made *made, const char *path, const char *expected)
{
    g_autofree char *value = made_value(made, path);
    if (g_strcmp0(value, expected) != 0)
        g_error("%s: %s is %s, not %s", made->machine->release->id, path, value, expected);
}

#define BOOT_ARGS "NVRAM.Add.7C436110-AB2A-4BBB-A880-FE41995C9F82.boot-args"
#define CSR "NVRAM.Add.7C436110-AB2A-4BBB-A880-FE41995C9F82.csr-active-config"
#define PATCH "Kernel.Patch[0].Replace"

/* A row a release: path and value, for machines without a card. */
static void releases_get_their_values(void)
{
    static const struct {
        const char *os, *path, *value;
    } ROWS[] = {
        {"tiger", "Kernel.Scheme.KernelArch", "i386"},
        {"tiger", "UEFI.Output.UgaPassThrough", "true"},
        {"tiger", "UEFI.APFS.MinDate", "4294967295"},
        {"tiger", "Booter.Quirks.EnableSafeModeSlide", "false"},
        {"tiger", "Booter.Quirks.AllowRelocationBlock", "true"},
        {"tiger", CSR, NULL},
        {"snow-leopard", "Kernel.Scheme.KernelArch", "x86_64"},
        {"snow-leopard", "Kernel.Scheme.FuzzyMatch", "true"},
        {"lion", BOOT_ARGS, "keepsyms=1 -nehalem_error_disable"},
        {"lion", "UEFI.Drivers[OpenPartitionDxe.efi].Enabled", "true"},
        {"el-capitan", CSR, "00000000"},
        {"mojave", "Kernel.Quirks.ThirdPartyDrives", "true"},
        {"mojave", "ACPI.Add[SSDT-PLUG.aml].Enabled", NULL},
        {"catalina", "Kernel.Quirks.ThirdPartyDrives", "false"},
        {"catalina", "Booter.Quirks.AllowRelocationBlock", "false"},
        {"catalina", "UEFI.Drivers[OpenPartitionDxe.efi].Enabled", NULL},
        {"catalina", "ACPI.Add[SSDT-PLUG.aml].Enabled", "true"},
        {"big-sur", "UEFI.APFS.MinDate", "0"},
        {"big-sur", "Kernel.Quirks.ForceSecureBootScheme", "true"},
        {"monterey", "Kernel.Emulate.DummyPowerManagement", "true"},
        {"monterey", PATCH, NULL},
        {"ventura", "Kernel.Emulate.DummyPowerManagement", "false"},
        {"ventura", PATCH, "0000eb00"},
        {"ventura", "Kernel.Patch[0].MinKernel", "22.0.0"},
        {"sonoma", BOOT_ARGS, "keepsyms=1 revpatch=auto,sbvmm"},
        {"sonoma", "Misc.Security.Vault", "Optional"},
        {"sonoma", "Misc.Security.SecureBootModel", "Disabled"},
        {"sonoma", "Misc.Security.DmgLoading", "Signed"},
        {"sonoma", "Misc.Debug.Target", "73"},
        {"sonoma", "PlatformInfo.Generic.SystemProductName", "MacPro7,1"},
        {"sonoma", "PlatformInfo.Generic.ROM", "112233445566"},
        {"sonoma", "DeviceProperties.Add.\"PciRoot(0x0)/Pci(0x2,0x0)\".built-in", "01"},
        {"sonoma", "PlatformInfo.Memory", NULL},
        {"sonoma", "Kernel.Add[AppleMCEReporterDisabler.kext].ExecutablePath", ""},
        {"sonoma", "Kernel.Add[Lilu.kext].ExecutablePath", "Contents/MacOS/Lilu"},
        {"tahoe", PATCH, "0000eb00"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GError) error = NULL;
        Made made;
        made_open(&made, ROWS[i].os, NO_CARD, false);
        made_make(&made, &error);
        g_assert_no_error(error);
        assert_value(&made, ROWS[i].path, ROWS[i].value);
        made_close(&made);
    }
}

static void cards_get_their_arguments(void)
{
    static const struct {
        const char *os;
        int card;
        const char *value;
    } ROWS[] = {
        {"monterey", POLARIS, "keepsyms=1"},
        {"monterey", NAVI_10, "keepsyms=1 agdpmod=pikera"},
        {"tahoe", NAVI_21, "keepsyms=1 agdpmod=pikera revpatch=auto,sbvmm"},
        {"ventura", 0x100273df /* Navi 22: NootRX */, "keepsyms=1"},
        {"monterey", 0x1002683f /* Cape Verde */, "keepsyms=1 radpg=15"},
        {"monterey", 0x100267b0 /* R9 290X */, "keepsyms=1 -raddvi"},
        {"high-sierra", 0x10de1b80 /* GTX 1080 */, "keepsyms=1 nvda_drv_vrl=1"},
        {"mojave", 0x10de1b80, "keepsyms=1"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GError) error = NULL;
        Made made;
        made_open(&made, ROWS[i].os, ROWS[i].card, false);
        made_make(&made, &error);
        g_assert_no_error(error);
        assert_value(&made, BOOT_ARGS, ROWS[i].value);
        made_close(&made);
    }
}

static void foreign_cards_get_another_id(void)
{
    g_autoptr(GError) error = NULL;
    Made made;
    made_open(&made, "monterey", 0x1002699f, false); /* Polaris 12, spoofed to 67ff */
    made_make(&made, &error);
    g_assert_no_error(error);
    assert_value(&made, "DeviceProperties.Add.\"PciRoot(0x0)/Pci(0x8,0x0)/Pci(0x0,0x0)\".device-id",
                 "ff670000");
    assert_no_finding(&made, "spoofed");
    made_close(&made);
}

#define SOUND "0000:00:1f.3"
#define NETWORK "0000:06:00.0"
#define SOUND_PATH "DeviceProperties.Add.PciRoot(0x0)/Pci(0x8,0x0)/Pci(0x0,0x0)"
#define NETWORK_PATH "DeviceProperties.Add.PciRoot(0x0)/Pci(0x8,0x0)/Pci(0x0,0x1)"

/* A machine with the board's sound, behind which CODEC hangs, and a second network card. */
static void open_with_sound(Made *made, const char *os, guint32 codec_ids, int layout)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MachineChoices) choices = machine_choices_new();
    const MachineIdentity identity = {(char *)SAMPLE_UUID, (char *)SAMPLE_MAC};
    AudioCodec *codec = audio_codec_new();
    Facts *facts;

    made_open(made, os, NO_CARD, false);
    facts = made->sample.facts;
    codec->pci = g_strdup(SOUND);
    codec->vendor = (int)(codec_ids >> 16);
    codec->device = (int)(codec_ids & 0xffff);
    facts->codecs = g_ptr_array_new_with_free_func((GDestroyNotify)audio_codec_free);
    g_ptr_array_add(facts->codecs, codec);
    sample_add(&made->sample, SOUND, (int)0x8086a170, 0x040300, 20, "HD Audio Controller");
    sample_add(&made->sample, NETWORK, (int)0x80861539, 0x020000, 21, "I211 Network Connection");
    sample_judge(&made->sample);
    choices->os = g_strdup(os);
    choices->force = true;
    choices->devices = g_strsplit(SOUND ";" NETWORK, ";", -1);
    choices->opencore.layout = layout;
    machine_free(made->machine);
    made->machine = machine_fill("sample", choices, &identity, facts, made->sample.catalog,
                                 made->sample.verdict, &error);
    g_assert_no_error(error);
    made_make(made, &error);
    g_assert_no_error(error);
}

static void sound_gets_a_layout_of_its_codec(void)
{
    static const struct {
        const char *os;
        guint32 codec;
        int chosen;
        const char *layout; /* NULL: none */
        const char *arguments, *why;
    } ROWS[] = {
        {"monterey", 0x10ec0900 /* ALC1150 */, 0, "01000000", "keepsyms=1 alcid=1",
         "The first layout that AppleALC has for the board's Realtek ALC1150. Which one fits"},
        {"monterey", 0x10ec0900, 11, "0b000000", "keepsyms=1 alcid=11",
         "You chose this layout of the board's sound for AppleALC."},
        {"monterey", 0x10ec0900, 258, "02010000", "keepsyms=1 alcid=258",
         "none of that number for the board's Realtek ALC1150, but 1, 2, 3, 5, 7, 11, 99."},
        {"monterey", 0x10ec0215 /* ALC215 */, 0, "12000000", "keepsyms=1 alcid=18",
         "The only layout that AppleALC has for the board's Realtek ALC215."},
        {"lion", 0x10ec0900, 0, NULL, "keepsyms=1 -nehalem_error_disable", NULL}, /* from 10.8 */
        {"monterey", 0x12345678, 0, NULL, "keepsyms=1", NULL},
        /* Apple's driver is not in 26 any more. */
        {"tahoe", 0x10ec0900, 0, NULL, "keepsyms=1 revpatch=auto,sbvmm", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        Made made;
        open_with_sound(&made, ROWS[i].os, ROWS[i].codec, ROWS[i].chosen);
        assert_value(&made, SOUND_PATH ".layout-id", ROWS[i].layout);
        assert_value(&made, BOOT_ARGS, ROWS[i].arguments);
        assert_value(&made, "Kernel.Add[AppleALC.kext].Enabled", "true");
        assert_value(&made, NETWORK_PATH ".built-in", "01");
        if (ROWS[i].why != NULL) {
            const MakeReason *reason = made_config_why(made.config, SOUND_PATH ".layout-id");
            g_assert_nonnull(strstr(reason->why, ROWS[i].why));
            g_assert_nonnull(made_config_why(made.config, NETWORK_PATH ".built-in"));
        }
        assert_no_finding(&made, ROWS[i].os);
        assert_reasons(&made);
        made_close(&made);
    }
}

/* The modules of a Mac Pro's slots hold what the guest has, with a reason each. */
static void memory_modules_hold_the_memory(void)
{
    g_autoptr(GError) error = NULL;
    Made made;
    gint64 sum = 0;
    made_open(&made, "sonoma", NO_CARD, false);
    made.machine->opencore.memory_map = TRI_YES;
    made.machine->memory = 12ll << 30;
    made_make(&made, &error);
    g_assert_no_error(error);
    assert_value(&made, "PlatformInfo.CustomMemory", "true");
    assert_value(&made, "PlatformInfo.Memory.MaxCapacity", "12884901888");
    for (guint i = 0; i < 12; i++) {
        g_autofree char *path = g_strdup_printf("PlatformInfo.Memory.Devices[%u].Size", i);
        g_autofree char *size = made_value(&made, path);
        gint64 mib = g_ascii_strtoll(size, NULL, 10);
        sum += mib > 1 ? mib : 0; /* 1: an empty slot */
    }
    g_assert_cmpint(sum, ==, 12 * 1024);
    g_assert_nonnull(made_config_why(made.config, "PlatformInfo.Memory.MaxCapacity"));
    assert_no_finding(&made, "memory");
    assert_reasons(&made);
    made_close(&made);

    /* It is the Mac Pro of 2019 that has such slots. */
    made_open(&made, "mojave", NO_CARD, false);
    made.machine->opencore.memory_map = TRI_YES;
    made_make(&made, &error);
    g_assert_no_error(error);
    assert_value(&made, "PlatformInfo.Memory", NULL);
    made_close(&made);
}

static void what_was_chosen_counts(void)
{
    g_autoptr(GError) error = NULL;
    Made made;
    made_open(&made, "sonoma", NO_CARD, false);
    MachineOpenCore *chosen = &made.machine->opencore;
    chosen->verbose = chosen->memory_map = chosen->graphical = TRI_YES;
    chosen->log = chosen->protection = TRI_NO;
    chosen->resolution = g_strdup("1920x1080");
    chosen->language = g_strdup("de-DE:3");
    chosen->add = g_strsplit("OpenShell.efi VMHide.kext", " ", -1);
    made_make(&made, &error);
    g_assert_no_error(error);
    assert_value(&made, BOOT_ARGS, "-v keepsyms=1 revpatch=auto,sbvmm");
    assert_value(&made, CSR, "030a0000");
    assert_value(&made, "Misc.Debug.Target", "0");
    assert_value(&made, "Misc.Boot.PickerMode", "External");
    assert_value(&made, "UEFI.Drivers[OpenCanopy.efi].Enabled", "true");
    assert_value(&made, "UEFI.Output.Resolution", "1920x1080");
    assert_value(&made, "NVRAM.Add.7C436110-AB2A-4BBB-A880-FE41995C9F82.\"prev-lang:kbd\"",
                 "64652d44453a33");
    assert_value(&made, "Misc.Tools[OpenShell.efi].Enabled", "true");
    assert_value(&made, "Kernel.Add[VMHide.kext].Enabled", "true");
    assert_value(&made, "PlatformInfo.Memory.Devices[11].DeviceLocator", "DIMM 12");
    assert_no_finding(&made, "chosen");
    assert_reasons(&made);
    keep(&made, "chosen");
    made_close(&made);
}

static void own_settings_come_last(void)
{
    static const char *const SETTINGS[][2] = {
        {"Misc.Boot.Timeout", "0"},
        {"Kernel.Add[WhateverGreen.kext].Enabled", "false"},
        {"NVRAM.Add.7C436110-AB2A-4BBB-A880-FE41995C9F82.boot-args", "-v -x"},
        {"NVRAM.Add.4D1FDA02-38C7-4A6A-9CC6-4BCCA8B30102.rtc-blacklist", "hex:0102"},
        {"DeviceProperties.Add.\"PciRoot(0x0)/Pci(0x8,0x0)/Pci(0x0,0x0)\".rebar-size-override",
         "hex:08"},
        {"UEFI.Drivers[+]", "{\"Path\": \"OpenRuntime.efi\"}"},
    };
    g_autoptr(GError) error = NULL;
    Made made;
    made_open(&made, "sonoma", NAVI_21, false);
    GPtrArray *settings = made.machine->opencore.config;
    for (guint i = 0; i < G_N_ELEMENTS(SETTINGS); i++) {
        MachineSetting *setting = g_new0(MachineSetting, 1);
        *setting = (MachineSetting){g_strdup(SETTINGS[i][0]), g_strdup(SETTINGS[i][1])};
        g_ptr_array_add(settings, setting);
    }
    made_make(&made, &error);
    g_assert_no_error(error);
    assert_value(&made, SETTINGS[0][0], "0");
    assert_value(&made, SETTINGS[1][0], "false");
    assert_value(&made, SETTINGS[2][0], "-v -x");
    assert_value(&made, SETTINGS[3][0], "0102");
    assert_value(&made, SETTINGS[4][0], "08");
    assert_value(&made, "UEFI.Drivers[3].Path", "OpenRuntime.efi");
    g_assert_cmpstr(made_config_why(made.config, SETTINGS[0][0])->why, ==,
                    "You set it in the machine file.");

    MachineSetting *last = g_ptr_array_index(settings, 0);
    g_free(last->path);
    last->path = g_strdup("Misc.Boot.Nonsense");
    g_assert_false(made_make(&made, &error));
    g_assert_true(error_code(error) == ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "[config] Misc.Boot.Nonsense"));
    made_close(&made);
}

static void the_same_input_gives_the_same_bytes(void)
{
    g_autofree char *texts[2] = {NULL, NULL};
    for (guint i = 0; i < 2; i++) {
        Made made;
        made_open(&made, "ventura", NAVI_10, true);
        g_assert_true(made_make(&made, NULL));
        texts[i] = plist_write(made.config->top);
        made_close(&made);
    }
    g_assert_cmpstr(texts[0], ==, texts[1]);
    g_free(g_steal_pointer(&texts[1]));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/make/every-machine", every_machine_is_without_a_finding);
    g_test_add_func("/make/releases", releases_get_their_values);
    g_test_add_func("/make/cards", cards_get_their_arguments);
    g_test_add_func("/make/spoof", foreign_cards_get_another_id);
    g_test_add_func("/make/sound", sound_gets_a_layout_of_its_codec);
    g_test_add_func("/make/memory", memory_modules_hold_the_memory);
    g_test_add_func("/make/chosen", what_was_chosen_counts);
    g_test_add_func("/make/own", own_settings_come_last);
    g_test_add_func("/make/reproducible", the_same_input_gives_the_same_bytes);
    return g_test_run();
}
