/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"
#include "base/size.h"
#include "cli/cmd.h"
#include "cli/grid.h"

/* A machine of the store, as far as it can be read. */
typedef struct {
    const char *name;
    Machine *machine; /* NULL: there is a problem */
    StoreState state;
    GError *problem;
} Entry;

static const GridColumn COLUMNS[] = {
    {"NAME", 0}, {"RELEASE", 0}, {"STATE", 0}, {"DISK", GRID_RIGHT}, {"PROBLEM", GRID_WRAP}};

static void entry_read(Context *context, Entry *entry, const char *name)
{
    entry->name = name;
    entry->state = (StoreState){.disk_used = UNKNOWN};
    entry->machine = context_machine_named(context, name, &entry->problem);
    if (entry->machine != NULL)
        store_state(context->store, entry->machine, &entry->state, &entry->problem);
}

static void entry_clear(Entry *entry)
{
    machine_free(entry->machine);
    g_clear_error(&entry->problem);
}

static const char *entry_state(const Entry *entry)
{
    const StoreState *state = &entry->state;
    if (entry->problem != NULL)
        return "wrong";
    if (state->has_disk && state->has_nvram && state->has_domain)
        return state->current ? "built" : "out of date";
    return state->has_disk || state->has_nvram || state->has_domain ? "partly built" : "new";
}

static void add_entry(Grid *grid, const Entry *entry)
{
    g_autofree char *used =
        entry->state.disk_used != UNKNOWN ? size_human((guint64)entry->state.disk_used) : NULL;
    grid_line(grid, GRID_TOP);
    grid_cell(grid, 0, TONE_PLAIN, entry->name);
    if (entry->machine != NULL)
        grid_cell(grid, 1, TONE_PLAIN, entry->machine->release->id);
    grid_cell(grid, 2, entry->problem != NULL ? TONE_BAD : TONE_PLAIN, entry_state(entry));
    grid_cell(grid, 3, TONE_PLAIN, used);
    if (entry->problem != NULL)
        grid_cell(grid, 4, TONE_PLAIN, entry->problem->message);
}

static void write_entry(JsonWrite *json, const Entry *entry)
{
    const Release *release = entry->machine != NULL ? entry->machine->release : NULL;

    jw_begin_object(json, NULL);
    jw_string(json, "name", entry->name);
    jw_string(json, "os", release != NULL ? release->id : NULL);
    jw_string(json, "version", release != NULL ? release->version : NULL);
    jw_string(json, "state", entry_state(entry));
    if (entry->state.disk_used != UNKNOWN)
        jw_integer(json, "disk_used", entry->state.disk_used);
    else
        jw_null(json, "disk_used");
    jw_string(json, "problem", entry->problem != NULL ? entry->problem->message : NULL);
    jw_end_object(json);
}

static void print_table(Context *context, char *const *names)
{
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, G_N_ELEMENTS(COLUMNS));

    for (; *names != NULL; names++) {
        Entry entry = {0};
        entry_read(context, &entry, *names);
        add_entry(grid, &entry);
        entry_clear(&entry);
    }
    grid_print(grid);
}

static bool write_json(Context *context, char *const *names, GError **error)
{
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_string(json, "store", store_path(context->store));
    jw_begin_array(json, "machines");
    for (; *names != NULL; names++) {
        Entry entry = {0};
        entry_read(context, &entry, *names);
        write_entry(json, &entry);
        entry_clear(&entry);
    }
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_list(Context *context, GError **error)
{
    Store *store = context_store(context, error);
    g_auto(GStrv) names = store != NULL ? store_list(store, error) : NULL;
    if (names == NULL)
        return -1;
    /* what stands in the way of judging any machine is no machine's fault */
    if (names[0] != NULL && !command_line_has(context->line, "names") &&
        context_verdict(context, error) == NULL)
        return -1;
    if (context->output.json)
        return write_json(context, names, error) ? 0 : -1;
    if (command_line_has(context->line, "names")) {
        for (char **name = names; *name != NULL; name++)
            puts(*name);
    } else if (names[0] != NULL) {
        print_table(context, names);
    } else {
        output_note(&context->output,
                    "There are no machines in %s. `rootstock new NAME --os RELEASE` writes one.",
                    store_path(store));
    }
    return 0;
}
