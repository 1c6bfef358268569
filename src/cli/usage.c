/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/usage.h"

#include <glib.h>

static void add_argument(GString *text, const CliArgument *argument)
{
    g_string_append_printf(text, argument->optional ? " [%s]" : " %s", argument->metavar);
}

char *help_action_arguments(const CliAction *action)
{
    GString *text = g_string_new(NULL);
    const CliArgument *end = action->arguments;
    for (; end->kind != ARGUMENT_NONE; end++)
        add_argument(text, end);
    if (action->repeat == 0)
        return g_string_free(text, FALSE);
    g_string_append(text, " [");
    for (const CliArgument *argument = end - action->repeat; argument < end; argument++)
        g_string_append_printf(text, "%s%s", argument > end - action->repeat ? " " : "",
                               argument->metavar);
    g_string_append(text, "]...");
    return g_string_free(text, FALSE);
}

static void add_options(GString *text, const CliCommand *command, const CliAction *action)
{
    for (const CliOption *option = command->options; option->name != NULL; option++) {
        if (!cli_action_takes(action, option))
            continue;
        g_string_append_printf(text, " [%s%s", option->letter != 0 ? "-" : "--",
                               option->letter != 0 ? (char[]){option->letter, 0} : option->name);
        if (option->kind != ARGUMENT_NONE)
            g_string_append_printf(text, " %s", option->metavar);
        g_string_append(text, option->repeatable ? "]..." : "]");
    }
}

char *help_action_usage(const CliCommand *command, const CliAction *action)
{
    GString *text = g_string_new("rootstock ");
    g_autofree char *arguments = help_action_arguments(action);
    g_string_append_printf(text, "%s %s%s", command->name, action->name, arguments);
    add_options(text, command, action);
    return g_string_free(text, FALSE);
}

char *help_usage(const CliCommand *command)
{
    GString *text = g_string_new("rootstock ");
    g_string_append(text, command->name);
    if (command->argument.kind != ARGUMENT_NONE)
        add_argument(text, &command->argument);
    if (command->many)
        g_string_append(text, "...");
    add_options(text, command, NULL);
    return g_string_free(text, FALSE);
}

char *help_option(const CliOption *option)
{
    GString *text = g_string_new(NULL);
    if (option->letter != 0)
        g_string_append_printf(text, "-%c, ", option->letter);
    g_string_append_printf(text, "--%s", option->name);
    if (option->kind != ARGUMENT_NONE)
        g_string_append_printf(text, " %s", option->metavar);
    return g_string_free(text, FALSE);
}

char *help_plain(const char *text)
{
    GString *plain = g_string_new(NULL);
    for (; *text != '\0'; text++) {
        if (*text != '`')
            g_string_append_c(plain, *text);
    }
    return g_string_free(plain, FALSE);
}
