/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a command line or an input file: one line of error, the promised status, and
 * nothing left behind. */
#include "program.h"

#include <string.h>

static void wrong_command_lines_are_refused(void)
{
    static const struct {
        const char *arguments[8]; /* ended by NULL */
        const char *words;
    } CASES[] = {
        {{"chekc"}, "Did you mean 'check'?"},
        {{"xyzzyplugh"}, "`rootstock help` lists them"},
        {{"cards"}, "no command 'cards'"},
        {{"check", "--ox", "sonoma"}, "Did you mean --os?"},
        {{"check", "--frobnicate"}, "no option --frobnicate of check"},
        {{"check", "-z"}, "no option -z"},
        {{"check", "--os"}, "--os needs a value"},
        {{"check", "--os", ""}, "--os is empty"},
        {{"check", "--json=yes"}, "--json takes no value"},
        {{"check", "--force"}, "no option --force of check"},
        {{"check", "sonoma"}, "argument too many: 'sonoma'"},
        {{"check", "--os", "sonomaa"}, "sonoma"},
        {{"check", "--os", "97.4"}, "97.4"},
        {{"check", "--gpu", "nonsense"}, "'nonsense' is no graphics card"},
        {{"check", "--gpu", "10de:zzzz"}, "is no graphics card"},
        {{"check", "--gpu", "ff:1f.7"}, "no PCI function 0000:ff:1f.7"},
        {{"show"}, "rootstock show NAME"},
        {{"show", "a", "b"}, "argument too many: 'b'"},
        {{"help", "chekc"}, "Did you mean 'check'?"},
        {{"--color", "blue", "check"}, "'blue' is no value for --color"},
        {{"--host", "/dev/null", "--root", "/", "check"}, "--host and --root"},
        {{"--root", "/nonexistent/folder", "check"}, "/nonexistent/folder"},
        {{"--host", "/nonexistent/file", "check"}, "/nonexistent/file"},
        {{"--host", "/dev/null", "check"}, "lspci -nnk"},
        {{"preflight", "x", "--timeout", "0"}, "from 1 to 86400"},
        {{"preflight", "x", "--timeout", "1s"}, "'1s' is no value for --timeout"},
        {{"build", "x", "--only", "wings"}, "It takes one of: disk"},
        {{"new", "x"}, "--os RELEASE"},
        {{"new", "x", "--os", "sonoma", "--cores", "0"}, "--cores"},
        {{"new", "x", "--os", "sonoma", "--memory", "lots"}, "--memory is wrong"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Result) result = program_run_argv(NULL, CASES[i].arguments);
        assert_refused(result, 2, CASES[i].words);
    }
}

static void options_may_stand_anywhere(void)
{
    g_autofree char *host = host_path("penryn");
    g_autoptr(Result) before = program_run(NULL, "--json", "--host", host, "check", NULL);
    g_autoptr(Result) behind = program_run(NULL, "check", "--host", host, "--json", NULL);
    g_assert_cmpstr(before->out, ==, behind->out);
    assert_json(before, "releases");
}

static void other_hosts_are_not_changed(void)
{
    static const char *const COMMANDS[][4] = {
        {"new", "x", "--os=sonoma"}, {"build", "x"}, {"delete", "x", "--yes"}, {"preflight", "x"}};
    g_autofree char *host = host_path("penryn");
    g_autofree char *store = folder_new();

    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        g_autoptr(Result) result =
            program_run(NULL, "--host", host, "--store", store, COMMANDS[i][0], COMMANDS[i][1],
                        COMMANDS[i][2], NULL);
        assert_refused(result, 2, "without --host");
    }
    g_assert_true(folder_is_empty(store));
    folder_free(g_steal_pointer(&store));
}

/* A snapshot that is cut off at LENGTH bytes. */
static void assert_cut_is_refused(const char *text, gsize length, const char *path)
{
    g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
    g_autoptr(Result) result = program_run(NULL, "--host", path, "check", "--json", NULL);
    assert_refused(result, 2, path);
}

static void cut_snapshots_are_refused(void)
{
    g_autofree char *host = host_path("virtual-machine");
    g_autofree char *folder = folder_new();
    g_autofree char *path = g_build_filename(folder, "cut.json", NULL);
    g_autofree char *text = NULL;
    gsize length = 0;

    g_assert_true(g_file_get_contents(host, &text, &length, NULL));
    for (gsize part = 0; part < 8; part++)
        assert_cut_is_refused(text, length * part / 8, path);
    assert_cut_is_refused(text, length - 2, path); /* the last brace and its line feed */
    folder_free(g_steal_pointer(&folder));
}

static void pasted_text_is_a_host(void)
{
    static const char POST[] =
        "Hello, can this run macOS?\n\n```\n"
        "IOMMU Group 7 0a:00.0 VGA compatible controller [0300]: Advanced Micro Devices, Inc. "
        "[AMD/ATI] Navi 23 [1002:73ff] (rev c1)\n```\n";
    g_autoptr(Result) devices =
        program_run(&(RunOptions){.input = POST}, "--host", "-", "devices", "--json", NULL);
    g_assert_cmpint(devices->status, ==, 0);
    g_assert_nonnull(strstr(devices->out, "\"1002:73ff\""));
    g_autoptr(Result) check = program_run(&(RunOptions){.input = POST}, "--host", "-", "check",
                                          "--os", "monterey", "--json", NULL);
    g_assert_cmpint(check->status, ==, 1);
    assert_json(check, "releases");
    g_assert_nonnull(strstr(check->out, "\"verdict\": \"unknown\""));
}

static void wrong_names_leave_nothing(void)
{
    static const char *const NAMES[] = {"a/b", "../a",    "a'b",        "a\"b", "a\nb",
                                        "",    ".hidden", "-x\x1b[31m", "\xff"};
    g_autofree char *folder = folder_new();
    g_autofree char *store = g_build_filename(folder, "store", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autoptr(Result) result =
            program_run(NULL, "--store", store, "new", "--os", "sonoma", "--", NAMES[i], NULL);
        assert_refused(result, 2, "name");
        g_assert_null(strchr(result->err, '\x1b'));
        g_autoptr(Result) show = program_run(NULL, "--store", store, "show", "--", NAMES[i], NULL);
        assert_refused(show, 2, "name");
    }
    g_assert_true(folder_is_empty(folder));
    folder_free(g_steal_pointer(&folder));
}

static void impossible_machines_leave_nothing(void)
{
    static const struct {
        const char *option, *value, *words;
    } CASES[] = {
        {"--cores", "1021", "1021"},
        {"--memory", "4000T", "memory"},
        {"--device", "ff:1f.7", "ff:1f.7"},
        {"--gpu", "ff:1f.7", "ff:1f.7"},
        {"--gpu", "card", "'card' is no PCI address"},
    };
    g_autofree char *folder = folder_new();
    g_autofree char *store = g_build_filename(folder, "store", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Result) result = program_run(NULL, "--store", store, "new", "x", "--os", "sonoma",
                                               CASES[i].option, CASES[i].value, NULL);
        if (result->status == 3) {
            g_test_skip("this host lacks what a machine needs");
            break;
        }
        assert_refused(result, 2, CASES[i].words);
    }
    g_assert_true(folder_is_empty(folder));
    folder_free(g_steal_pointer(&folder));
}

static void missing_machines_are_named(void)
{
    static const char *const COMMANDS[] = {"show", "build", "xml", "qemu", "preflight"};
    g_autofree char *folder = folder_new();
    g_autofree char *store = g_build_filename(folder, "store", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        g_autoptr(Result) result = program_run(NULL, "--store", store, COMMANDS[i], "nobody", NULL);
        assert_refused(result, 2, "nobody");
    }
    g_autoptr(Result) result =
        program_run(NULL, "--store", store, "delete", "--yes", "nobody", NULL);
    assert_refused(result, 2, "nobody");
    g_assert_true(folder_is_empty(folder));
    folder_free(g_steal_pointer(&folder));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/input/command-lines", wrong_command_lines_are_refused);
    g_test_add_func("/input/options-anywhere", options_may_stand_anywhere);
    g_test_add_func("/input/pasted-text", pasted_text_is_a_host);
    g_test_add_func("/input/other-hosts", other_hosts_are_not_changed);
    g_test_add_func("/input/cut-snapshots", cut_snapshots_are_refused);
    g_test_add_func("/input/wrong-names", wrong_names_leave_nothing);
    g_test_add_func("/input/impossible-machines", impossible_machines_leave_nothing);
    g_test_add_func("/input/missing-machines", missing_machines_are_named);
    return g_test_run();
}
