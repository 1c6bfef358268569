/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/parse.h"

#include "base/error.h"
#include "base/size.h"
#include "cli/suggest.h"
#include "cli/usage.h"

#include <getopt.h>
#include <string.h>

typedef struct {
    const CliOption *option;
    const char *value;
} GivenOption;

/* getopt's tables for some of our options, and the way back from its answer. */
typedef struct {
    GPtrArray *options; /* of const CliOption * */
    GArray *longs;      /* of struct option; val is VALUE_BASE + position in `options` */
    GString *shorts;
} GetoptTables;

enum { VALUE_BASE = 1000 };

static void add_options(GetoptTables *tables, const CliOption *options)
{
    for (const CliOption *option = options; option->name != NULL; option++) {
        bool has_argument = option->kind != ARGUMENT_NONE;
        struct option entry = {option->name, has_argument ? required_argument : no_argument, NULL,
                               VALUE_BASE + (int)tables->options->len};
        g_array_append_val(tables->longs, entry);
        g_ptr_array_add(tables->options, (gpointer)option);
        if (option->letter != 0)
            g_string_append_printf(tables->shorts, "%c%s", option->letter, has_argument ? ":" : "");
    }
}

/* MODE is getopt's: "+" stops at the first word that is no option, "" goes on behind it. */
static GetoptTables *tables_new(const char *mode, const CliCommand *command)
{
    GetoptTables *tables = g_new0(GetoptTables, 1);
    tables->options = g_ptr_array_new();
    tables->longs = g_array_new(TRUE, TRUE, sizeof(struct option));
    tables->shorts = g_string_new(mode);
    g_string_append_c(tables->shorts, ':'); /* tell a missing argument from an unknown option */
    add_options(tables, cli_global_options());
    if (command != NULL)
        add_options(tables, command->options);
    return tables;
}

static void tables_free(GetoptTables *tables)
{
    g_ptr_array_unref(tables->options);
    g_array_unref(tables->longs);
    g_string_free(tables->shorts, TRUE);
    g_free(tables);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GetoptTables, tables_free)

static const CliOption *option_of(const GetoptTables *tables, int value)
{
    if (value >= VALUE_BASE)
        return g_ptr_array_index(tables->options, value - VALUE_BASE);
    for (guint i = 0; i < tables->options->len; i++) {
        const CliOption *option = g_ptr_array_index(tables->options, i);
        if (value != 0 && option->letter == value)
            return option;
    }
    return NULL;
}

static const char *try_help(const CliCommand *command)
{
    return command != NULL ? command->name : "";
}

static bool fail_option(const GetoptTables *tables, const CliCommand *command, int answer,
                        const char *word, GError **error)
{
    const CliOption *option = option_of(tables, optopt);

    if (answer == ':')
        return fail(error, ERROR_INPUT, "The option --%s needs a value: --%s %s.", option->name,
                    option->name, option->metavar);
    if (option != NULL)
        return fail(error, ERROR_INPUT, "The option --%s takes no value.", option->name);
    if (optopt != 0)
        return fail(error, ERROR_INPUT,
                    "There is no option -%c. `rootstock help%s%s` lists the options.", optopt,
                    command != NULL ? " " : "", try_help(command));

    g_autofree char *name = g_strndup(word + 2, strcspn(word + 2, "="));
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < tables->options->len; i++)
        g_ptr_array_add(names,
                        (gpointer)((const CliOption *)g_ptr_array_index(tables->options, i))->name);
    const char *nearest = suggest_nearest(name, names);
    if (nearest != NULL)
        return fail(error, ERROR_INPUT, "There is no option --%s%s%s. Did you mean --%s?", name,
                    command != NULL ? " of " : "", try_help(command), nearest);
    return fail(error, ERROR_INPUT,
                "There is no option --%s%s%s. `rootstock help%s%s` lists the options.", name,
                command != NULL ? " of " : "", try_help(command), command != NULL ? " " : "",
                try_help(command));
}

static bool check_number(const CliOption *option, const char *value, GError **error)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(value, 10, (guint64)option->min, (guint64)option->max, &number,
                                    NULL))
        return fail(error, ERROR_INPUT,
                    "'%s' is no value for --%s. It takes a whole number from %d to %d.", value,
                    option->name, option->min, option->max);
    return true;
}

static bool check_word(const CliOption *option, const char *value, GError **error)
{
    if (g_strv_contains(option->words, value))
        return true;
    g_autofree char *words = g_strjoinv(", ", (char **)option->words);
    return fail(error, ERROR_INPUT, "'%s' is no value for --%s. It takes one of: %s.", value,
                option->name, words);
}

static bool check_size(const CliOption *option, const char *value, GError **error)
{
    guint64 bytes;
    if (!size_parse(value, &bytes, error)) {
        g_prefix_error(error, "The value of --%s is wrong. ", option->name);
        return false;
    }
    if (bytes == 0)
        return fail(error, ERROR_INPUT, "'%s' is no value for --%s. It has to be more than 0.",
                    value, option->name);
    return true;
}

static bool check_value(const CliOption *option, const char *value, GError **error)
{
    if (option->kind == ARGUMENT_NONE)
        return true;
    if (*value == '\0')
        return fail(error, ERROR_INPUT, "The value of --%s is empty: --%s %s.", option->name,
                    option->name, option->metavar);
    if (option->kind == ARGUMENT_NUMBER)
        return check_number(option, value, error);
    if (option->kind == ARGUMENT_WORD)
        return check_word(option, value, error);
    if (option->kind == ARGUMENT_SIZE)
        return check_size(option, value, error);
    return true;
}

/* Reads options up to the end, or with "+" to the first other word, which optind then tells. */
static bool read_options(CommandLine *line, int argc, char **argv, const char *mode, GError **error)
{
    g_autoptr(GetoptTables) tables = tables_new(mode, line->command);
    opterr = 0;
    optind = 0; /* glibc: start anew */

    for (;;) {
        optopt = 0;
        int answer = getopt_long(argc, argv, tables->shorts->str,
                                 (const struct option *)(void *)tables->longs->data, NULL);
        if (answer == -1)
            return true;
        const char *word = argv[MAX(optind - 1, 1)];
        if (answer == '?' || answer == ':')
            return fail_option(tables, line->command, answer, word, error);
        GivenOption given = {option_of(tables, answer), optarg};
        if (!check_value(given.option, given.value, error))
            return false;
        g_array_append_val(line->given, given);
    }
}

bool command_line_fail_name(const char *name, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (int id = 0; id < COMMANDS; id++)
        g_ptr_array_add(names, (gpointer)cli_command((CommandId)id)->name);
    const char *nearest = suggest_nearest(name, names);
    if (nearest != NULL)
        return fail(error, ERROR_INPUT, "There is no command '%s'. Did you mean '%s'?", name,
                    nearest);
    return fail(error, ERROR_INPUT, "There is no command '%s'. `rootstock help` lists them.", name);
}

static bool fail_action(const CliCommand *command, const char *word, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const CliAction *action = command->actions; action->name != NULL; action++)
        g_ptr_array_add(names, (gpointer)action->name);
    const char *nearest = word != NULL ? suggest_nearest(word, names) : NULL;
    g_ptr_array_add(names, NULL);
    g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
    if (word == NULL)
        return fail(error, ERROR_INPUT,
                    "The command %s needs to be told what to do: one of %s. `rootstock help %s` "
                    "explains them.",
                    command->name, all, command->name);
    if (nearest != NULL)
        return fail(error, ERROR_INPUT, "There is no '%s %s'. Did you mean '%s %s'?", command->name,
                    word, command->name, nearest);
    return fail(error, ERROR_INPUT, "There is no '%s %s'. There are: %s.", command->name, word,
                all);
}

/* How many arguments the action takes at the least and at the most. */
static bool takes_count(const CliAction *action, guint count)
{
    guint least = 0, most = 0;
    for (const CliArgument *argument = action->arguments; argument->kind != ARGUMENT_NONE;
         argument++) {
        most++;
        least += argument->optional ? 0 : 1;
    }
    if (action->repeat > 0 && count > most)
        return (count - most) % action->repeat == 0;
    return count >= least && count <= most;
}

static bool check_action_options(const CommandLine *line, GError **error)
{
    for (guint i = 0; i < line->given->len; i++) {
        const CliOption *option = g_array_index(line->given, GivenOption, i).option;
        if (!cli_action_takes(line->action, option))
            return fail(error, ERROR_INPUT, "There is no option --%s of %s %s.", option->name,
                        line->command->name, line->action->name);
    }
    return true;
}

/* The action, which is the first of the COUNT WORDS, and its arguments. */
static bool read_action(CommandLine *line, int count, char **words, GError **error)
{
    const CliCommand *command = line->command;
    if (count == 0 && command_line_has(line, "help"))
        return true;
    line->action = count > 0 ? cli_action_named(command, words[0]) : NULL;
    if (line->action == NULL)
        return fail_action(command, count > 0 ? words[0] : NULL, error);
    line->arguments = words + 1;
    line->argument_count = (guint)count - 1;
    line->argument = count > 1 ? words[1] : NULL;
    if (command_line_has(line, "help"))
        return true;
    if (!takes_count(line->action, line->argument_count)) {
        g_autofree char *usage = help_action_usage(command, line->action);
        return fail(error, ERROR_INPUT,
                    "%s %s has too few arguments or too many: %s. `rootstock help %s` explains "
                    "it.",
                    command->name, line->action->name, usage, command->name);
    }
    return check_action_options(line, error);
}

/* The argument of the command, from the COUNT WORDS that are no options. */
static bool read_argument(CommandLine *line, int count, char **words, GError **error)
{
    const CliCommand *command = line->command;
    if (command->actions != NULL)
        return read_action(line, count, words, error);
    int most = command->argument.kind == ARGUMENT_NONE ? 0 : 1;

    if (count > most && !command->many)
        return fail(
            error, ERROR_INPUT,
            "There is an argument too many: '%s'. `rootstock help %s` shows how %s is used.",
            words[most], command->name, command->name);
    line->arguments = words;
    line->argument_count = (guint)count;
    if (count >= 1)
        line->argument = words[0];
    else if (most == 1 && !command->argument.optional && !command_line_has(line, "help"))
        return fail(error, ERROR_INPUT,
                    "The command %s needs an argument: rootstock %s %s. `rootstock help %s` "
                    "explains it.",
                    command->name, command->name, command->argument.metavar, command->name);
    return true;
}

/* getopt takes a negative number for options. None has a digit, so such a word is an argument, and
 * goes past getopt with this before it. */
#define NUMBER_MARK '\001'

static void mark_numbers(CommandLine *line, int count, char **words)
{
    for (int i = 0; i < count; i++) {
        bool number = words[i][0] == '-' && words[i][1] != '\0' &&
                      words[i][1 + strspn(words[i] + 1, "0123456789")] == '\0';
        if (!number)
            continue;
        words[i] = g_strdup_printf("%c%s", NUMBER_MARK, words[i]);
        g_ptr_array_add(line->marked, words[i]);
    }
}

static void unmark_numbers(CommandLine *line)
{
    for (guint i = 0; i < line->argument_count; i++)
        line->arguments[i] += line->arguments[i][0] == NUMBER_MARK ? 1 : 0;
    line->argument = line->argument_count > 0 ? line->arguments[0] : NULL;
}

static bool parse_into(CommandLine *line, int argc, char **argv, GError **error)
{
    if (!read_options(line, argc, argv, "+", error))
        return false;
    int first = optind;
    if (first >= argc) {
        if (command_line_has(line, "help") || command_line_has(line, "version"))
            return true;
        return fail(error, ERROR_INPUT,
                    "A command is missing: rootstock COMMAND. `rootstock help` lists them; "
                    "`rootstock check` says what this host can run.");
    }
    line->command = cli_command_named(argv[first]);
    if (line->command == NULL)
        return command_line_fail_name(argv[first], error);
    if (line->command->actions != NULL)
        mark_numbers(line, argc - first, argv + first);
    if (!read_options(line, argc - first, argv + first, "", error) ||
        !read_argument(line, argc - first - optind, argv + first + optind, error))
        return false;
    unmark_numbers(line);
    return true;
}

CommandLine *command_line_parse(int argc, char **argv, GError **error)
{
    g_autoptr(CommandLine) line = g_new0(CommandLine, 1);
    line->given = g_array_new(FALSE, FALSE, sizeof(GivenOption));
    line->marked = g_ptr_array_new_with_free_func(g_free);
    return parse_into(line, argc, argv, error) ? g_steal_pointer(&line) : NULL;
}

void command_line_free(CommandLine *line)
{
    if (line == NULL)
        return;
    g_array_unref(line->given);
    g_ptr_array_unref(line->marked);
    g_free(line);
}

static bool is_in(const CliOption *options, const char *name)
{
    for (; options->name != NULL; options++) {
        if (strcmp(options->name, name) == 0)
            return true;
    }
    return false;
}

GPtrArray *command_line_values(const CommandLine *line, const char *option)
{
    g_assert(is_in(cli_global_options(), option) ||
             (line->command != NULL && is_in(line->command->options, option)));
    GPtrArray *values = g_ptr_array_new();
    for (guint i = 0; i < line->given->len; i++) {
        const GivenOption *given = &g_array_index(line->given, GivenOption, i);
        if (strcmp(given->option->name, option) == 0)
            g_ptr_array_add(values, (gpointer)given->value);
    }
    return values;
}

bool command_line_has(const CommandLine *line, const char *option)
{
    g_autoptr(GPtrArray) values = command_line_values(line, option);
    return values->len > 0;
}

const char *command_line_value(const CommandLine *line, const char *option)
{
    g_autoptr(GPtrArray) values = command_line_values(line, option);
    return values->len > 0 ? g_ptr_array_index(values, values->len - 1) : NULL;
}

gint64 command_line_number(const CommandLine *line, const char *option)
{
    const char *value = command_line_value(line, option);
    return value != NULL ? g_ascii_strtoll(value, NULL, 10) : 0;
}

gint64 command_line_size(const CommandLine *line, const char *option)
{
    const char *value = command_line_value(line, option);
    guint64 bytes = 0;
    if (value != NULL)
        size_parse(value, &bytes, NULL);
    return (gint64)bytes;
}
