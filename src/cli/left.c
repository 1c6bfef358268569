/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/left.h"

#include "apply/apply.h"
#include "base/jsonwrite.h"
#include "cli/describe.h"

#include <stdio.h>

/* One thing that only a person does. */
typedef struct {
    const char *what; /* "confirm", "restart", "login", "firmware" */
    const char *step; /* id; NULL: of no one step */
    char *text;       /* a sentence */
} Left;

static void left_clear(gpointer data)
{
    Left *left = data;
    g_free(left->text);
    g_free(left);
}

static void add(GPtrArray *list, const char *what, const char *step, char *text)
{
    Left *left = g_new0(Left, 1);
    *left = (Left){what, step, text};
    g_ptr_array_add(list, left);
}

static void add_firmware(GPtrArray *list, const Path *path)
{
    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        if (step_section(step->step) != SECTION_FIRMWARE || step->state != STEP_MANUAL)
            continue;
        g_autofree char *manual = describe_shortly(step->manual);
        add(list, "firmware", step_id(step->step),
            g_strdup_printf("In the firmware's set-up, %s: %s", step_title(step->step), manual));
    }
}

static void add_logins(GPtrArray *list, const Plan *plan)
{
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        if (change->kind == CHANGE_GROUP)
            add(list, "login", change->step,
                g_strdup_printf("Log out and in again: %s counts from the next login.",
                                change->target));
    }
}

/* Whoever reads this still reaches the host, by this way at least. */
static char *confirmation(void)
{
    return g_strdup_printf("Look that you still reach this host as you need to, best from a new "
                           "session, and type `sudo rootstock confirm` within %d minutes. Without "
                           "that all of this is taken back by itself; after a restart of the host "
                           "the time begins anew.",
                           APPLY_CONFIRM_SECONDS / 60);
}

static GPtrArray *find_left(const Context *context, const Plan *plan)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(left_clear);
    if (plan_needs_confirmation(plan))
        add(list, "confirm", NULL, confirmation());
    add_firmware(list, context->path);
    if (plan_needs_restart(plan))
        add(list, "restart", NULL,
            g_strdup("Restart the host: some of the changes count from its next start."));
    else
        add_logins(list, plan);
    return list;
}

void left_print(const Context *context, guint id, const Plan *plan)
{
    g_autoptr(GPtrArray) list = find_left(context, plan);
    const Output *output = &context->output;

    output_note(output, "Apply %u is done. `sudo rootstock undo %u` takes it back.", id, id);
    for (guint i = 0; i < list->len; i++)
        output_note(output, "%s- %s", i == 0 ? "What is left for you:\n" : "",
                    ((const Left *)list->pdata[i])->text);
    output_note(output, "%s`rootstock status` shows %s.", list->len > 0 ? "Then " : "",
                list->len > 0 ? "whether all of it took" : "what comes next");
}

bool left_write(const Context *context, guint id, const Plan *plan, GError **error)
{
    g_autoptr(GPtrArray) list = find_left(context, plan);
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    if (id > 0)
        jw_integer(json, "id", id);
    else
        jw_null(json, "id");
    jw_boolean(json, "restart", plan_needs_restart(plan));
    jw_boolean(json, "confirm", plan_needs_confirmation(plan));
    plan_write_changes(plan, json, false);
    jw_begin_array(json, "left");
    for (guint i = 0; i < list->len; i++) {
        const Left *left = list->pdata[i];
        jw_begin_object(json, NULL);
        jw_string(json, "what", left->what);
        jw_string(json, "step", left->step);
        jw_string(json, "text", left->text);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}
