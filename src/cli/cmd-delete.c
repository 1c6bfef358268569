/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/confirm.h"

#include <stdio.h>

static bool may_delete(const Context *context, const char *name, GError **error)
{
    g_autofree char *question = g_strdup_printf("Delete the machine '%s' with its disk?", name);
    g_autofree char *otherwise = g_strdup_printf("The machine '%s' was not deleted.", name);
    return confirm(context, question, otherwise, error);
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
    return may_delete(context, name, error) && store_delete(store, name, error) &&
                   say_deleted(context, name, error)
               ? 0
               : -1;
}
