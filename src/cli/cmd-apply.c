/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/confirm.h"
#include "cli/prepare.h"

#include <stdio.h>

static bool print_json(guint id, const Plan *plan, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    if (id > 0)
        jw_integer(json, "id", id);
    else
        jw_null(json, "id");
    jw_boolean(json, "restart", plan_needs_restart(plan));
    plan_write_changes(plan, json, false);
    jw_end_object(json);
    return jw_finish(json, error);
}

/* Without root nothing is begun: what would have to be typed instead is shown with the reason. */
static bool may_change(const Context *context, const ApplyHost *host, const Plan *plan,
                       GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (apply_check_rights(host, &cause))
        return true;
    if (!context->output.json) {
        g_autofree char *commands = plan_by_hand(plan);
        output_section(&context->output, "By hand");
        fputs(commands, stdout);
    }
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

static void say_what_is_left(const Context *context, guint id, const Plan *plan)
{
    output_note(&context->output, "Apply %u is done. `sudo rootstock undo %u` takes it back.%s", id,
                id,
                plan_needs_restart(plan)
                    ? " Restart the host for all of it to count; then `rootstock status` shows "
                      "whether it took."
                    : " `rootstock status` shows what is left.");
}

int cmd_apply(Context *context, GError **error)
{
    g_auto(ApplyHost) host = {0};
    guint recovered = 0;

    if (!prepare_host(context, &host, error))
        return -1;
    g_autoptr(Plan) plan = prepare_plan(context, &host, error);
    if (plan == NULL)
        return -1;
    if (!context->output.json)
        prepare_print_plan(&context->output, plan);
    if (plan->changes->len == 0)
        return !context->output.json || print_json(0, plan, error) ? 0 : -1;
    if (!may_change(context, &host, plan, error))
        return -1;
    /* what a killed run left is taken back before anything is asked, as the plan then is another */
    if (!apply_recover(&host, &recovered, error))
        return -1;
    if (recovered > 0) {
        fail(error, ERROR_REFUSED,
             "Apply %u was cut short, and has been taken back now. Run it again to see what is to "
             "be changed.",
             recovered);
        return -1;
    }
    if (!confirm(context, "Make these changes?", "Nothing was changed.", error))
        return -1;
    guint id = apply_run(&host, plan, error);
    if (id == 0)
        return -1;
    if (context->output.json)
        return print_json(id, plan, error) ? 0 : -1;
    say_what_is_left(context, id, plan);
    return 0;
}
