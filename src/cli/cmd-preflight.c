/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/preflight.h"

#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/bootloader-out.h"
#include "cli/cmd.h"
#include "cli/grid.h"
#include "os/replace.h"
#include "store/build.h"
#include "store/opencore.h"

#include <string.h>

/* Of a log that is kept: serial numbers are in it. */
#define LOG_MODE 0600

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

/* What both kinds take; the caller owns what OWNED gets. */
static PreflightOptions options_of(Context *context, const char *machine, GPtrArray *owned)
{
    const char *store = store_path(context->store);
    char *run_folder = g_build_filename(store, "run", NULL);
    char *cache_folder = g_build_filename(store, "cache", NULL);
    char *beside = store_machine_file(context->store, machine, "preflight.png");
    const char *screenshot = command_line_value(context->line, "screenshot");
    g_ptr_array_add(owned, run_folder);
    g_ptr_array_add(owned, cache_folder);
    g_ptr_array_add(owned, beside);
    return (PreflightOptions){
        .connect = context_connect(context),
        .run_folder = run_folder,
        .cache_folder = cache_folder,
        .screenshot = screenshot != NULL ? screenshot : beside,
        .qemu_user = context->facts->software.qemu_user,
        .timeout_ms = (guint)command_line_number(context->line, "timeout") * 1000,
        .progress = show_progress,
        .progress_data = &context->output,
    };
}

static int run_probe(Context *context, const Machine *machine, GError **error)
{
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *probe = context_probe();
    g_autofree char *image = store_probe_image(context->store, probe, error);
    if (image == NULL)
        return -1;
    PreflightOptions options = options_of(context, machine->name, owned);
    options.probe_image = image;
    g_autoptr(Preflight) preflight = preflight_run(machine, &options, error);
    if (preflight == NULL ||
        !store_note_preflight(context->store, machine, preflight_all_ok(preflight), error))
        return -1;
    if (!context->output.json)
        print_checks(context, preflight);
    else if (!write_json(preflight, error))
        return -1;
    return preflight_all_ok(preflight) ? 0 : ERROR_REFUSED;
}

/* The path of a file of the machine, NULL where it is not there. */
static char *file_of(const Context *context, const Machine *machine, const char *file)
{
    g_autofree char *path = store_machine_file(context->store, machine->name, file);
    return g_file_test(path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer(&path) : NULL;
}

static bool keep_log(const Context *context, const Bootloader *run, GError **error)
{
    const char *path = command_line_value(context->line, "log");
    return path == NULL ||
           os_replace_bytes(path, run->log_text, strlen(run->log_text), LOG_MODE, error);
}

static int run_bootloader(Context *context, const Machine *machine, GError **error)
{
    g_autoptr(GPtrArray) owned = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *image = store_machine_file(context->store, machine->name, OPENCORE_IMAGE);
    g_autofree char *disk = file_of(context, machine, "disk.qcow2");
    g_autofree char *nvram = file_of(context, machine, "nvram.fd");
    g_autofree char *debug = store_opencore_debug(context->store, image);
    const BootloaderFiles files = {.image = image, .disk = disk, .debug = debug, .nvram = nvram};
    PreflightOptions options = options_of(context, machine->name, owned);
    g_autoptr(Bootloader) run = bootloader_run(machine, &files, &options, error);
    if (run == NULL || !keep_log(context, run, error))
        return -1;
    if (!context->output.json)
        bootloader_print(&context->output, run);
    else if (!bootloader_write_json(run, error))
        return -1;
    return bootloader_ok(run) ? 0 : ERROR_REFUSED;
}

int cmd_preflight(Context *context, GError **error)
{
    bool bootloader = command_line_has(context->line, "bootloader");
    if (!bootloader && command_line_value(context->line, "log") != NULL)
        return fail(error, ERROR_INPUT, "--log is for --bootloader: the probe writes no log."), -1;
    g_autoptr(Machine) machine = context_machine(context, error);
    if (machine == NULL)
        return -1;
    return bootloader ? run_bootloader(context, machine, error)
                      : run_probe(context, machine, error);
}
