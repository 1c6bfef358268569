/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/goals.h"

#include "base/error.h"
#include "cli/suggest.h"
#include "plan/goal.h"

static GPtrArray *fail_step(const char *id, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < path_step_count(); i++)
        g_ptr_array_add(names, (gpointer)step_id(path_step_row(i)));
    const char *nearest = suggest_nearest(id, names);
    if (nearest != NULL)
        return fail_null(error, ERROR_INPUT, "There is no step '%s'. Did you mean '%s'?", id,
                         nearest);
    return fail_null(error, ERROR_INPUT, "There is no step '%s'. `rootstock status` lists them.",
                     id);
}

GPtrArray *goals_of_path(const Path *path, char *const *steps, GError **error)
{
    bool all = steps == NULL || *steps == NULL;

    for (char *const *id = steps; !all && *id != NULL; id++) {
        if (path_step_named(*id) == NULL)
            return fail_step(*id, error);
    }
    GPtrArray *goals = g_ptr_array_new();
    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        if (all || g_strv_contains((const char *const *)steps, step_id(step->step)))
            g_ptr_array_extend(goals, step->goals, NULL, NULL);
    }
    return goals;
}
