/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "cli/cmd.h"
#include "cli/describe.h"
#include "cli/grid.h"

enum { COLUMN_FUNCTION, COLUMN_ID, COLUMN_GUEST, COLUMN_NAME, COLUMN_DRIVER, COLUMN_NOTES };

static const GridColumn COLUMNS[] = {
    [COLUMN_FUNCTION] = {"FUNCTION", GRID_TREE},
    [COLUMN_ID] = {"ID", 0},
    [COLUMN_GUEST] = {"GUEST", 0},
    [COLUMN_NAME] = {"WHAT IT IS", GRID_WRAP},
    [COLUMN_DRIVER] = {"DRIVER", GRID_WRAP},
    [COLUMN_NOTES] = {"NOTES", GRID_WRAP},
};

static int compare_group(gconstpointer a, gconstpointer b)
{
    const DeviceVerdict *first = *(const DeviceVerdict *const *)a;
    const DeviceVerdict *second = *(const DeviceVerdict *const *)b;
    /* what is in no group comes last */
    guint x = (guint)first->function->iommu_group, y = (guint)second->function->iommu_group;
    if (x != y)
        return x < y ? -1 : 1;
    return g_strcmp0(first->function->address, second->function->address);
}

static void add_device(Grid *grid, int parent, const DeviceVerdict *device)
{
    g_autofree char *id = describe_id(device->function);
    g_autofree char *name = describe_function(device->function);
    g_autofree char *notes = describe_device_notes(device);

    grid_line(grid, parent);
    grid_cell(grid, COLUMN_FUNCTION, TONE_PLAIN, describe_address(device->function->address));
    grid_cell(grid, COLUMN_ID, TONE_PLAIN, id);
    grid_cell(grid, COLUMN_GUEST, describe_answer_tone(device->passable),
              answer_name(device->passable));
    grid_cell(grid, COLUMN_NAME, TONE_PLAIN, name);
    grid_cell(grid, COLUMN_DRIVER, TONE_PLAIN, device->function->driver);
    grid_cell(grid, COLUMN_NOTES, TONE_PLAIN, notes);
}

static void print_tree(const Context *context, const GPtrArray *devices)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    int group = UNKNOWN, parent = GRID_TOP;

    for (guint i = 0; i < devices->len; i++)
        g_ptr_array_add(sorted, g_ptr_array_index(devices, i));
    g_ptr_array_sort(sorted, compare_group);
    for (guint i = 0; i < sorted->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(sorted, i);
        if (i == 0 || device->function->iommu_group != group) {
            group = device->function->iommu_group;
            parent = grid_line(grid, GRID_TOP);
            if (group != UNKNOWN)
                grid_cell_format(grid, COLUMN_FUNCTION, TONE_STRONG, "group %d", group);
            else
                grid_cell(grid, COLUMN_FUNCTION, TONE_STRONG, "no group");
        }
        add_device(grid, parent, device);
    }
    grid_print(grid);
}

/* DEVICES NULL: unknown. */
static bool print_json(const Facts *facts, const GPtrArray *devices, GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    describe_tri_json(json, "iommu", facts->iommu.groups);
    if (devices == NULL) {
        jw_null(json, "devices");
    } else {
        jw_begin_array(json, "devices");
        for (guint i = 0; i < devices->len; i++)
            describe_device_json(g_ptr_array_index(devices, i), json);
        jw_end_array(json);
    }
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_devices(Context *context, GError **error)
{
    const Verdict *verdict = context_verdict(context, error);
    if (verdict == NULL)
        return -1;
    if (context->output.json && !print_json(context->facts, verdict->devices, error))
        return -1;
    if (verdict->devices == NULL) {
        fail(error, ERROR_REFUSED,
             "It is not known what PCI functions the host has: /sys/bus/pci is not there, or the "
             "recorded host's text does not tell. Make a snapshot with `rootstock scan` on that "
             "host, or add the output of `lspci -nnk` to the text.");
        return -1;
    }
    if (context->output.json)
        return 0;

    print_tree(context, verdict->devices);
    if (context->facts->iommu.groups != TRI_YES)
        output_note(
            &context->output,
            context->facts->iommu.groups == TRI_NO
                ? "This host has no IOMMU groups, so that no guest can have a device of it. "
                  "The IOMMU (VT-d, AMD-Vi) has to be on in the firmware's set-up and in "
                  "the kernel."
                : "It is not known whether this host has IOMMU groups.");
    return 0;
}
