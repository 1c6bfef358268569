/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/build.h"

#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/grid.h"
#include "store/recovery.h"

static const GridColumn COLUMNS[] = {{"PART", 0}, {"", 0}, {"FILE", GRID_WRAP}, {"WHY", GRID_WRAP}};

static guint asked_parts(const CommandLine *line)
{
    const char *only = command_line_value(line, "only");
    BuildPart part;
    return only != NULL && build_part_from_name(only, &part) ? part : BUILD_ALL;
}

static Tone action_tone(BuildAction action)
{
    if (action == BUILD_MISSING)
        return TONE_LIMITED;
    return action == BUILD_KEPT ? TONE_PLAIN : TONE_GOOD;
}

static void print_results(const Context *context, const GPtrArray *results)
{
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    for (guint i = 0; i < results->len; i++) {
        const BuildResult *result = g_ptr_array_index(results, i);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, build_part_name(result->part));
        grid_cell(grid, 1, action_tone(result->action), build_action_name(result->action));
        grid_cell(grid, 2, TONE_PLAIN, result->path);
        grid_cell(grid, 3, TONE_PLAIN, result->why);
    }
    grid_print(grid);
}

static bool write_json(const char *name, const GPtrArray *results, GError **error)
{
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_string(json, "name", name);
    jw_begin_array(json, "parts");
    for (guint i = 0; i < results->len; i++) {
        const BuildResult *result = g_ptr_array_index(results, i);
        jw_begin_object(json, NULL);
        jw_string(json, "part", build_part_name(result->part));
        jw_string(json, "path", result->path);
        jw_string(json, "action", build_action_name(result->action));
        jw_string(json, "why", result->why);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

static int answer(const Context *context, const GPtrArray *results, GError **error)
{
    if (context->output.json)
        return write_json(context->line->argument, results, error) ? 0 : -1;
    if (!context->output.quiet)
        print_results(context, results);
    return 0;
}

static int roll_back(Context *context, GError **error)
{
    const char *name = context->line->argument;
    Store *store = context_store(context, error);
    if (store == NULL)
        return -1;
    static const char *const OTHERS[] = {"only", "recovery", "no-recovery"};
    for (guint i = 0; i < G_N_ELEMENTS(OTHERS); i++) {
        if (!command_line_has(context->line, OTHERS[i]))
            continue;
        fail(error, ERROR_INPUT,
             "--%s and --rollback do not go together: --rollback makes nothing.", OTHERS[i]);
        return -1;
    }
    g_autoptr(GPtrArray) results = store_rollback(store, name, error);
    return results != NULL ? answer(context, results, error) : -1;
}

/* The text with the folder of the recovery, or without one. */
static char *set_recovery(const char *text, void *data, GError **error)
{
    static const char SECTION[] = "opencore", KEY[] = "recovery";
    const char *folder = data;
    return folder != NULL ? machine_file_set(text, SECTION, KEY, folder)
                          : machine_file_remove(text, SECTION, KEY, NULL);
}

/* --recovery and --no-recovery: the machine file keeps what was said. */
static bool choose_recovery(Context *context, GError **error)
{
    const CommandLine *line = context->line;
    const char *asked = command_line_value(line, "recovery");
    if (asked == NULL && !command_line_has(line, "no-recovery"))
        return true;
    if (asked != NULL && command_line_has(line, "no-recovery"))
        return fail(error, ERROR_INPUT, "--recovery and --no-recovery do not go together.");
    g_autofree char *folder = asked != NULL ? g_canonicalize_filename(asked, NULL) : NULL;
    Store *store = context_store(context, error);
    g_autoptr(Recovery) recovery =
        store != NULL && folder != NULL ? recovery_open(folder, error) : NULL;
    if (store == NULL || (folder != NULL && recovery == NULL))
        return false;
    for (const char *p = folder; p != NULL && *p != '\0'; p++)
        if (g_ascii_iscntrl(*p))
            return fail(error, ERROR_INPUT,
                        "The path of the recovery's folder has a control character in it, which a "
                        "machine file cannot hold. Rename the folder.");
    return store_edit(store, line->argument, set_recovery, folder, error);
}

int cmd_build(Context *context, GError **error)
{
    const char *name = context->line->argument;
    if (command_line_has(context->line, "rollback"))
        return roll_back(context, error);
    if (!choose_recovery(context, error))
        return -1;
    g_autofree char *probe = context_probe();
    g_autoptr(Machine) machine = context_machine(context, error);
    if (machine == NULL)
        return -1;
    g_autoptr(GPtrArray) results = store_build(context->store, machine, context->catalog, probe,
                                               asked_parts(context->line), error);
    if (results == NULL || answer(context, results, error) != 0)
        return -1;
    if (!context->output.json)
        output_note(&context->output, "Next: rootstock preflight %s", name);
    return 0;
}
