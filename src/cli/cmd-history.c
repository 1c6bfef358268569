/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/grid.h"
#include "cli/prepare.h"

#include <stdio.h>

static const GridColumn COLUMNS[] = {
    {"ID", GRID_RIGHT}, {"WHEN", 0}, {"STATE", 0}, {"CHANGES", GRID_WRAP}};

static Tone tone_of(ApplyState state)
{
    switch (state) {
    case APPLY_DONE:
        return TONE_GOOD;
    case APPLY_UNFINISHED:
    case APPLY_UNDOING:
        return TONE_BAD;
    case APPLY_FAILED:
    case APPLY_UNCONFIRMED:
    case APPLY_EXPIRED:
        return TONE_LIMITED;
    case APPLY_UNDONE:
    case APPLY_STATES:
        break;
    }
    return TONE_PLAIN;
}

static char *local_time(gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(seconds);
    return time != NULL ? g_date_time_format(time, "%F %R") : g_strdup("");
}

static void print_table(const Context *context, const GPtrArray *entries)
{
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    for (guint i = 0; i < entries->len; i++) {
        const ApplyEntry *entry = entries->pdata[i];
        g_autofree char *when = local_time(entry->time);
        g_autofree char *targets = prepare_targets(entry->plan);
        grid_line(grid, GRID_TOP);
        grid_cell_format(grid, 0, TONE_PLAIN, "%u", entry->id);
        grid_cell(grid, 1, TONE_PLAIN, when);
        grid_cell(grid, 2, tone_of(entry->state), apply_state_name(entry->state));
        grid_cell(grid, 3, TONE_PLAIN, targets);
    }
    grid_print(grid);
}

static void write_time(JsonWrite *json, const char *key, gint64 seconds)
{
    g_autoptr(GDateTime) time = seconds != UNKNOWN ? g_date_time_new_from_unix_utc(seconds) : NULL;
    g_autofree char *text = time != NULL ? g_date_time_format(time, "%FT%TZ") : NULL;
    jw_string(json, key, text);
}

static bool write_json(const GPtrArray *entries, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_begin_array(json, "applies");
    for (guint i = 0; i < entries->len; i++) {
        const ApplyEntry *entry = entries->pdata[i];
        jw_begin_object(json, NULL);
        jw_integer(json, "id", entry->id);
        write_time(json, "time", entry->time);
        jw_string(json, "state", apply_state_name(entry->state));
        write_time(json, "ended", entry->ended);
        prepare_write_changes(json, entry->plan);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_history(Context *context, GError **error)
{
    g_auto(ApplyHost) host = {0};
    if (!prepare_host(context, &host, error))
        return -1;
    g_autoptr(GPtrArray) entries = apply_history(host.root, error);
    if (entries == NULL)
        return -1;
    if (context->output.json)
        return write_json(entries, error) ? 0 : -1;
    if (entries->len > 0)
        print_table(context, entries);
    else
        output_note(&context->output, "Nothing was applied to this host.");
    return 0;
}
