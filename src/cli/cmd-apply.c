/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "cli/cmd.h"
#include "cli/confirm.h"
#include "cli/left.h"
#include "cli/prepare.h"

#include <stdio.h>

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

int cmd_apply(Context *context, GError **error)
{
    g_auto(ApplyHost) host = {0};
    guint recovered = 0;

    if (!prepare_host(context, &host, error))
        return -1;
    g_autoptr(Plan) plan = prepare_plan(context, &host, error);
    if (plan == NULL)
        return -1;
    if (!context->output.json) {
        prepare_print_plan(&context->output, plan);
        prepare_print_boot_loader(context, plan);
    }
    if (plan->changes->len == 0)
        return !context->output.json || left_write(context, 0, plan, error) ? 0 : -1;
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
        return left_write(context, id, plan, error) ? 0 : -1;
    left_print(context, id, plan);
    return 0;
}
