/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/prepare.h"

#include <stdio.h>

static bool print_json(const Context *context, const Plan *plan, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    plan_write_changes(plan, json, false);
    jw_boolean(json, "restart", plan_needs_restart(plan));
    jw_boolean(json, "confirm", plan_needs_confirmation(plan));
    prepare_write_boot_loader(context, json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_plan(Context *context, GError **error)
{
    g_auto(ApplyHost) host = {0};
    if (!prepare_host(context, &host, error))
        return -1;
    g_autoptr(Plan) plan = prepare_plan(context, &host, error);
    if (plan == NULL)
        return -1;
    if (context->output.json)
        return print_json(context, plan, error) ? 0 : -1;
    prepare_print_plan(&context->output, plan);
    prepare_print_boot_loader(context, plan);
    if (plan->changes->len > 0)
        output_note(&context->output, "Nothing was changed. `sudo rootstock apply` makes these "
                                      "changes, and `sudo rootstock undo` takes them back.");
    return 0;
}
