/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd.h"
#include "cli/grid.h"

#include "base/jsonwrite.h"

/* The full name says the id and the version again; it is shown where there is room. */
enum { WIDTH_FOR_NAMES = 110 };

static const GridColumn COLUMNS[] = {
    {"RELEASE", 0},   {"VERSION", 0},           {"DARWIN", GRID_RIGHT},
    {"MAC MODEL", 0}, {"INSTALLED", GRID_WRAP}, {"NAME", 0},
};

static void print_table(const Context *context)
{
    guint columns = G_N_ELEMENTS(COLUMNS) - (context->output.width < WIDTH_FOR_NAMES ? 1 : 0);
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, columns);

    for (guint i = 0; i < context->catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(context->catalog->releases, i);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, release->id);
        grid_cell(grid, 1, TONE_PLAIN, release->version);
        grid_cell_format(grid, 2, TONE_PLAIN, "%d", release->darwin);
        grid_cell(grid, 3, TONE_PLAIN, release->mac_model);
        grid_cell(grid, 4, TONE_PLAIN, release->installer);
        if (columns == G_N_ELEMENTS(COLUMNS))
            grid_cell(grid, 5, TONE_PLAIN, release->name);
    }
    grid_print(grid);
}

static void write_release(const Release *release, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_string(json, "id", release->id);
    jw_string(json, "name", release->name);
    jw_string(json, "version", release->version);
    jw_integer(json, "darwin", release->darwin);
    jw_string(json, "mac_model", release->mac_model);
    jw_integer(json, "memory_min", release->memory_min);
    jw_integer(json, "disk_min", release->disk_min);
    jw_strings_known(json, "cpu_required", release->cpu_required);
    jw_string(json, "installer", release->installer);
    jw_end_object(json);
}

int cmd_releases(Context *context, GError **error)
{
    const Catalog *catalog = context_catalog(context, error);
    if (catalog == NULL)
        return -1;
    if (!context->output.json) {
        print_table(context);
        return 0;
    }
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_begin_array(json, "releases");
    for (guint i = 0; i < catalog->releases->len; i++)
        write_release(g_ptr_array_index(catalog->releases, i), json);
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error) ? 0 : -1;
}
