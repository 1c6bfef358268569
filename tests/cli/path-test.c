/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The path as people see it: status and guide of recorded hosts, held against tests/golden, the
 * glossary, the pager, and whether the texts tell people to type what there is. */
#include "base/jsonread.h"
#include "cli/commands.h"
#include "program.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const HOSTS[] = {
    "amd-two-cards", "fresh-amd", "intel-one-card",   "intel-single-card", "laptop",
    "penryn",        "server",    "unsupported-card", "virtual-machine"};

static const char *const NARROW[] = {"COLUMNS=80", NULL};
static const char *const WIDE[] = {"COLUMNS=200", NULL};

static void the_path_of_recorded_hosts_is_as_it_was(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        g_autofree char *host = host_path(HOSTS[i]);
        g_autofree char *text_file = g_strdup_printf("status-%s.txt", HOSTS[i]);
        g_autofree char *json_file = g_strdup_printf("status-%s.json", HOSTS[i]);
        g_autoptr(Result) narrow =
            program_run(&(RunOptions){.env = NARROW}, "--host", host, "status", "--verbose", NULL);
        g_autoptr(Result) brief =
            program_run(&(RunOptions){.env = NARROW}, "--host", host, "status", NULL);
        g_autoptr(Result) wide =
            program_run(&(RunOptions){.env = WIDE}, "--host", host, "status", NULL);
        g_autoptr(Result) json = program_run(NULL, "--host", host, "status", "--json", NULL);

        g_assert_cmpint(narrow->status, ==, 0);
        assert_fits(narrow->out, 80);
        assert_fits(brief->out, 80);
        assert_fits(wide->out, 200);
        assert_golden(text_file, narrow->out);
        assert_golden(json_file, json->out);
    }
}

/* The members and words that CLI.md promises, and numbers that agree with the list. */
static void status_json_keeps_its_word(void)
{
    static const char *const STATES[] = {"done",       "todo",    "manual", "blocked",
                                         "not-needed", "unknown", NULL};
    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        g_autofree char *path = host_path(HOSTS[i]);
        g_autoptr(Result) result = program_run(NULL, "--host", path, "status", "--json", NULL);
        g_autoptr(JsonDocument) document =
            jr_parse(result->out, result->out_length, "status", NULL);
        const JsonValue *top = jr_top(document);
        const JsonValue *steps = jr_member(top, "steps");
        gint64 done = 0, needed = 0;

        g_assert_cmpuint(jr_length(steps), >, 50);
        for (guint j = 0; j < jr_length(steps); j++) {
            const JsonValue *step = jr_element(steps, j);
            g_autofree char *state = jr_string(document, step, "state");
            g_autofree char *id = jr_string(document, step, "id");
            g_autofree char *section = jr_string(document, step, "section");
            g_autofree char *title = jr_string(document, step, "title");
            g_assert_nonnull(id);
            g_assert_nonnull(section);
            g_assert_nonnull(title);
            g_assert_nonnull(jr_member(step, "evidence"));
            g_assert_nonnull(jr_member(step, "reason"));
            g_assert_true(g_strv_contains(STATES, state));
            done += strcmp(state, "done") == 0;
            needed += strcmp(state, "not-needed") != 0;
        }
        g_assert_cmpint(jr_integer(document, top, "done", 0, G_MAXINT), ==, done);
        g_assert_cmpint(jr_integer(document, top, "total", 0, G_MAXINT), ==, needed);
        g_assert_true(jr_ok(document, NULL));
    }
}

static void guides_read_well(void)
{
    static const struct {
        const char *host, *step;
    } CASES[] = {{"fresh-amd", "vfio-binding"},
                 {"intel-single-card", "iommu-enabled"},
                 {"intel-single-card", "firmware-iommu"},
                 {"laptop", "libvirt-access"}};

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *host = host_path(CASES[i].host);
        g_autofree char *file = g_strdup_printf("guide-%s-%s.txt", CASES[i].step, CASES[i].host);
        g_autoptr(Result) narrow =
            program_run(&(RunOptions){.env = NARROW}, "--host", host, "guide", CASES[i].step, NULL);
        g_assert_cmpint(narrow->status, ==, 0);
        assert_golden(file, narrow->out);
    }
}

/* Code, which is indented, is not broken into lines; a word is not broken either. */
static void assert_prose_fits(const char *text, glong width)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        gboolean code = g_str_has_prefix(*line, "    ");
        if (!code && strchr(*line + strspn(*line, " "), ' ') != NULL &&
            g_utf8_strlen(*line, -1) > width)
            g_error("wider than %ld: %s", width, *line);
    }
}

static GStrv completed(const char *kind)
{
    g_autoptr(Result) result = program_run(NULL, "__complete", kind, NULL);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) lines = g_strsplit(result->out, "\n", -1);

    for (char **line = lines; *line != NULL && **line != '\0'; line++) {
        g_auto(GStrv) parts = g_strsplit(*line, "\t", 2);
        g_strv_builder_add(builder, parts[0]);
    }
    return g_strv_builder_end(builder);
}

static void every_step_can_be_read(void)
{
    g_auto(GStrv) steps = completed("steps");
    g_autofree char *host = host_path("fresh-amd");

    g_assert_cmpuint(g_strv_length(steps), >, 50);
    for (char **step = steps; *step != NULL; step++) {
        g_autoptr(Result) result =
            program_run(&(RunOptions){.env = NARROW}, "--host", host, "guide", *step, NULL);
        g_assert_cmpint(result->status, ==, 0);
        g_assert_cmpstr(result->err, ==, "");
        assert_prose_fits(result->out, 80);
        g_assert_null(strstr(result->out, "](")); /* links are not left as they are written */
    }
}

static void every_term_can_be_read(void)
{
    g_auto(GStrv) terms = completed("terms");

    g_assert_cmpuint(g_strv_length(terms), >=, 45);
    for (char **term = terms; *term != NULL; term++) {
        g_autoptr(Result) result =
            program_run(&(RunOptions){.env = NARROW}, "explain", *term, NULL);
        g_assert_cmpint(result->status, ==, 0);
        assert_prose_fits(result->out, 80);
    }
    g_autoptr(Result) all = program_run(&(RunOptions){.env = NARROW}, "explain", NULL);
    assert_fits(all->out, 80);
    g_autoptr(Result) iommu = program_run(&(RunOptions){.env = NARROW}, "explain", "VT-d", NULL);
    assert_golden("explain-iommu.txt", iommu->out);
    g_autoptr(Result) json = program_run(NULL, "explain", "--json", NULL);
    assert_json(json, "terms");
}

/* Without a step, the one that status names as the next. */
static void the_next_step_is_explained(void)
{
    g_autofree char *host = host_path("fresh-amd");
    g_autoptr(Result) status = program_run(NULL, "--host", host, "status", "--json", NULL);
    g_autoptr(Result) guide = program_run(NULL, "--host", host, "guide", "--json", NULL);
    g_autoptr(JsonDocument) first = jr_parse(status->out, status->out_length, "status", NULL);
    g_autoptr(JsonDocument) second = jr_parse(guide->out, guide->out_length, "guide", NULL);
    g_autofree char *next = jr_string(first, jr_top(first), "next");
    g_autofree char *id = jr_string(second, jr_top(second), "id");
    g_autofree char *text = jr_string(second, jr_top(second), "text");

    g_assert_nonnull(next);
    g_assert_cmpstr(next, ==, id);
    g_assert_true(g_str_has_prefix(text, "## What it is\n"));
}

static void what_there_is_not_is_said(void)
{
    g_autoptr(Result) step = program_run(NULL, "guide", "iommu-enable", NULL);
    g_autoptr(Result) other = program_run(NULL, "guide", "sandwich", NULL);
    g_autoptr(Result) term = program_run(NULL, "explain", "iomu", NULL);
    g_autoptr(Result) machine = program_run(NULL, "status", "--machine", "nobody", NULL);

    assert_refused(step, 2, "Did you mean 'iommu-enabled'?");
    assert_refused(other, 2, "`rootstock status` lists them");
    assert_refused(term, 2, "Did you mean 'iommu'?");
    assert_refused(machine, 2, "nobody");
}

/* The only machine of the store is the one whose path is shown. */
static void machines_have_a_path_of_their_own(void)
{
    g_autofree char *store = folder_new();
    g_autoptr(Result) none = program_run(NULL, "--store", store, "status", "--json", NULL);
    g_autoptr(Result) new =
        program_run(NULL, "--store", store, "new", "demo", "--os", "sonoma", "--force", NULL);
    g_autoptr(Result) one = program_run(NULL, "--store", store, "status", "--json", NULL);

    if (new->status != 0) {
        g_test_skip(new->err);
    } else {
        g_assert_nonnull(strstr(none->out, "\"machine\": null"));
        g_assert_nonnull(strstr(one->out, "\"machine\": \"demo\""));
        g_assert_nonnull(strstr(one->out, "\"release\": \"sonoma\""));
        g_assert_nonnull(strstr(one->out, "\"graphics\": \"none\""));
    }
    folder_free(g_steal_pointer(&store));
}

/* What the program writes to a terminal. */
static char *on_terminal(const char *const *env, const char *command, const char *argument)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    g_assert_cmpint(terminal, >=, 0);
    g_assert_cmpint(grantpt(terminal), ==, 0);
    g_assert_cmpint(unlockpt(terminal), ==, 0);
    g_autofree char *name = g_strdup(ptsname(terminal));
    int held = open(name, O_RDWR | O_NOCTTY); /* so that what was written stays to be read */
    g_autoptr(Result) result = program_run(&(RunOptions){.output_file = name, .env = env}, command,
                                           argument, "--color", "never", NULL);
    GString *text = g_string_new(NULL);
    char buffer[4096];
    gssize got;

    g_assert_cmpint(result->status, ==, 0);
    fcntl(terminal, F_SETFL, O_NONBLOCK);
    while ((got = read(terminal, buffer, sizeof buffer)) > 0)
        g_string_append_len(text, buffer, got);
    close(held);
    close(terminal);
    return g_string_free(text, FALSE);
}

static void a_terminal_gets_a_pager(void)
{
    static const char *const MARKING[] = {"PAGER=sed -e 's/^/paged: /'", NULL};
    static const char *const MISSING[] = {"PAGER=nothing-of-the-kind", NULL};
    static const char *const LEAVING[] = {"PAGER=true", NULL};
    g_autofree char *paged = on_terminal(MARKING, "explain", "iommu");
    g_autofree char *plain = on_terminal(MISSING, "explain", "iommu");
    g_autofree char *left = on_terminal(LEAVING, "explain", NULL);

    g_assert_nonnull(strstr(plain, "IOMMU (I/O memory"));
    g_assert_null(strstr(plain, "paged: "));
    g_assert_nonnull(strstr(paged, "IOMMU (I/O memory"));
    g_assert_cmpstr(left, ==, ""); /* and its early end is no error */
    g_autofree char *list = on_terminal(MARKING, "explain", NULL);
    g_assert_true(g_str_has_prefix(list, "paged: acpi"));
}

/* One page in a file, the same on standard output, and nothing where it cannot be. */
static void the_handbook_is_one_page(void)
{
    g_autofree char *folder = folder_new();
    g_autofree char *file = g_build_filename(folder, "handbook.html", NULL);
    g_autofree char *nowhere = g_build_filename(folder, "missing", "handbook.html", NULL);
    g_autofree char *host = host_path("amd-two-cards");
    g_autofree char *text = NULL;
    g_autoptr(Result) written =
        program_run(NULL, "--host", host, "guide", "--html", file, "--json", NULL);
    g_autoptr(Result) printed = program_run(NULL, "--host", host, "guide", "--html", "-", NULL);
    g_autoptr(Result) step = program_run(NULL, "guide", "kvm", "--html", file, NULL);
    g_autoptr(Result) lost = program_run(NULL, "--host", host, "guide", "--html", nowhere, NULL);

    g_assert_cmpint(written->status, ==, 0);
    assert_json(written, "file");
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    g_assert_true(g_str_has_prefix(text, "<!DOCTYPE html>\n<html "));
    g_assert_true(g_str_has_suffix(text, "</html>\n"));
    g_assert_cmpint(printed->status, ==, 0);
    g_assert_cmpstr(printed->out, ==, text);
    assert_refused(step, 2, "'kvm'");
    assert_refused(lost, 4, "missing");
    folder_free(g_steal_pointer(&folder));
}

static const CliOption *find_option(const CliOption *options, const char *word)
{
    gsize length = strcspn(word + 2, "=");
    for (; options->name != NULL; options++) {
        if (strlen(options->name) == length && strncmp(options->name, word + 2, length) == 0)
            return options;
    }
    return NULL;
}

/* What WORD is after COMMAND: an action where it has some, else an argument. */
static void assert_argument(const char *file, const char *line, const CliCommand *command,
                            const char *before, const char *word, char *const *steps)
{
    bool first = strcmp(before, command->name) == 0;

    if (command->actions != NULL && first && cli_action_named(command, word) == NULL)
        g_error("%s: there is no action %s in `rootstock %s`", file, word, line);
    if (command->argument.kind == ARGUMENT_STEP && g_ascii_islower(word[0]) &&
        !g_strv_contains((const char *const *)steps, word))
        g_error("%s: there is no step %s in `rootstock %s`", file, word, line);
}

/* One command line of a text, the words behind "rootstock": its options and command are those of
 * the table, and the step that `guide` gets is one. */
static void assert_command(const char *file, const char *line, char *const *steps)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    const CliCommand *command = NULL;

    for (guint i = 0; words[i] != NULL && strstr("|>#", words[i]) == NULL; i++) {
        const char *word = words[i];
        if (g_str_has_prefix(word, "--")) {
            const CliOption *option = find_option(cli_global_options(), word);
            if (option == NULL && command != NULL)
                option = find_option(command->options, word);
            if (option == NULL)
                g_error("%s: there is no option %s in `rootstock %s`", file, word, line);
            if (option->kind != ARGUMENT_NONE && strchr(word, '=') == NULL && words[i + 1] != NULL)
                i++;
        } else if (command == NULL) {
            command = cli_command_named(word);
            if (command == NULL)
                g_error("%s: there is no command %s in `rootstock %s`", file, word, line);
        } else {
            assert_argument(file, line, command, words[i - 1], word, steps);
        }
    }
    if (command == NULL)
        g_error("%s: there is no command in `rootstock %s`", file, line);
}

static void assert_commands(const char *file, const char *text, char *const *steps, guint *count)
{
    g_autoptr(GRegex) regex =
        g_regex_new("(?:`|^ *)rootstock ([^`\n]*)", G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *line = g_match_info_fetch(match, 1);
        assert_command(file, line, steps);
        (*count)++;
    }
}

static void assert_commands_of_folder(const char *folder, char *const *steps, guint *count)
{
    g_autofree char *path = g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "data", folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *file;

    while ((file = g_dir_read_name(dir)) != NULL) {
        g_autofree char *whole = g_build_filename(path, file, NULL);
        g_autofree char *text = NULL;
        if (g_str_has_suffix(file, ".md") && g_file_get_contents(whole, &text, NULL, NULL))
            assert_commands(file, text, steps, count);
    }
}

static void texts_name_commands_that_there_are(void)
{
    g_auto(GStrv) steps = completed("steps");
    guint count = 0;

    assert_commands_of_folder("", steps, &count);
    assert_commands_of_folder("steps", steps, &count);
    assert_commands_of_folder("steps/parts", steps, &count);
    g_assert_cmpuint(count, >, 20);
}

/* And so do the hints of the path itself, on every host. */
static void hints_name_commands_that_there_are(void)
{
    g_auto(GStrv) names = completed("steps");

    for (guint i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        g_autofree char *path = host_path(HOSTS[i]);
        g_autoptr(Result) result = program_run(NULL, "--host", path, "status", "--json", NULL);
        g_autoptr(JsonDocument) document =
            jr_parse(result->out, result->out_length, "status", NULL);
        const JsonValue *steps = jr_member(jr_top(document), "steps");

        for (guint j = 0; j < jr_length(steps); j++) {
            const JsonValue *step = jr_element(steps, j);
            g_autofree char *next = jr_string(document, step, "next");
            if (next != NULL)
                assert_command(HOSTS[i], next + strlen("rootstock "), names);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/path/golden", the_path_of_recorded_hosts_is_as_it_was);
    g_test_add_func("/path/json", status_json_keeps_its_word);
    g_test_add_func("/path/guide/golden", guides_read_well);
    g_test_add_func("/path/guide/every-step", every_step_can_be_read);
    g_test_add_func("/path/guide/next", the_next_step_is_explained);
    g_test_add_func("/path/explain", every_term_can_be_read);
    g_test_add_func("/path/unknown-names", what_there_is_not_is_said);
    g_test_add_func("/path/machine", machines_have_a_path_of_their_own);
    g_test_add_func("/path/handbook", the_handbook_is_one_page);
    g_test_add_func("/path/pager", a_terminal_gets_a_pager);
    g_test_add_func("/path/texts/commands", texts_name_commands_that_there_are);
    g_test_add_func("/path/hints/commands", hints_name_commands_that_there_are);
    return g_test_run();
}
