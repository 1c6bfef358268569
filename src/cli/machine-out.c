/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/machine-out.h"

#include "base/jsonwrite.h"
#include "base/size.h"
#include "cli/describe.h"
#include "cli/grid.h"
#include "store/mac.h"

static const GridColumn VALUE_COLUMNS[] = {
    {"VALUE", 0}, {"IS", GRID_WRAP}, {"FROM", 0}, {"BECAUSE", GRID_WRAP}};

static const GridColumn DEVICE_COLUMNS[] = {
    {"DEVICE", 0}, {"ID", 0}, {"ROLE", 0}, {"NAME", GRID_WRAP}};

static char *device_id(const MachineDevice *device)
{
    return g_strdup_printf("%04x:%04x", (guint)device->vendor, (guint)device->device);
}

static void print_values(const Context *context, const Machine *machine)
{
    g_autoptr(Grid) grid = grid_new(&context->output, VALUE_COLUMNS, G_N_ELEMENTS(VALUE_COLUMNS));
    for (guint i = 0; i < machine->reasons->len; i++) {
        const MachineReason *reason = g_ptr_array_index(machine->reasons, i);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, reason->key);
        grid_cell(grid, 1, reason->chosen ? TONE_STRONG : TONE_PLAIN, reason->value);
        grid_cell(grid, 2, TONE_PLAIN, reason->chosen ? "chosen" : "default");
        grid_cell(grid, 3, TONE_PLAIN, reason->reason);
    }
    grid_print(grid);
}

static void print_devices(const Context *context, const Machine *machine)
{
    if (machine->devices->len == 0)
        return;
    g_autoptr(Grid) grid = grid_new(&context->output, DEVICE_COLUMNS, G_N_ELEMENTS(DEVICE_COLUMNS));
    for (guint i = 0; i < machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(machine->devices, i);
        g_autofree char *id = device_id(device);
        grid_line(grid, GRID_TOP);
        grid_cell(grid, 0, TONE_PLAIN, device->address);
        grid_cell(grid, 1, TONE_PLAIN, id);
        grid_cell(grid, 2, TONE_PLAIN, role_name(device->role));
        grid_cell(grid, 3, TONE_PLAIN, device->name);
    }
    output_section(&context->output, "Devices of the host");
    grid_print(grid);
}

static const char *made(bool there)
{
    return there ? "made" : "not made";
}

static void print_mac(const Context *context, const Mac *mac)
{
    g_autofree char *serial = mac_masked(mac->serial);
    output_text(&context->output, "Mac: %s, serial number %s. %s", mac->model, serial,
                mac_origin_text(mac->origin));
}

/* Masked: what Apple's services know the Mac by is in no output that somebody might show around. */
static void write_mac(JsonWrite *json, const Mac *mac)
{
    g_autofree char *serial = mac_masked(mac->serial);
    g_autofree char *board = mac_masked(mac->board_serial);
    g_autofree char *rom = mac_masked(mac->rom);
    jw_begin_object(json, "mac");
    jw_string(json, "model", mac->model);
    jw_string(json, "serial", serial);
    jw_string(json, "board_serial", board);
    jw_string(json, "rom", rom);
    jw_string(json, "from", mac_origin_name(mac->origin));
    jw_end_object(json);
}

static void print_state(const Context *context, const Machine *machine, const StoreState *state)
{
    g_autofree char *used =
        state->disk_used != UNKNOWN ? size_human((guint64)state->disk_used) : NULL;
    g_autofree char *file = store_machine_file(context->store, machine->name, "machine.ini");

    output_section(&context->output, NULL);
    output_text(&context->output,
                "Disk: %s%s%s. Variable store: %s. Boot loader: %s. Domain: %s%s.",
                made(state->has_disk), used != NULL ? ", takes " : "", used != NULL ? used : "",
                made(state->has_nvram), made(state->has_opencore), made(state->has_domain),
                state->has_domain && !state->current ? ", out of date" : "");
    output_text(&context->output, "The choices are in %s.", file);
}

static void write_values(JsonWrite *json, const Machine *machine)
{
    jw_begin_array(json, "values");
    for (guint i = 0; i < machine->reasons->len; i++) {
        const MachineReason *reason = g_ptr_array_index(machine->reasons, i);
        jw_begin_object(json, NULL);
        jw_string(json, "key", reason->key);
        jw_string(json, "value", reason->value);
        jw_string(json, "reason", reason->reason);
        jw_boolean(json, "chosen", reason->chosen);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_devices(JsonWrite *json, const Machine *machine)
{
    jw_begin_array(json, "devices");
    for (guint i = 0; i < machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(machine->devices, i);
        g_autofree char *id = device_id(device);
        jw_begin_object(json, NULL);
        jw_string(json, "address", device->address);
        jw_string(json, "id", id);
        jw_string(json, "name", device->name);
        jw_string(json, "role", role_name(device->role));
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_state(JsonWrite *json, const StoreState *state)
{
    jw_begin_object(json, "state");
    jw_boolean(json, "disk", state->has_disk);
    jw_boolean(json, "nvram", state->has_nvram);
    jw_boolean(json, "opencore", state->has_opencore);
    jw_boolean(json, "domain", state->has_domain);
    jw_boolean(json, "current", state->current);
    if (state->disk_used != UNKNOWN)
        jw_integer(json, "disk_used", state->disk_used);
    else
        jw_null(json, "disk_used");
    jw_end_object(json);
}

static bool write_machine(const Context *context, const Machine *machine, const StoreState *state,
                          const Mac *mac, GError **error)
{
    g_autofree char *file = store_machine_file(context->store, machine->name, "machine.ini");
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_string(json, "name", machine->name);
    jw_string(json, "file", file);
    jw_begin_object(json, "os");
    jw_string(json, "id", machine->release->id);
    jw_string(json, "name", machine->release->name);
    jw_string(json, "version", machine->release->version);
    jw_end_object(json);
    write_values(json, machine);
    write_devices(json, machine);
    write_mac(json, mac);
    write_state(json, state);
    jw_end_object(json);
    return jw_finish(json, error);
}

bool machine_print(Context *context, const Machine *machine, GError **error)
{
    StoreState state;
    if (!store_state(context->store, machine, &state, error))
        return false;
    g_autoptr(Mac) mac = mac_of(context->store, machine, NULL, false, error);
    if (mac == NULL)
        return false;
    if (context->output.json)
        return write_machine(context, machine, &state, mac, error);
    print_values(context, machine);
    print_devices(context, machine);
    print_state(context, machine, &state);
    print_mac(context, mac);
    return true;
}
