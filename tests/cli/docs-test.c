/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether --help, the manual pages and the completions say what the table of commands says. */
#include "cli/commands.h"
#include "program.h"

#include <string.h>

static char *read_built(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(g_getenv("ROOTSTOCK_BUILD"), folder, file, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static gboolean is_option(const CliOption *options, const char *name)
{
    for (; options->name != NULL; options++) {
        if (strcmp(options->name, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Every `--word` of TEXT is an option of COMMAND (with NULL of the program). */
static void assert_no_other_options(const char *text, const CliCommand *command)
{
    g_autoptr(GRegex) regex = g_regex_new("(?<![-\\w])--([a-z][a-z-]*)", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *name = g_match_info_fetch(match, 1);
        if (!is_option(cli_global_options(), name) &&
            (command == NULL || !is_option(command->options, name)))
            g_error("%s speaks of --%s", command != NULL ? command->name : "the program", name);
    }
}

static void assert_options(const char *text, const CliOption *options, const char *before,
                           const char *after)
{
    for (; options->name != NULL; options++) {
        g_autofree char *wanted = g_strconcat(before, options->name, after, NULL);
        if (strstr(text, wanted) == NULL)
            g_error("'%s' is missing", wanted);
    }
}

static void assert_summary(const char *summary)
{
    g_assert_cmpuint(strlen(summary), >, 0);
    g_assert_false(g_str_has_suffix(summary, "."));
    g_assert_true(g_ascii_isupper(summary[0]));
}

static void assert_options_whole(const CliOption *options)
{
    for (; options->name != NULL; options++) {
        assert_summary(options->summary);
        g_assert_true((options->kind == ARGUMENT_NONE) == (options->metavar == NULL));
        g_assert_true((options->kind == ARGUMENT_WORD) == (options->words != NULL));
        if (options->kind == ARGUMENT_NUMBER)
            g_assert_cmpint(options->max, >, options->min);
    }
}

/* Each action has its words, and no option names an action that there is not. */
static void assert_actions_whole(const CliCommand *command)
{
    for (const CliAction *action = command->actions; action != NULL && action->name != NULL;
         action++) {
        unsigned count = 0;
        assert_summary(action->summary);
        while (action->arguments[count].kind != ARGUMENT_NONE)
            g_assert_nonnull(action->arguments[count++].metavar);
        g_assert_cmpuint(action->repeat, <=, count);
    }
    for (const CliOption *option = command->options; option->name != NULL; option++) {
        for (const char *const *name = option->actions; name != NULL && *name != NULL; name++)
            g_assert_nonnull(cli_action_named(command, *name));
    }
}

static void the_table_is_whole(void)
{
    g_autoptr(GString) names = g_string_new(NULL);

    assert_options_whole(cli_global_options());
    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        g_string_append_printf(names, "%s%s", id > 0 ? " " : "", command->name);
        assert_summary(command->summary);
        assert_options_whole(command->options);
        assert_actions_whole(command);
        g_assert_nonnull(command->paragraphs[0]);
        g_assert_nonnull(command->members[0].name);
        g_assert_nonnull(command->examples[0].command);
        for (const CliOption *option = command->options; option->name != NULL; option++)
            g_assert_false(is_option(cli_global_options(), option->name));
    }
    g_assert_cmpstr(names->str, ==, COMMAND_NAMES); /* those that Meson makes pages for */
}

static void help_has_all(void)
{
    g_autoptr(Result) all = program_run(NULL, "--help", NULL);
    g_assert_cmpint(all->status, ==, 0);
    assert_options(all->out, cli_global_options(), "--", "");

    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        g_autoptr(Result) help = program_run(NULL, command->name, "--help", NULL);
        g_autoptr(Result) same = program_run(NULL, "help", command->name, NULL);
        g_autofree char *line = g_strdup_printf("\n  %s ", command->name);

        g_assert_nonnull(strstr(all->out, line));
        g_assert_cmpint(help->status, ==, 0);
        g_assert_cmpstr(help->err, ==, "");
        g_assert_cmpstr(help->out, ==, same->out);
        g_assert_nonnull(strstr(help->out, command->examples[0].command));
        assert_options(help->out, command->options, "--", "");
        assert_options(help->out, cli_global_options(), "--", "");
        assert_no_other_options(help->out, command);
    }
}

/* Each has an item of its own, not only a place in the synopsis. */
static void assert_option_items(const char *page, const CliOption *options)
{
    for (; options->name != NULL; options++) {
        g_autofree char *item =
            options->letter != 0
                ? g_strdup_printf("\n*-%c*, *--%s*", options->letter, options->name)
                : g_strdup_printf("\n*--%s*", options->name);
        if (strstr(page, item) == NULL)
            g_error("'%s' is missing", item + 1);
    }
}

static void manual_pages_have_all(void)
{
    g_autofree char *program = read_built("man", "rootstock.1.scd");
    assert_option_items(program, cli_global_options());

    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        g_autofree char *file = g_strdup_printf("rootstock-%s.1.scd", command->name);
        g_autofree char *page = read_built("man", file);
        g_autofree char *reference = g_strdup_printf("*rootstock-%s*(1)", command->name);
        g_auto(GStrv) pieces = g_strsplit(page, "\\", -1);
        g_autofree char *plain = g_strjoinv("", pieces);

        g_assert_nonnull(strstr(program, reference));
        g_assert_nonnull(strstr(page, "# EXIT STATUS"));
        assert_option_items(page, command->options);
        assert_option_items(page, cli_global_options());
        assert_no_other_options(plain, command);
    }
}

static gboolean has_program(const char *name)
{
    g_autofree char *path = g_find_program_in_path(name);
    if (path == NULL) {
        g_autofree char *reason = g_strdup_printf("%s is not installed", name);
        g_test_skip(reason);
    }
    return path != NULL;
}

static void assert_page_formats(const char *name)
{
    g_autofree char *file = g_strdup_printf("%s.1", name);
    g_autofree char *path = g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "man", file, NULL);
    const char *argv[] = {"man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path, NULL};
    g_autoptr(Result) result = program_run_other(NULL, argv);

    g_assert_cmpint(result->status, ==, 0);
    g_assert_cmpstr(result->err, ==, "");
    g_assert_cmpuint(result->out_length, >, 1000);
}

static void manual_pages_format(void)
{
    if (!has_program("man"))
        return;
    assert_page_formats("rootstock");
    for (int id = 0; id < COMMANDS; id++) {
        g_autofree char *name = g_strdup_printf("rootstock-%s", cli_command((CommandId)id)->name);
        assert_page_formats(name);
    }
}

static const struct {
    const char *shell, *file;
    const char *before, *after; /* what stands around an option's name */
    const char *word_before;    /* and before a command's */
} SHELLS[] = {
    {"bash", "rootstock", " --", "", " "},
    {"zsh", "_rootstock", "--", "", "'"},
    {"fish", "rootstock.fish", "-l ", " ", "-a "},
};

static void completion_has_all(gconstpointer data)
{
    guint shell = GPOINTER_TO_UINT(data);
    g_autofree char *text = read_built("completions", SHELLS[shell].file);

    assert_options(text, cli_global_options(), SHELLS[shell].before, SHELLS[shell].after);
    for (int id = 0; id < COMMANDS; id++) {
        const CliCommand *command = cli_command((CommandId)id);
        g_autofree char *word = g_strconcat(SHELLS[shell].word_before, command->name, NULL);
        g_assert_nonnull(strstr(text, word));
        assert_options(text, command->options, SHELLS[shell].before, SHELLS[shell].after);
    }
}

static void completion_is_valid(gconstpointer data)
{
    guint shell = GPOINTER_TO_UINT(data);
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "completions", SHELLS[shell].file, NULL);
    const char *argv[] = {SHELLS[shell].shell, "-n", path, NULL};

    if (!has_program(SHELLS[shell].shell))
        return;
    g_autoptr(Result) result = program_run_other(NULL, argv);
    g_assert_cmpstr(result->err, ==, "");
    g_assert_cmpint(result->status, ==, 0);
}

/* What SHELL offers for LINE, one candidate a line. SCRIPT gets the completions' path and the line
 * as its arguments; in bash the word before them is its name. */
static char *offers(const char *shell, const char *flag, const char *script, const char *file,
                    const char *line)
{
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "completions", file, NULL);
    g_autofree char *folder = g_build_filename(g_getenv("ROOTSTOCK_BUILD"), "src", "cli", NULL);
    g_autofree char *search = g_strdup_printf("PATH=%s:%s", folder, g_getenv("PATH"));
    const char *env[] = {search, NULL};
    gboolean bash = strcmp(shell, "bash") == 0;
    const char *argv[] = {
        shell, flag, "-c", script, bash ? "complete" : path, bash ? path : line, bash ? line : NULL,
        NULL};
    g_autoptr(Result) result = program_run_other(&(RunOptions){.env = env}, argv);

    g_test_message("%s", result->err);
    return g_steal_pointer(&result->out);
}

typedef struct {
    const char *line, *offered, *not_offered;
} OfferCase;

/* SHOWN is what was offered, one candidate a line. */
static void assert_offers(const char *shown, const OfferCase *expected)
{
    g_autofree char *text = g_strconcat("\n", shown, "\n", NULL);
    g_autofree char *wanted = g_strconcat("\n", expected->offered, NULL);
    g_autofree char *unwanted = g_strconcat("\n", expected->not_offered, NULL);

    g_test_message("%s: %s", expected->line, shown);
    g_assert_nonnull(strstr(text, wanted));
    g_assert_null(strstr(text, unwanted));
}

static void bash_completes(void)
{
    static const char SCRIPT[] =
        "source \"$1\"; COMP_WORDS=($2); COMP_CWORD=$((${#COMP_WORDS[@]}-1));"
        "_rootstock; printf '%s\\n' \"${COMPREPLY[@]}\"";
    static const OfferCase CASES[] = {
        {"rootstock ch", "check", "devices"},
        {"rootstock --root /tmp ch", "check", "devices"},
        {"rootstock check --o", "--os", "--force"},
        {"rootstock check --os so", "sonoma", "tiger"},
        {"rootstock build x --only d", "disk", "check"},
        {"rootstock --color a", "auto", "never"},
        {"rootstock help sc", "scan", "check"},
        {"rootstock config v", "validate", "get"},
        {"rootstock config set x Misc.Security.V", "Misc.Security.Vault", "Misc.Boot"},
        {"rootstock config validate --opencore 1.0.7 --e", "--efi", "--force"},
    };
    if (!has_program("bash"))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *shown = offers("bash", "--norc", SCRIPT, "rootstock", CASES[i].line);
        assert_offers(shown, &CASES[i]);
    }
}

static void fish_completes(void)
{
    static const char SCRIPT[] = "source $argv[1]; complete -C \"$argv[2]\"";
    static const OfferCase CASES[] = {
        {"rootstock ch", "check", "devices"},
        {"rootstock --root /tmp ch", "check", "devices"},
        {"rootstock check --o", "--os", "--force"},
        {"rootstock check --os so", "sonoma", "tiger"},
        {"rootstock build x --only d", "disk", "check"},
        {"rootstock help sc", "scan", "check"},
        {"rootstock config v", "validate", "get"},
        {"rootstock config set x Misc.Security.V", "Misc.Security.Vault", "Misc.Boot"},
    };
    if (!has_program("fish"))
        return;
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *shown =
            offers("fish", "--no-config", SCRIPT, "rootstock.fish", CASES[i].line);
        assert_offers(shown, &CASES[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/docs/table/whole", the_table_is_whole);
    g_test_add_func("/docs/help/all", help_has_all);
    g_test_add_func("/docs/man/all", manual_pages_have_all);
    g_test_add_func("/docs/man/formats", manual_pages_format);
    for (guint i = 0; i < G_N_ELEMENTS(SHELLS); i++) {
        g_autofree char *all = g_strdup_printf("/docs/%s/all", SHELLS[i].shell);
        g_autofree char *valid = g_strdup_printf("/docs/%s/valid", SHELLS[i].shell);
        g_test_add_data_func(all, GUINT_TO_POINTER(i), completion_has_all);
        g_test_add_data_func(valid, GUINT_TO_POINTER(i), completion_is_valid);
    }
    g_test_add_func("/docs/bash/completes", bash_completes);
    g_test_add_func("/docs/fish/completes", fish_completes);
    return g_test_run();
}
