/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Whether the person says yes; anything else is no. */
static bool ask(const char *name)
{
    char answer[16] = "";

    fprintf(stderr, "Delete the machine '%s' with its disk? [y/N] ", name);
    fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) == NULL)
        return false;
    g_strstrip(answer);
    return g_ascii_strcasecmp(answer, "y") == 0 || g_ascii_strcasecmp(answer, "yes") == 0;
}

static bool confirm(const Context *context, const char *name, GError **error)
{
    if (command_line_has(context->line, "yes"))
        return true;
    if (!isatty(STDIN_FILENO))
        return fail(error, ERROR_INPUT,
                    "Deleting the machine '%s' with its disk has to be confirmed, and standard "
                    "input is no terminal. Give --yes to delete it.",
                    name);
    if (!ask(name))
        return fail(error, ERROR_REFUSED, "The machine '%s' was not deleted.", name);
    return true;
}

static bool say_deleted(const Context *context, const char *name, GError **error)
{
    if (!context->output.json) {
        output_note(&context->output, "The machine '%s' is deleted.", name);
        return true;
    }
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_string(json, "name", name);
    jw_boolean(json, "deleted", true);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_delete(Context *context, GError **error)
{
    const char *name = context->line->argument;

    if (!machine_check_name(name, error))
        return -1;
    Store *store = context_store(context, error);
    if (store == NULL)
        return -1;
    if (!store_is_taken(store, name)) {
        fail(error, ERROR_INPUT,
             "There is no machine '%s'. `rootstock list` shows those there are.", name);
        return -1;
    }
    return confirm(context, name, error) && store_delete(store, name, error) &&
                   say_deleted(context, name, error)
               ? 0
               : -1;
}
