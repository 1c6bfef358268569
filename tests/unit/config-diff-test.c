/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two configurations compared by what they mean. */
#include "config-sample.h"

#include "opencore/diff.h"

#include <string.h>

static guint newest(void)
{
    return schema_newest(sample_checker()->schema);
}

/* `+path -path ~path order:path`, one a line. The caller owns it. */
static char *differences(const PlistValue *before, const PlistValue *after)
{
    static const char *const MARKS[] = {"+", "-", "~", "order:"};
    g_autoptr(GPtrArray) found = config_diff(sample_checker()->schema, before, after);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < found->len; i++) {
        const Difference *difference = g_ptr_array_index(found, i);
        g_string_append_printf(text, "%s%s\n", MARKS[difference->kind], difference->path);
        g_assert_cmpint(difference->before == NULL, ==, difference->kind == DIFFERENCE_ADDED);
        g_assert_cmpint(difference->after == NULL, ==, difference->kind == DIFFERENCE_REMOVED);
    }
    return g_string_free(text, FALSE);
}

static void assert_differences(const PlistValue *before, const PlistValue *after,
                               const char *expected)
{
    g_autofree char *text = differences(before, after);
    g_assert_cmpstr(text, ==, expected);
}

static PlistValue *read_value(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *whole = g_strconcat("<plist>", text, "</plist>", NULL);
    g_autoptr(PlistDocument) document = plist_read(whole, strlen(whole), "value", &error);
    g_assert_no_error(error);
    return g_steal_pointer(&document->top);
}

static void what_means_the_same_is_the_same(void)
{
    g_autoptr(PlistValue) before =
        read_value("<dict><key>a</key><integer>007</integer><key>#note</key><true/>"
                   "<key>b</key><data>AAEC</data><!-- comment --></dict>");
    g_autoptr(PlistValue) after = read_value(
        "<dict><key>b</key><data> AA\nEC </data><key>a</key><integer>7</integer></dict>");
    assert_differences(before, after, "");
}

static void values_are_compared(void)
{
    g_autoptr(PlistValue) before = sample_config(newest());
    g_autoptr(PlistValue) after = plist_copy(before);
    assert_differences(before, after, "");
    sample_set(after, "Misc.Security.Vault", plist_new_string("Optional"));
    sample_set(after, "Misc.Boot.Timeout", plist_new_integer(5));
    sample_set(after, "Misc.Nonsense", plist_new_string("x"));
    sample_remove(after, "UEFI.ConnectDrivers");
    sample_set(after, "UEFI.Audio.AudioCodec", plist_new_string("0"));
    assert_differences(before, after,
                       "~Misc.Boot.Timeout\n~Misc.Security.Vault\n+Misc.Nonsense\n"
                       "~UEFI.Audio.AudioCodec\n-UEFI.ConnectDrivers\n");
}

static void elements_are_known_by_what_they_are(void)
{
    g_autoptr(PlistValue) before = sample_config(newest());
    sample_add_kext(before, newest(), "Lilu.kext", true);
    sample_add_kext(before, newest(), "WhateverGreen.kext", true);
    g_autoptr(PlistValue) after = plist_copy(before);

    /* the first is gone, and with it the numbers of the others */
    sample_remove(after, "Kernel.Add[0]");
    sample_set(after, "Kernel.Add[1].Enabled", plist_new_boolean(false));
    sample_add_driver(after, newest(), "OpenRuntime.efi");
    assert_differences(before, after,
                       "-Kernel.Add[Sample.kext]\n~Kernel.Add[WhateverGreen.kext].Enabled\n"
                       "+UEFI.Drivers[OpenRuntime.efi]\n");
}

static void order_counts_where_it_matters(void)
{
    g_autoptr(PlistValue) before = sample_config(newest());
    sample_add_kext(before, newest(), "Lilu.kext", true);
    g_autoptr(PlistValue) after = plist_copy(before);
    PlistValue *kexts = sample_at(after, "Kernel.Add");
    g_ptr_array_add(kexts->values, g_ptr_array_steal_index(kexts->values, 0));
    PlistValue *names = sample_at(after, "NVRAM.Delete.7C436110-AB2A-4BBB-A880-FE41995C9F82");
    plist_append(names, plist_new_string("other"));
    assert_differences(before, after,
                       "order:Kernel.Add\n"
                       "+NVRAM.Delete.7C436110-AB2A-4BBB-A880-FE41995C9F82[other]\n");

    g_ptr_array_add(names->values, g_ptr_array_steal_index(names->values, 0));
    assert_differences(before, after,
                       "order:Kernel.Add\n"
                       "+NVRAM.Delete.7C436110-AB2A-4BBB-A880-FE41995C9F82[other]\n");
}

/* Two elements that nothing tells apart are told by their numbers. */
static void twins_are_numbered(void)
{
    g_autoptr(PlistValue) before = sample_config(newest());
    PlistValue *patches = sample_at(before, "Kernel.Patch");
    plist_append(patches, plist_copy(g_ptr_array_index(patches->values, 0)));
    g_autoptr(PlistValue) after = plist_copy(before);
    sample_set(after, "Kernel.Patch[1].Count", plist_new_integer(1));
    assert_differences(before, after, "~Kernel.Patch[1].Count\n");
    sample_remove(after, "Kernel.Patch[1]");
    assert_differences(before, after, "-Kernel.Patch[1]\n");
}

static void whole_files_can_differ(void)
{
    g_autoptr(PlistValue) dict = read_value("<dict/>");
    g_autoptr(PlistValue) array = read_value("<array/>");
    assert_differences(dict, array, "~\n");
    assert_differences(array, array, "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/config/diff/same", what_means_the_same_is_the_same);
    g_test_add_func("/config/diff/values", values_are_compared);
    g_test_add_func("/config/diff/elements", elements_are_known_by_what_they_are);
    g_test_add_func("/config/diff/order", order_counts_where_it_matters);
    g_test_add_func("/config/diff/twins", twins_are_numbered);
    g_test_add_func("/config/diff/whole", whole_files_can_differ);
    return g_test_run();
}
