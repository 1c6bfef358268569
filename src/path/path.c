/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/path.h"

#include "path/applied.h"
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

static PathStep *path_step_new(const Step *row)
{
    PathStep *step = g_new0(PathStep, 1);
    step->step = row;
    step->blocks = g_ptr_array_new();
    step->goals = goals_new();
    return step;
}

static void path_step_free(PathStep *step)
{
    g_free(step->evidence);
    g_free(step->reason);
    g_free(step->manual);
    g_free(step->next);
    g_ptr_array_unref(step->blocks);
    g_ptr_array_unref(step->goals);
    g_free(step);
}

PathMachine path_machine_unknown(void)
{
    return (PathMachine){.disk_used = UNKNOWN};
}

const PathStep *path_step(const Path *path, const char *id)
{
    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        if (strcmp(step->step->id, id) == 0)
            return step;
    }
    return NULL;
}

static bool is_open(StepState state)
{
    return state == STEP_TODO || state == STEP_MANUAL;
}

/* What a step waits for that is itself to be done; what is unknown keeps nobody back. */
static void find_blocks(const Path *path, PathStep *step)
{
    for (const char *const *id = step->step->depends; *id != NULL; id++) {
        const PathStep *other = path_step(path, *id);
        if (is_open(other->state))
            g_ptr_array_add(step->blocks, (gpointer)other->step->id);
    }
}

static void block(PathStep *step)
{
    g_autoptr(GString) ids = g_string_new(NULL);

    for (guint i = 0; i < step->blocks->len; i++)
        g_string_append_printf(ids, "%s%s", i == 0 ? "" : ", ",
                               (const char *)g_ptr_array_index(step->blocks, i));
    step->state = STEP_BLOCKED;
    step_because(step, "It waits for %s.", ids->str);
    g_clear_pointer(&step->next, g_free);
}

/* All are looked at before any is changed: one that waits is no less to be done, so that what waits
 * for it waits too. */
static void block_steps(Path *path)
{
    for (guint i = 0; i < path->steps->len; i++) {
        PathStep *step = g_ptr_array_index(path->steps, i);
        if (is_open(step->state))
            find_blocks(path, step);
    }
    for (guint i = 0; i < path->steps->len; i++) {
        PathStep *step = g_ptr_array_index(path->steps, i);
        if (step->blocks->len > 0)
            block(step);
    }
}

/* What is to be done without a command of its own begins with reading about it. */
static void set_next(Path *path)
{
    for (guint i = 0; i < path->steps->len; i++) {
        PathStep *step = g_ptr_array_index(path->steps, i);
        if (!is_open(step->state) || step->next != NULL)
            continue;
        if (step->state == STEP_TODO && step->goals->len > 0)
            step_type(step, "rootstock apply %s", step->step->id);
        else
            step_type(step, "rootstock guide %s", step->step->id);
    }
}

Path *path_make(const Facts *facts, const Verdict *verdict, const Catalog *catalog,
                const Machine *machine, const PathMachine *state)
{
    Path *path = g_new0(Path, 1);

    path->facts = facts;
    path->verdict = verdict;
    path->catalog = catalog;
    path->machine = machine;
    path->state = state != NULL ? *state : path_machine_unknown();
    path->text = g_string_chunk_new(256);
    path->steps = g_ptr_array_new_with_free_func((GDestroyNotify)path_step_free);
    path_find_target(path);
    for (guint i = 0; path_step_row(i) != NULL; i++) {
        PathStep *step = path_step_new(path_step_row(i));
        step->step->judge(path, step);
        applied_judge(path, step);
        g_ptr_array_add(path->steps, step);
    }
    block_steps(path);
    set_next(path);
    return path;
}

void path_free(Path *path)
{
    if (path == NULL)
        return;
    g_ptr_array_unref(path->steps);
    g_ptr_array_unref(path->target.card);
    g_ptr_array_unref(path->target.functions);
    g_string_chunk_free(path->text);
    g_free(path);
}

const PathStep *path_next(const Path *path)
{
    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        if (is_open(step->state))
            return step;
    }
    return NULL;
}

static guint count(const Path *path, bool (*counts)(StepState state))
{
    guint number = 0;
    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        number += counts(step->state);
    }
    return number;
}

static bool is_done(StepState state)
{
    return state == STEP_DONE;
}

static bool is_needed(StepState state)
{
    return state != STEP_NOT_NEEDED;
}

guint path_count_done(const Path *path)
{
    return count(path, is_done);
}

guint path_count_needed(const Path *path)
{
    return count(path, is_needed);
}
