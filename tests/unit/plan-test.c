/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "plan/arguments.h"
#include "plan/diff.h"
#include "plan/plan.h"
#include "plan/setting.h"

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef char *(*Rewrite)(const char *line, const char *argument);

static void assert_rewrite(Rewrite rewrite, const char *line, const char *argument,
                           const char *expected)
{
    g_autofree char *result = rewrite(line, argument);
    g_assert_cmpstr(result, ==, expected);
}

static void arguments_are_set_once(void)
{
    assert_rewrite(arguments_set, "", "iommu=pt", "iommu=pt");
    assert_rewrite(arguments_set, "quiet splash", "iommu=pt", "quiet splash iommu=pt");
    assert_rewrite(arguments_set, "quiet\n", "iommu=pt", "quiet iommu=pt\n");
    assert_rewrite(arguments_set, "iommu=pt  quiet", "iommu=pt", "iommu=pt  quiet");
    assert_rewrite(arguments_set, "a intel_iommu=off b", "intel_iommu=on", "a intel_iommu=on b");
    assert_rewrite(arguments_set, "iommu=soft a iommu=pt iommu=off b", "iommu=pt", "iommu=pt a b");
    assert_rewrite(arguments_set, "iommu=pt iommu=pt", "iommu=pt", "iommu=pt");
    /* A key that ends in the same letters is another key; `-` and `_` are the same. */
    assert_rewrite(arguments_set, "amd_iommu=on", "iommu=pt", "amd_iommu=on iommu=pt");
    assert_rewrite(arguments_set, "vfio_pci.ids=1:2", "vfio-pci.ids=3:4", "vfio-pci.ids=3:4");
    assert_rewrite(arguments_set, "vfio_pci.ids=1:2", "vfio-pci.ids=1:2", "vfio_pci.ids=1:2");
    assert_rewrite(arguments_set, "a dyndbg=\"file x +p iommu=off\" b", "iommu=pt",
                   "a dyndbg=\"file x +p iommu=off\" b iommu=pt");
}

static void arguments_are_dropped(void)
{
    assert_rewrite(arguments_drop, "quiet nomodeset splash", "nomodeset", "quiet splash");
    assert_rewrite(arguments_drop, "nomodeset quiet", "nomodeset", "quiet");
    assert_rewrite(arguments_drop, "amd_iommu=on quiet amd_iommu=off", "amd_iommu", "quiet");
    assert_rewrite(arguments_drop, "amd_iommu=on amd_iommu=off", "amd_iommu=on", "amd_iommu=off");
    assert_rewrite(arguments_drop, "quiet\n", "nomodeset", "quiet\n");
    assert_rewrite(arguments_drop, "a a a", "a", "");
}

/* What somebody has beside it in the same list stays. */
static void lists_keep_their_other_words(void)
{
    static const struct {
        Rewrite rewrite;
        const char *line, *argument, *expected;
    } CASES[] = {
        {arguments_set, "a intel_iommu=igfx_off b", "intel_iommu=on",
         "a intel_iommu=on,igfx_off b"},
        {arguments_set, "intel_iommu=igfx_off,on", "intel_iommu=on", "intel_iommu=igfx_off,on"},
        {arguments_set, "intel_iommu=off,sm_on", "intel_iommu=on", "intel_iommu=on,sm_on"},
        {arguments_set, "intel_iommu=on quiet intel_iommu=off", "intel_iommu=on",
         "intel_iommu=on quiet"},
        {arguments_set, "intel_iommu=sm_on x intel_iommu=igfx_off", "intel_iommu=on",
         "intel_iommu=on,sm_on,igfx_off x"},
        {arguments_set, "intel_iommu", "intel_iommu=on", "intel_iommu=on"},
        {arguments_drop, "amd_iommu=fullflush,off quiet", "amd_iommu=off",
         "amd_iommu=fullflush quiet"},
        {arguments_drop, "amd_iommu=off quiet", "amd_iommu=off", "quiet"},
        {arguments_drop, "amd_iommu=off,off quiet", "amd_iommu=off", "quiet"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        assert_rewrite(CASES[i].rewrite, CASES[i].line, CASES[i].argument, CASES[i].expected);
    g_assert_true(arguments_have("intel_iommu=igfx_off,on", "intel_iommu=on"));
    g_assert_false(arguments_have("intel_iommu=on,off", "intel_iommu=on"));
    g_assert_false(arguments_have("intel_iommu=sm_on", "intel_iommu=on"));
}

static void the_last_argument_counts(void)
{
    g_assert_true(arguments_have("intel_iommu=off quiet intel_iommu=on", "intel_iommu=on"));
    g_assert_false(arguments_have("intel_iommu=on quiet intel_iommu=off", "intel_iommu=on"));
    g_assert_false(arguments_have("quiet", "intel_iommu=on"));
    g_autofree char *both = arguments_with_key("x iommu=soft y iommu=pt", "iommu=pt");
    g_assert_cmpstr(both, ==, "iommu=soft iommu=pt");
}

/* What a shell or GRUB would take for more than a word never gets into their files. */
static void arguments_cannot_break_out(void)
{
    static const char *const BAD[] = {"",     "a b", "a\"b",      "a'b",  "a`b`", "a$(b)", "a$b",
                                      "a\nb", "a;b", "a\\b",      "a#b",  "a|b",  "a&b",   "a>b",
                                      "-a",   "=a",  "a\xc3\xa4", "a{b}", "a*",   "a\tb",  "a!"};
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(argument_check(BAD[i], &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    }
    static const char *const GOOD[] = {"quiet", "vfio-pci.ids=1002:73ff,1002:ab28",
                                       "video=efifb:off",
                                       "pcie_acs_override=downstream,multifunction"};
    for (guint i = 0; i < G_N_ELEMENTS(GOOD); i++)
        g_assert_true(argument_check(GOOD[i], NULL));
}

static void assert_setting(const char *text, SettingForm form, const char *name, const char *value,
                           const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *result = setting_set(text, form, name, value, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(result, ==, expected);
    g_autofree char *read = setting_get(result, form, name, &error);
    g_assert_cmpstr(read, ==, value);
}

static void settings_keep_the_rest(void)
{
    assert_setting("# c\nA=\"x\" # d\nB=2\n", SETTING_SHELL, "A", "x y",
                   "# c\nA=\"x y\" # d\nB=2\n");
    assert_setting("A=x\n", SETTING_SHELL, "A", "x y", "A=\"x y\"\n");
    assert_setting("A='x'\nA=\"z\"\n", SETTING_SHELL, "A", "y", "A='x'\nA=\"y\"\n");
    assert_setting("AB=1", SETTING_SHELL, "A", "y", "AB=1\nA=\"y\"\n");
    assert_setting("#A=\"old\"\nB=2\n", SETTING_SHELL, "A", "y", "#A=\"old\"\nA=\"y\"\nB=2\n");
    assert_setting("a\n#user = \"root\"\nb\n", SETTING_EQUALS, "user", "\"qemu\"",
                   "a\n#user = \"root\"\nuser = \"qemu\"\nb\n");
    assert_setting("user=\"x\"  # why\n", SETTING_EQUALS, "user", "\"qemu\"",
                   "user=\"qemu\"  # why\n");
    assert_setting("a: 1\nmodules: x\n", SETTING_COLON, "modules", "y,z", "a: 1\nmodules: y,z\n");
    assert_setting(NULL, SETTING_COLON, "modules", "y", "modules: y\n");
}

static void settings_refuse_what_they_do_not_understand(void)
{
    static const char *const TEXTS[] = {"A=\"x$(id)\"\n", "A=\"x`id`\"\n", "A=\"x\\\"y\"\n",
                                        "A=\"x\ny\"\n",   "A=x'y'\n",      "A=\"x\"y\n"};
    for (guint i = 0; i < G_N_ELEMENTS(TEXTS); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(setting_set(TEXTS[i], SETTING_SHELL, "A", "y", &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
    }
    static const char *const VALUES[] = {"a\nb", "a\"b", "a`b", "a$(b)"};
    for (guint i = 0; i < G_N_ELEMENTS(VALUES); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(setting_set("A=1\n", SETTING_SHELL, "A", VALUES[i], &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    }
}

static void assert_diff(const char *before, const char *after, const char *expected)
{
    g_autofree char *text = diff_text("/etc/x", before, after);
    g_assert_cmpstr(text, ==, expected);
}

static void diffs_are_what_patch_takes(void)
{
    assert_diff("a\n", "a\n", "");
    assert_diff(NULL, "a\nb\n", "--- /dev/null\n+++ /etc/x\n@@ -0,0 +1,2 @@\n+a\n+b\n");
    assert_diff("a\n", NULL, "--- /etc/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n");
    assert_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n",
                "--- /etc/x\n+++ /etc/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n");
    assert_diff("a", "a\n",
                "--- /etc/x\n+++ /etc/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
    assert_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n", "X\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\nY\n",
                "--- /etc/x\n+++ /etc/x\n@@ -1,4 +1,4 @@\n-1\n+X\n 2\n 3\n 4\n"
                "@@ -9,4 +9,4 @@\n 9\n 10\n 11\n-12\n+Y\n");
    /* What a file has in it cannot move the cursor of who looks at it. */
    assert_diff(NULL, "a\033[2J\n", "--- /dev/null\n+++ /etc/x\n@@ -0,0 +1 @@\n+a?[2J\n");
}

static Change *file_change(const char *step, const char *path, const char *content)
{
    Change *change = change_new(step, CHANGE_FILE, path);
    change_set_states(change, NULL, content);
    change_add_edit(change, path, NULL, content);
    return change;
}

static Change *rebuild(const char *step, const char *text)
{
    static const char *const ARGV[] = {"update-initramfs", "-u", "-k", "all", NULL};
    static const char *const LIST[] = {"lsinitramfs", "/boot/initrd.img-1", NULL};
    Change *change = change_new(step, CHANGE_COMMAND, "initramfs");
    change->command = g_strdupv((GStrv)ARGV);
    change->revert = g_strdupv((GStrv)ARGV);
    change->outputs = g_strsplit("/boot/initrd.img-*", " ", -1);
    change->restart = true;
    change_add_effect_program(change, LIST, text, false);
    change_add_effect_file(change, "/boot/x", text, true);
    return change;
}

static void plans_are_in_order(void)
{
    g_autoptr(Plan) plan = plan_new();
    g_assert_true(plan_add(plan, rebuild("a", "x"), NULL));
    g_assert_true(plan_add(plan, file_change("b", "/etc/1", "1"), NULL));
    g_assert_true(plan_add(plan, change_new("c", CHANGE_PACKAGE, "qemu"), NULL));
    g_assert_true(plan_add(plan, file_change("d", "/etc/2", "2"), NULL));
    g_assert_true(plan_add(plan, rebuild("e", "y"), NULL));
    plan_sort(plan);
    g_autoptr(GString) steps = g_string_new(NULL);
    for (guint i = 0; i < plan->changes->len; i++)
        g_string_append(steps, ((const Change *)plan->changes->pdata[i])->step);
    g_assert_cmpstr(steps->str, ==, "cbda");
    /* One rebuild that shows what both wanted. */
    const Change *last = plan->changes->pdata[3];
    g_assert_cmpuint(last->effects->len, ==, 4);
    g_assert_true(plan_needs_restart(plan));
}

static void conflicts_name_both_steps(void)
{
    g_autoptr(Plan) plan = plan_new();
    g_autoptr(GError) error = NULL;
    g_assert_true(plan_add(plan, file_change("first", "/etc/x", "1"), &error));
    g_assert_true(plan_add(plan, file_change("same", "/etc/x", "1"), &error));
    g_assert_cmpuint(plan->changes->len, ==, 1);
    g_assert_false(plan_add(plan, file_change("second", "/etc/x", "2"), &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_REFUSED);
    g_assert_nonnull(strstr(error->message, "first"));
    g_assert_nonnull(strstr(error->message, "second"));
}

static char *write_json(const Plan *plan, bool full)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    JsonWrite *json = jw_new(stream);
    jw_begin_object(json, NULL);
    plan_write_changes(plan, json, full);
    jw_end_object(json);
    g_assert_true(jw_finish(json, NULL));
    fclose(stream);
    return text;
}

static void plans_survive_json(void)
{
    g_autoptr(Plan) plan = plan_new();
    g_autoptr(GError) error = NULL;
    plan_add(plan, file_change("a", "/etc/x", "one\ntwo \"three\" \\ \xc3\xa4\n"), NULL);
    plan_add(plan, rebuild("b", "vfio-pci.ko"), NULL);
    char *text = write_json(plan, true);
    g_autoptr(JsonDocument) document = jr_parse(text, strlen(text), "plan", &error);
    g_autoptr(Plan) copy = plan_read(document, jr_top(document), &error);
    g_assert_no_error(error);
    char *again = write_json(copy, true);
    g_assert_cmpstr(again, ==, text);
    g_autofree char *diff = plan_diff(plan);
    g_autofree char *diff_again = plan_diff(copy);
    g_assert_cmpstr(diff, ==, diff_again);
    free(text);
    free(again);
}

/* The promise of `plan --json`. */
static void json_has_what_is_promised(void)
{
    g_autoptr(Plan) plan = plan_new();
    plan_add(plan, file_change("a", "/etc/x", "1\n"), NULL);
    char *text = write_json(plan, false);
    g_autoptr(JsonDocument) document = jr_parse(text, strlen(text), "plan", NULL);
    const JsonValue *change = jr_element(jr_member(jr_top(document), "changes"), 0);
    static const char *const MEMBERS[] = {"step", "kind", "target", "before", "after", "restart"};
    for (guint i = 0; i < G_N_ELEMENTS(MEMBERS); i++)
        g_assert_nonnull(jr_member(change, MEMBERS[i]));
    g_assert_null(jr_member(change, "outputs"));
    free(text);
}

static void by_hand_is_for_a_shell(void)
{
    g_autoptr(Plan) plan = plan_new();
    plan_add(plan, file_change("a", "/etc/a b/x", "END $HOME\n"), NULL);
    plan_add(plan, rebuild("b", "x"), NULL);
    g_autofree char *text = plan_by_hand(plan);
    g_assert_cmpstr(text, ==,
                    "sudo mkdir -p '/etc/a b'\n"
                    "sudo tee '/etc/a b/x' >/dev/null <<'ENDD'\nEND $HOME\nENDD\n"
                    "sudo update-initramfs -u -k all\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plan/arguments/set", arguments_are_set_once);
    g_test_add_func("/plan/arguments/drop", arguments_are_dropped);
    g_test_add_func("/plan/arguments/lists", lists_keep_their_other_words);
    g_test_add_func("/plan/arguments/last", the_last_argument_counts);
    g_test_add_func("/plan/arguments/check", arguments_cannot_break_out);
    g_test_add_func("/plan/setting/set", settings_keep_the_rest);
    g_test_add_func("/plan/setting/refuse", settings_refuse_what_they_do_not_understand);
    g_test_add_func("/plan/diff", diffs_are_what_patch_takes);
    g_test_add_func("/plan/order", plans_are_in_order);
    g_test_add_func("/plan/conflict", conflicts_name_both_steps);
    g_test_add_func("/plan/json/whole", plans_survive_json);
    g_test_add_func("/plan/json/promise", json_has_what_is_promised);
    g_test_add_func("/plan/by-hand", by_hand_is_for_a_shell);
    return g_test_run();
}
