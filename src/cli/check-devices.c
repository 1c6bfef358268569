/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check-forms.h"

#include "cli/describe.h"
#include "cli/grid.h"

#include <string.h>

enum { SHORT = 16 }; /* what is as short as "as above" is said again */

enum { COLUMN_DEVICE, COLUMN_NAME, COLUMN_GUEST, COLUMN_MACOS };

static const GridColumn COLUMNS[] = {
    [COLUMN_DEVICE] = {"DEVICE", 0},
    [COLUMN_NAME] = {"NAME", GRID_WRAP},
    [COLUMN_GUEST] = {"GUEST", 0},
    [COLUMN_MACOS] = {"MACOS", GRID_WRAP},
};

enum { COLUMN_VERDICT = COLUMN_GUEST, COLUMN_WHY = COLUMN_MACOS };

static const GridColumn RELEASE_COLUMNS[] = {
    [COLUMN_DEVICE] = {"DEVICE", 0},
    [COLUMN_NAME] = {"NAME", GRID_WRAP},
    [COLUMN_VERDICT] = {"VERDICT", 0},
    [COLUMN_WHY] = {"WHY", GRID_WRAP},
};

typedef struct {
    Grid *grid;
    const CheckQuestion *question;
    char *above; /* what the line above says of macOS */
    guint lines;
} List;

/* What a guest could make use of. Of the rest only what is known. */
static bool counts(const DeviceVerdict *device)
{
    return device->macos.judged &&
           (device->role != ROLE_OTHER || device->macos.answer != ANSWER_UNKNOWN);
}

/* With the release that is asked about, its answer; with none the releases that it works with. */
static void add_macos(List *list, const MacosVerdict *macos)
{
    const Release *release = list->question->release;
    Answer answer = ANSWER_UNKNOWN;
    g_autofree char *text =
        release != NULL ? describe_macos_with(macos, release, &answer) : describe_macos(macos);

    if (release != NULL)
        grid_cell(list->grid, COLUMN_VERDICT, describe_answer_tone(answer), answer_name(answer));
    if (text == NULL)
        text = g_strdup("unknown.");
    grid_cell(list->grid, COLUMN_MACOS, TONE_PLAIN,
              strlen(text) > SHORT && g_strcmp0(text, list->above) == 0 ? "as above" : text);
    g_free(list->above);
    list->above = g_steal_pointer(&text);
}

static void add_device(List *list, const DeviceVerdict *device)
{
    g_autofree char *name = describe_function(device->function);

    list->lines++;
    grid_line(list->grid, GRID_TOP);
    grid_cell(list->grid, COLUMN_DEVICE, TONE_PLAIN, describe_address(device->function->address));
    grid_cell(list->grid, COLUMN_NAME, TONE_PLAIN, name);
    if (list->question->release == NULL)
        grid_cell(list->grid, COLUMN_GUEST, describe_answer_tone(device->passable),
                  answer_name(device->passable));
    add_macos(list, &device->macos);
}

static void add_usb(List *list, const UsbVerdict *usb)
{
    g_autofree char *place = describe_usb_place(usb->device);
    g_autofree char *name = describe_usb(usb);

    list->lines++;
    grid_line(list->grid, GRID_TOP);
    if (usb->device->port != NULL)
        grid_cell_format(list->grid, COLUMN_DEVICE, TONE_PLAIN, "usb %s", place);
    else
        grid_cell(list->grid, COLUMN_DEVICE, TONE_PLAIN, place);
    grid_cell(list->grid, COLUMN_NAME, TONE_PLAIN, name);
    add_macos(list, &usb->macos);
}

static void add_all(List *list)
{
    const GPtrArray *devices = list->question->verdict->devices;
    const GPtrArray *all_usb = list->question->verdict->usb;

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        if (counts(g_ptr_array_index(devices, i)))
            add_device(list, g_ptr_array_index(devices, i));
    }
    for (guint i = 0; all_usb != NULL && i < all_usb->len; i++) {
        if (describe_usb_counts(g_ptr_array_index(all_usb, i)))
            add_usb(list, g_ptr_array_index(all_usb, i));
    }
    g_clear_pointer(&list->above, g_free);
}

void check_print_devices(const Context *context, const CheckQuestion *question)
{
    const GridColumn *columns = question->release != NULL ? RELEASE_COLUMNS : COLUMNS;
    g_autoptr(Grid) grid = grid_new(&context->output, columns, G_N_ELEMENTS(COLUMNS));
    List list = {grid, question, NULL, 0};

    if (question->cards != NULL)
        return;
    add_all(&list);
    if (list.lines == 0)
        return;
    output_section(&context->output, "Other devices");
    grid_print(grid);
}
