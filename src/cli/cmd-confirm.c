/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/prepare.h"

#include <stdio.h>

static bool print_json(guint id, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_integer(json, "id", id);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_confirm(Context *context, GError **error)
{
    g_auto(ApplyHost) host = {0};
    guint id = 0;
    if (!prepare_host(context, &host, error) || !apply_confirm(&host, &id, error))
        return -1;
    if (context->output.json)
        return print_json(id, error) ? 0 : -1;
    output_note(&context->output,
                "Apply %u is confirmed and stays. `sudo rootstock undo %u` takes it back.", id, id);
    return 0;
}
