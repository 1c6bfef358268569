/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/usage.h"

#include <glib.h>

char *help_usage(const CliCommand *command)
{
    GString *text = g_string_new("rootstock ");
    g_string_append(text, command->name);
    if (command->argument.kind != ARGUMENT_NONE)
        g_string_append_printf(text, command->argument.optional ? " [%s]" : " %s",
                               command->argument.metavar);
    for (const CliOption *option = command->options; option->name != NULL; option++) {
        g_string_append_printf(text, " [%s%s", option->letter != 0 ? "-" : "--",
                               option->letter != 0 ? (char[]){option->letter, 0} : option->name);
        if (option->kind != ARGUMENT_NONE)
            g_string_append_printf(text, " %s", option->metavar);
        g_string_append(text, option->repeatable ? "]..." : "]");
    }
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
