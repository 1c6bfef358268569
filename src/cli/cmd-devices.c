/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "cli/cmd.h"
#include "cli/describe-host.h"
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

static int add_device(Grid *grid, int parent, const Verdict *verdict, const DeviceVerdict *device)
{
    g_autofree char *id = describe_id(device->function);
    g_autofree char *name = describe_function(device->function);
    g_autofree char *notes = describe_device_notes(verdict, device);

    int line = grid_line(grid, parent);
    grid_cell(grid, COLUMN_FUNCTION, TONE_PLAIN, describe_address(device->function->address));
    grid_cell(grid, COLUMN_ID, TONE_PLAIN, id);
    grid_cell(grid, COLUMN_GUEST, describe_answer_tone(device->passable),
              answer_name(device->passable));
    grid_cell(grid, COLUMN_NAME, TONE_PLAIN, name);
    grid_cell(grid, COLUMN_DRIVER, TONE_PLAIN, device->function->driver);
    grid_cell(grid, COLUMN_NOTES, TONE_PLAIN, notes);
    return line;
}

static void add_usb(Grid *grid, int parent, const UsbVerdict *usb)
{
    g_autofree char *place = describe_usb_place(usb->device);
    g_autofree char *id = describe_usb_id(usb->device);
    g_autofree char *name = describe_usb(usb);
    g_autofree char *macos = describe_macos(&usb->macos);
    g_autofree char *notes = g_strdup_printf("macOS: %s", macos != NULL ? macos : "unknown.");

    grid_line(grid, parent);
    grid_cell(grid, COLUMN_FUNCTION, TONE_PLAIN, place);
    grid_cell(grid, COLUMN_ID, TONE_PLAIN, id);
    grid_cell(grid, COLUMN_NAME, TONE_PLAIN, name);
    grid_cell(grid, COLUMN_NOTES, TONE_PLAIN, notes);
}

static void add_codec(Grid *grid, int parent, const CodecVerdict *codec)
{
    g_autofree char *id = describe_codec_id(codec->codec);
    g_autofree char *name = describe_codec(codec->codec);
    g_autofree char *layouts = describe_layouts(codec);

    grid_line(grid, parent);
    grid_cell(grid, COLUMN_FUNCTION, TONE_PLAIN, "codec");
    grid_cell(grid, COLUMN_ID, TONE_PLAIN, id);
    grid_cell(grid, COLUMN_NAME, TONE_PLAIN, name);
    grid_cell(grid, COLUMN_NOTES, TONE_PLAIN, layouts);
}

/* What hangs on CONTROLLER and macOS needs something for, as lines below PARENT. */
static void add_peripherals(Grid *grid, int parent, const Verdict *verdict,
                            const DeviceVerdict *controller)
{
    for (guint i = 0; verdict->usb != NULL && i < verdict->usb->len; i++) {
        const UsbVerdict *usb = g_ptr_array_index(verdict->usb, i);
        if (usb->controller == controller && describe_usb_counts(usb))
            add_usb(grid, parent, usb);
    }
    for (guint i = 0; verdict->codecs != NULL && i < verdict->codecs->len; i++) {
        const CodecVerdict *codec = g_ptr_array_index(verdict->codecs, i);
        if (codec->controller == controller && codec->known != NULL)
            add_codec(grid, parent, codec);
    }
}

/* Whether something hangs on a controller that is unknown. */
static bool has_homeless(const Verdict *verdict)
{
    for (guint i = 0; verdict->usb != NULL && i < verdict->usb->len; i++) {
        const UsbVerdict *usb = g_ptr_array_index(verdict->usb, i);
        if (usb->controller == NULL && describe_usb_counts(usb))
            return true;
    }
    for (guint i = 0; verdict->codecs != NULL && i < verdict->codecs->len; i++) {
        const CodecVerdict *codec = g_ptr_array_index(verdict->codecs, i);
        if (codec->controller == NULL && codec->known != NULL)
            return true;
    }
    return false;
}

static void add_homeless(Grid *grid, const Verdict *verdict)
{
    if (!has_homeless(verdict))
        return;
    int parent = grid_line(grid, GRID_TOP);
    grid_cell(grid, COLUMN_FUNCTION, TONE_STRONG, "elsewhere");
    add_peripherals(grid, parent, verdict, NULL);
}

static void print_tree(const Context *context, const Verdict *verdict)
{
    const GPtrArray *devices = verdict->devices;
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
        add_peripherals(grid, add_device(grid, parent, verdict, device), verdict, device);
    }
    add_homeless(grid, verdict);
    grid_print(grid);
}

static bool print_json(const Facts *facts, const Verdict *verdict, GError **error)
{
    const GPtrArray *devices = verdict->devices;
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    describe_tri_json(json, "iommu", facts->iommu.groups);
    describe_obstacles_json(verdict, json);
    if (devices == NULL) {
        jw_null(json, "devices");
    } else {
        jw_begin_array(json, "devices");
        for (guint i = 0; i < devices->len; i++)
            describe_device_json(g_ptr_array_index(devices, i), json);
        jw_end_array(json);
    }
    describe_usb_json(verdict, json);
    describe_codecs_json(verdict, json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_devices(Context *context, GError **error)
{
    const Verdict *verdict = context_verdict(context, error);
    if (verdict == NULL)
        return -1;
    if (context->output.json && !print_json(context->facts, verdict, error))
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

    print_tree(context, verdict);
    describe_obstacles(&context->output, verdict);
    return 0;
}
