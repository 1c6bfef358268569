/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/preflight.h"

#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/grid.h"
#include "store/build.h"

static const GridColumn COLUMNS[] = {
    {"CHECK", 0}, {"", 0}, {"EXPECTED", GRID_WRAP}, {"FOUND", GRID_WRAP}};

static void show_progress(const char *what, void *data)
{
    output_note(data, "%s", what);
}

static void print_checks(const Context *context, const Preflight *preflight)
{
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    guint failed = 0;

    for (guint i = 0; i < preflight->checks->len; i++) {
        const PreflightCheck *check = g_ptr_array_index(preflight->checks, i);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, check->id);
        grid_cell(grid, 1, check->ok ? TONE_GOOD : TONE_BAD, check->ok ? "ok" : "FAILED");
        grid_cell(grid, 2, TONE_PLAIN, check->expected);
        grid_cell(grid, 3, TONE_PLAIN, check->found);
        failed += !check->ok;
    }
    grid_print(grid);
    output_section(&context->output, NULL);
    output_text(&context->output, "%u ok, %u failed, in %.1f s.", preflight->checks->len - failed,
                failed, preflight->seconds);
    if (preflight->screenshot != NULL)
        output_text(&context->output, "The guest's screen: %s", preflight->screenshot);
}

static void write_check(JsonWrite *json, const PreflightCheck *check)
{
    jw_begin_object(json, NULL);
    jw_string(json, "id", check->id);
    jw_boolean(json, "ok", check->ok);
    jw_string(json, "expected", check->expected);
    jw_string(json, "found", check->found);
    jw_end_object(json);
}

static bool write_json(const Preflight *preflight, GError **error)
{
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_boolean(json, "booted", preflight->booted);
    jw_real(json, "seconds", preflight->seconds);
    if (preflight->guest != NULL)
        guest_report_write(preflight->guest, json, "guest");
    else
        jw_null(json, "guest");
    jw_begin_array(json, "checks");
    for (guint i = 0; i < preflight->checks->len; i++)
        write_check(json, g_ptr_array_index(preflight->checks, i));
    jw_end_array(json);
    jw_string(json, "screenshot", preflight->screenshot);
    jw_string(json, "connection", preflight->connection);
    jw_end_object(json);
    return jw_finish(json, error);
}

static Preflight *run(Context *context, const Machine *machine, GError **error)
{
    const char *store = store_path(context->store);
    g_autofree char *run_folder = g_build_filename(store, "run", NULL);
    g_autofree char *cache_folder = g_build_filename(store, "cache", NULL);
    g_autofree char *beside = store_machine_file(context->store, machine->name, "preflight.png");
    g_autofree char *probe = context_probe();
    g_autofree char *image = store_probe_image(context->store, probe, error);
    const char *screenshot = command_line_value(context->line, "screenshot");
    if (image == NULL)
        return NULL;

    PreflightOptions options = {
        .connect = context_connect(context),
        .probe_image = image,
        .run_folder = run_folder,
        .cache_folder = cache_folder,
        .screenshot = screenshot != NULL ? screenshot : beside,
        .qemu_user = context->facts->software.qemu_user,
        .timeout_ms = (guint)command_line_number(context->line, "timeout") * 1000,
        .progress = show_progress,
        .progress_data = &context->output,
    };
    return preflight_run(machine, &options, error);
}

int cmd_preflight(Context *context, GError **error)
{
    g_autoptr(Machine) machine = context_machine(context, error);
    g_autoptr(Preflight) preflight = machine != NULL ? run(context, machine, error) : NULL;
    if (preflight == NULL ||
        !store_note_preflight(context->store, machine, preflight_all_ok(preflight), error))
        return -1;
    if (context->output.json) {
        if (!write_json(preflight, error))
            return -1;
    } else {
        print_checks(context, preflight);
    }
    return preflight_all_ok(preflight) ? 0 : ERROR_REFUSED;
}
