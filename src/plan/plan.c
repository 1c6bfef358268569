/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/plan.h"

#include "base/error.h"

#include <string.h>

static void free_change(gpointer data)
{
    change_free(data);
}

Plan *plan_new(void)
{
    Plan *plan = g_new0(Plan, 1);
    plan->changes = g_ptr_array_new_with_free_func(free_change);
    return plan;
}

void plan_free(Plan *plan)
{
    if (plan == NULL)
        return;
    g_ptr_array_unref(plan->changes);
    g_free(plan);
}

static const char *or_nothing(const char *text)
{
    return text != NULL ? text : "nothing";
}

static bool same_command(const Change *a, const Change *b)
{
    return g_strv_equal((const gchar *const *)a->command, (const gchar *const *)b->command);
}

static bool same_target(const Change *a, const Change *b)
{
    if (a->kind == CHANGE_COMMAND && b->kind == CHANGE_COMMAND)
        return same_command(a, b);
    return a->kind == b->kind && strcmp(a->target, b->target) == 0;
}

static bool same_effect(const Effect *a, const Effect *b)
{
    return g_strcmp0(a->file, b->file) == 0 && strcmp(a->text, b->text) == 0 &&
           a->absent == b->absent && (a->program == NULL) == (b->program == NULL) &&
           (a->program == NULL ||
            g_strv_equal((const gchar *const *)a->program, (const gchar *const *)b->program));
}

static bool has_effect(const Change *change, const Effect *effect)
{
    for (guint i = 0; i < change->effects->len; i++)
        if (same_effect(change->effects->pdata[i], effect))
            return true;
    return false;
}

/* FROM does the same as INTO: what it wanted to see afterwards is to be seen all the same. */
static void merge_effects(Change *into, const Change *from)
{
    for (guint i = 0; i < from->effects->len; i++) {
        const Effect *effect = from->effects->pdata[i];
        if (has_effect(into, effect))
            continue;
        if (effect->file != NULL)
            change_add_effect_file(into, effect->file, effect->text, effect->absent);
        else
            change_add_effect_program(into, (const char *const *)effect->program, effect->text,
                                      effect->absent);
    }
    into->restart = into->restart || from->restart;
}

bool plan_add(Plan *plan, Change *change, GError **error)
{
    g_autoptr(Change) owned = change;
    for (guint i = 0; i < plan->changes->len; i++) {
        Change *there = plan->changes->pdata[i];
        if (!same_target(there, change))
            continue;
        if (change->kind == CHANGE_COMMAND) {
            merge_effects(there, change);
            return true;
        }
        if (g_strcmp0(there->after, change->after) == 0)
            return true;
        return fail(error, ERROR_REFUSED,
                    "Two steps want different things of '%s': %s wants '%s' and %s wants '%s'. "
                    "Name the one step that is to be made.",
                    change->target, there->step, or_nothing(there->after), change->step,
                    or_nothing(change->after));
    }
    g_ptr_array_add(plan->changes, g_steal_pointer(&owned));
    return true;
}

/* By insertion: GLib's sort of arrays does not keep equal ones in order. */
void plan_sort(Plan *plan)
{
    gpointer *changes = plan->changes->pdata;
    for (guint i = 1; i < plan->changes->len; i++) {
        Change *moving = changes[i];
        guint at = i;
        for (; at > 0 && ((const Change *)changes[at - 1])->rank > moving->rank; at--)
            changes[at] = changes[at - 1];
        changes[at] = moving;
    }
}

const char *plan_text_of(const Plan *plan, const char *path, const char *text)
{
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        for (guint j = 0; j < change->edits->len; j++) {
            const FileEdit *edit = change->edits->pdata[j];
            if (strcmp(edit->path, path) == 0)
                text = edit->after;
        }
    }
    return text;
}

bool plan_needs_restart(const Plan *plan)
{
    for (guint i = 0; i < plan->changes->len; i++)
        if (((const Change *)plan->changes->pdata[i])->restart)
            return true;
    return false;
}

bool plan_needs_confirmation(const Plan *plan)
{
    for (guint i = 0; i < plan->changes->len; i++)
        if (((const Change *)plan->changes->pdata[i])->rank == RANK_TAKEBACK)
            return true;
    return false;
}
