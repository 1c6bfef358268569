/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/*
 * Tables with a line for each function, drawn or in Markdown. The columns are known by what is
 * above them, as in Proxmox's `pvesh get /nodes/NODE/hardware/pci`:
 *
 *     | class    | device | id           | iommugroup | vendor | device_name            |
 *     | 0x030000 | 0x1b81 | 0000:01:00.0 |          1 | 0x10de | GP104 [GeForce GTX 1070] |
 */

enum { CELLS_MAX = 32 };

typedef enum {
    COLUMN_OTHER,
    COLUMN_GROUP,
    COLUMN_CLASS,
    COLUMN_VENDOR,
    COLUMN_DEVICE,
    COLUMN_SUBSYSTEM, /* with ids of its own */
    COLUMN_SUBSYSTEM_VENDOR,
    COLUMN_SUBSYSTEM_DEVICE,
    COLUMN_VENDOR_NAME,
    COLUMN_DEVICE_NAME,
    COLUMN_DRIVER,
} Column;

static const struct {
    const char *title;
    Column column;
} TITLES[] = {
    {"iommugroup", COLUMN_GROUP},
    {"iommu group", COLUMN_GROUP},
    {"iommu_group", COLUMN_GROUP},
    {"group", COLUMN_GROUP},
    {"class", COLUMN_CLASS},
    {"vendor", COLUMN_VENDOR},
    {"device", COLUMN_DEVICE},
    {"subsystem", COLUMN_SUBSYSTEM},
    {"subsystem_vendor", COLUMN_SUBSYSTEM_VENDOR},
    {"subsystem_device", COLUMN_SUBSYSTEM_DEVICE},
    {"vendor_name", COLUMN_VENDOR_NAME},
    {"device_name", COLUMN_DEVICE_NAME},
    {"driver", COLUMN_DRIVER},
    {"kernel driver", COLUMN_DRIVER},
};

struct PasteTable {
    Column columns[CELLS_MAX];
};

static gsize separator(const char *text)
{
    static const char *const BARS[] = {"|", "\u2502", "\u2503", "\u2551"};
    for (guint i = 0; i < G_N_ELEMENTS(BARS); i++) {
        if (g_str_has_prefix(text, BARS[i]))
            return strlen(BARS[i]);
    }
    return 0;
}

/* The cells of TEXT, stripped; an empty one before the first separator does not count. */
static GPtrArray *cells_of(const char *text)
{
    GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
    const char *start = text + strspn(text, " \t>");
    gsize bar = separator(start);

    start += bar;
    for (const char *at = start; cells->len < CELLS_MAX;) {
        bar = separator(at);
        if (bar == 0 && *at != '\0') {
            at++;
            continue;
        }
        char *cell = g_strstrip(g_strndup(start, (gsize)(at - start)));
        g_ptr_array_add(cells, cell);
        if (*at == '\0')
            break;
        at += bar;
        start = at;
    }
    return cells;
}

static Column column_called(const char *title)
{
    for (guint i = 0; i < G_N_ELEMENTS(TITLES); i++) {
        if (g_ascii_strcasecmp(title, TITLES[i].title) == 0)
            return TITLES[i].column;
    }
    return COLUMN_OTHER;
}

/* A head with at least two known titles. */
static bool take_head(Paste *paste, const GPtrArray *cells)
{
    PasteTable table = {{COLUMN_OTHER}};
    guint known = 0;

    for (guint i = 0; i < cells->len; i++) {
        table.columns[i] = column_called(g_ptr_array_index(cells, i));
        known += table.columns[i] != COLUMN_OTHER;
    }
    if (known < 2)
        return false;
    g_free(paste->table);
    paste->table = g_memdup2(&table, sizeof table);
    return true;
}

/* "0x10de" */
static int hex_of(const char *cell, guint digits)
{
    guint64 value;
    if (!g_str_has_prefix(cell, "0x") || strlen(cell) != digits + 2 ||
        !g_ascii_string_to_unsigned(cell + 2, 16, 0, 0xffffff, &value, NULL))
        return UNKNOWN;
    return (int)value;
}

/* "0x030000", "0x0300", "VGA compatible controller [0300]", or the name alone. */
static void take_class(Paste *paste, PciFunction *function, const char *cell)
{
    int code = hex_of(cell, 6);
    const char *bracket = strrchr(cell, '[');
    if (bracket != NULL && paste_hex4(bracket + 1) != UNKNOWN && strcmp(bracket + 5, "]") == 0)
        paste_class(paste, function, paste_hex4(bracket + 1), UNKNOWN);
    else if (code != UNKNOWN)
        paste_class(paste, function, code >> 8, code & 0xff);
    else if (hex_of(cell, 4) != UNKNOWN)
        paste_class(paste, function, hex_of(cell, 4), UNKNOWN);
    else
        paste_class(paste, function, paste_class_named(paste, cell, strlen(cell)), UNKNOWN);
}

/* "GP104 [GeForce GTX 1070] [10de:1b81]", or the ids alone. */
static bool take_ids(Paste *paste, PciFunction *function, const char *cell)
{
    int vendor, device;
    const char *rest, *ids = strrchr(cell, '[');

    ids = ids != NULL ? ids : cell;
    if (!paste_ids(ids, &vendor, &device, &rest) || *rest != '\0')
        return false;
    paste_int(paste, &function->vendor, vendor);
    paste_int(paste, &function->device, device);
    g_autofree char *name = g_strchomp(g_strndup(cell, (gsize)(ids - cell)));
    if (*name != '\0' && function->device_name == NULL)
        paste_name(function, name);
    return true;
}

static void take_cell(Paste *paste, PciFunction *function, Column column, const char *cell)
{
    const char *rest;

    if (column == COLUMN_SUBSYSTEM || take_ids(paste, function, cell))
        return;
    if (column == COLUMN_GROUP)
        paste_claim(paste, function, paste_decimal(cell, G_MAXINT, &rest));
    else if (column == COLUMN_CLASS || column == COLUMN_OTHER)
        take_class(paste, function, cell);
    else if (column == COLUMN_VENDOR)
        paste_int(paste, &function->vendor, hex_of(cell, 4));
    else if (column == COLUMN_DEVICE)
        paste_int(paste, &function->device, hex_of(cell, 4));
    else if (column == COLUMN_SUBSYSTEM_VENDOR)
        paste_int(paste, &function->subsystem_vendor, hex_of(cell, 4));
    else if (column == COLUMN_SUBSYSTEM_DEVICE)
        paste_int(paste, &function->subsystem_device, hex_of(cell, 4));
    else if (column == COLUMN_DRIVER)
        paste_driver(paste, function, cell);
    else if (column == COLUMN_VENDOR_NAME && function->vendor_name == NULL && *cell != '\0')
        function->vendor_name = g_strdup(cell);
    else if (column == COLUMN_DEVICE_NAME && function->device_name == NULL && *cell != '\0')
        function->device_name = g_strdup(cell);
}

/* The address that one of CELLS is, and nothing else is in it. */
static char *address_in(const GPtrArray *cells, guint *ret_index)
{
    for (guint i = 0; i < cells->len; i++) {
        const char *rest, *cell = g_ptr_array_index(cells, i);
        g_autofree char *address = paste_address(cell, &rest);
        *ret_index = i;
        if (address != NULL && *rest == '\0')
            return g_steal_pointer(&address);
    }
    return NULL;
}

/* Whether a row without a head says enough to be one of a table of functions. */
static bool tells_device(const Paste *paste, const GPtrArray *cells)
{
    for (guint i = 0; i < cells->len; i++) {
        int vendor, device;
        const char *cell = g_ptr_array_index(cells, i);
        if (paste_ids(cell, &vendor, &device, NULL) ||
            paste_class_named(paste, cell, strlen(cell)) != UNKNOWN)
            return true;
    }
    return false;
}

static bool take_row(Paste *paste, const GPtrArray *cells)
{
    guint place;
    g_autofree char *address = address_in(cells, &place);
    if (address == NULL || (paste->table == NULL && !tells_device(paste, cells)))
        return false;
    PciFunction *function = paste_function(paste, address);
    for (guint i = 0; function != NULL && i < cells->len; i++) {
        Column column = paste->table != NULL ? paste->table->columns[i] : COLUMN_OTHER;
        if (i != place)
            take_cell(paste, function, column, g_ptr_array_index(cells, i));
    }
    return true;
}

bool paste_take_table(Paste *paste, const PasteLine *line)
{
    if (strchr(line->whole, '|') == NULL && strstr(line->whole, "\xe2\x94") == NULL &&
        strstr(line->whole, "\xe2\x95") == NULL)
        return false;
    if (line->text[strspn(line->text, ":-| ")] == '\0') /* the rule below the head */
        return paste->table != NULL;
    g_autoptr(GPtrArray) cells = cells_of(line->whole);
    return cells->len >= 3 && (take_row(paste, cells) || take_head(paste, cells));
}
