/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of a configuration take for right and what for wrong, where the line between them
 * is fine. */
#include "config-sample.h"

#include "opencore/plist-document.h"

#include <string.h>

/* The newest version that is released. */
static guint newest(void)
{
    return schema_newest(sample_checker()->schema);
}

typedef struct {
    const char *path, *text;
    const char *id; /* NULL: it is right */
} ValueCase;

static void values_are_judged(void)
{
    static const ValueCase CASES[] = {
        {"UEFI.Output.Resolution", "1920x1080@32", NULL},
        {"UEFI.Output.Resolution", "Max", NULL},
        {"UEFI.Output.Resolution", "1920x1080@", "resolution"},
        {"UEFI.Output.Resolution", "0x1080", "resolution"},
        {"UEFI.Output.ConsoleMode", "80x25", NULL},
        {"UEFI.Output.ConsoleMode", "80x25@32", "console-mode"},
        {"Kernel.Add[0].MinKernel", "8", NULL},
        {"Kernel.Add[0].MinKernel", "20.4", NULL},
        {"Kernel.Add[0].MaxKernel", "99.99.99", NULL},
        {"Kernel.Add[0].MaxKernel", "100.0.0", "kernel-version"},
        {"Kernel.Add[0].MaxKernel", "20.4.0.1", "kernel-version"},
        {"ACPI.Add[0].Path", "SSDT.AML", NULL},
        {"ACPI.Add[0].Path", ".aml", NULL},
        {"Kernel.Block[0].Identifier", "kernel", NULL},
        {"Kernel.Block[0].Identifier", "Any", "kext-identifier"},
        {"Booter.Patch[0].Identifier", "kernel", "booter-identifier"},
        {"Misc.Entries[0].Flavour", "Auto:Windows10", NULL},
        {"Misc.Entries[0].Flavour", "Auto::x", "flavour"},
        {"Misc.Boot.InstanceIdentifier", "sample", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(PlistValue) top = sample_config(newest());
        g_test_message("%s = %s", CASES[i].path, CASES[i].text);
        sample_set(top, CASES[i].path, plist_new_string(CASES[i].text));
        g_autoptr(CheckResult) result = sample_check(top, newest(), NULL);
        if (CASES[i].id != NULL)
            assert_finding(result, CASES[i].id, CASES[i].path);
        else
            assert_no_finding(result);
    }
}

static void device_paths_are_judged(void)
{
    static const ValueCase CASES[] = {
        {NULL, "PciRoot(0x0)/Pci(0x1F,0x3)", NULL},
        {NULL, "PciRoot(0x0)/Pci(0x1,0x1)/Pci(0x0,0x0)", NULL},
        {NULL, "PcieRoot(0x1)/Pci(0x0,0x0)", NULL},
        {NULL, "Acpi(PNP0C0F,0x0)", NULL},
        {NULL, "Acpi(PNP0A03,0x0)", "device-path"},
        {NULL, "PciRoot(0x00)", "device-path"},
        {NULL, "PciRoot(0)", "device-path"},
        {NULL, "PciRoot(0x0)/Pci(0x1)", "device-path"},
        {NULL, "PciRoot(0x0)/Pci(0x1,0x0,0x0)", "device-path"},
        {NULL, "PciRoot(0x0)/Pci(0x101,0x0)", "device-path"},
        {NULL, "PciRoot(0x0)//Pci(0x1,0x0)", "device-path"},
        {NULL, "PciRoot(0x0)/Pci(0x1,0x0", "device-path"},
        {NULL, "PciRoot(0x0),Pci(0x1,0x0)", "device-path"},
        {NULL, "pciroot(0x0)", "device-path-node"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(PlistValue) top = sample_config(newest());
        g_autoptr(GString) path = g_string_new("DeviceProperties.Add");
        key_path_add_key(path, CASES[i].text);
        g_test_message("%s", CASES[i].text);
        sample_set(top, path->str, plist_new_dict());
        g_autoptr(CheckResult) result = sample_check(top, newest(), NULL);
        if (CASES[i].id != NULL)
            assert_finding(result, CASES[i].id, path->str);
        else
            assert_no_finding(result);
    }
}

/* What OpenCore makes of a value counts, not only its type. */
static void variables_are_judged_by_their_bytes(void)
{
    static const struct {
        const char *name, *element;
        gboolean good;
    } CASES[] = {
        {"boot-args", "<string>-v debug=0x100</string>", TRUE},
        {"boot-args", "<data>LXY=</data>", TRUE},
        {"boot-args", "<data>LXYA</data>", TRUE},
        {"boot-args", "<data>LQB2</data>", FALSE},
        {"csr-active-config", "<data>AAAAAA==</data>", TRUE},
        {"csr-active-config", "<integer>67</integer>", TRUE},
        {"csr-active-config", "<string>0</string>", FALSE},
        {"csr-active-config", "<data></data>", FALSE},
        {"nvda_drv", "<data>MQ==</data>", TRUE},
        {"nvda_drv", "<string>1</string>", FALSE},
        {"nvda_drv", "<data>Mg==</data>", FALSE},
        {"StartupMute", "<true/>", TRUE},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *path =
            g_strconcat("NVRAM.Add.7C436110-AB2A-4BBB-A880-FE41995C9F82.", CASES[i].name, NULL);
        g_autofree char *text = g_strconcat("<plist>", CASES[i].element, "</plist>", NULL);
        g_autoptr(PlistDocument) document = plist_read(text, strlen(text), "value", NULL);
        g_autoptr(PlistValue) top = sample_config(newest());
        sample_set(top, path, plist_copy(document->top));
        g_autoptr(CheckResult) result = sample_check(top, newest(), NULL);
        g_test_message("%s %s", CASES[i].name, CASES[i].element);
        g_assert_cmpint(sample_has(result, "nvram-value", path), ==, !CASES[i].good);
    }
}

/* A patch with Base and without Find replaces what is there. */
static void a_patch_at_a_base_needs_no_pattern(void)
{
    g_autoptr(PlistValue) top = sample_config(newest());
    sample_set(top, "Kernel.Patch[0].Replace", plist_new_data("ab", 2));
    g_autoptr(CheckResult) without = sample_check(top, newest(), NULL);
    assert_finding(without, "kernel-patch-size", "Kernel.Patch[0].Replace");
    sample_set(top, "Kernel.Patch[0].Base", plist_new_string("_symbol"));
    g_autoptr(CheckResult) with = sample_check(top, newest(), NULL);
    assert_no_finding(with);
}

/* What is there in the folder is not missed, in any case of letters. */
static void files_that_are_there_are_right(void)
{
    static const char *const FILES[] = {
        "ACPI/ssdt-sample.aml",
        "Kexts/Sample.kext/Contents/Info.plist",
        "Kexts/Sample.kext/Contents/MacOS/Sample",
        "Drivers/SAMPLE.EFI",
        "vault.plist",
        "vault.sig",
    };
    g_autoptr(EfiTree) tree = efi_tree_new();
    g_autoptr(PlistValue) top = sample_config(newest());
    sample_set(top, "ACPI.Add[0].Enabled", plist_new_boolean(true));
    sample_set(top, "Kernel.Add[0].Enabled", plist_new_boolean(true));
    sample_set(top, "UEFI.Drivers[0].Enabled", plist_new_boolean(true));

    g_autoptr(CheckResult) without = sample_check(top, newest(), tree);
    assert_finding(without, "acpi-file", "ACPI.Add[0].Path");
    assert_finding(without, "kext-file", "Kernel.Add[0].BundlePath");
    assert_finding(without, "driver-file", "UEFI.Drivers[0].Path");
    assert_finding(without, "vault-file", "Misc.Security.Vault");
    assert_finding(without, "vault-signature", "Misc.Security.Vault");
    g_assert_cmpuint(without->findings->len, ==, 5);

    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++)
        efi_tree_add(tree, FILES[i]);
    g_autoptr(CheckResult) with = sample_check(top, newest(), tree);
    assert_no_finding(with);
}

static void a_new_error_is_told_from_an_old_one(void)
{
    g_autoptr(PlistValue) top = sample_config(newest());
    sample_set(top, "Misc.Security.Vault", plist_new_string("Nonsense"));
    guint index = sample_add_kext(top, newest(), "a b.kext", false);
    g_autoptr(CheckResult) before = sample_check(top, newest(), NULL);
    g_assert_null(check_new_error(before, before));

    /* the old error has another number now */
    g_autoptr(PlistValue) moved = plist_copy(top);
    sample_remove(moved, "Kernel.Add[0]");
    g_autoptr(CheckResult) after = sample_check(moved, newest(), NULL);
    g_autofree char *path = g_strdup_printf("Kernel.Add[%u].BundlePath", index - 1);
    assert_finding(after, "kext-path", path);
    g_assert_null(check_new_error(after, before));

    sample_set(moved, "Misc.Boot.PickerMode", plist_new_string("Nonsense"));
    g_autoptr(CheckResult) worse = sample_check(moved, newest(), NULL);
    const Finding *finding = check_new_error(worse, before);
    g_assert_nonnull(finding);
    g_assert_cmpstr(finding->path, ==, "Misc.Boot.PickerMode");
    g_autofree char *sentence = finding_sentence(finding);
    g_assert_cmpstr(sentence, ==,
                    "Misc.Boot.PickerMode is 'Nonsense', which OpenCore does not know. Take one "
                    "of: Builtin, External, Apple.");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/config/values", values_are_judged);
    g_test_add_func("/config/device-paths", device_paths_are_judged);
    g_test_add_func("/config/variables", variables_are_judged_by_their_bytes);
    g_test_add_func("/config/patch-base", a_patch_at_a_base_needs_no_pattern);
    g_test_add_func("/config/files", files_that_are_there_are_right);
    g_test_add_func("/config/new-errors", a_new_error_is_told_from_an_old_one);
    return g_test_run();
}
