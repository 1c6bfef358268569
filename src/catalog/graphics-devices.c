/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const DEVICE_COLUMNS[] = {"family", "vendor", "devices", "spoof", "source", NULL};

enum {
    FAMILY,
    VENDOR,
    IDS,
    SPOOF,
    SOURCE,
};

enum { REVISIONS = 0x100 };

/* The revision, one more so that UNKNOWN is 0, vendor and device. */
static gpointer device_key(int vendor, int device, int revision)
{
    G_STATIC_ASSERT(sizeof(gpointer) == 8);
    return (gpointer)((gsize)(revision + 1) << 32 | (gsize)vendor << 16 | (gsize)device);
}

bool catalog_parse_id(const char *text, int *ret_id)
{
    int id = 0;
    for (int i = 0; i < 4; i++) {
        if (!g_ascii_isxdigit(text[i]) || g_ascii_isupper(text[i]))
            return false;
        id = id << 4 | g_ascii_xdigit_value(text[i]);
    }
    *ret_id = id;
    return true;
}

/* Two hexadecimal digits in lower case, and nothing behind them. */
static bool parse_revision(const char *text, int *ret_revision)
{
    if (strlen(text) != 2 || strspn(text, "0123456789abcdef") != 2)
        return false;
    *ret_revision = g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]);
    return true;
}

/* "67df", "67df/e1" or "1e00-1fff" */
static bool parse_range(const char *text, int *ret_first, int *ret_last, int *ret_revision)
{
    *ret_revision = UNKNOWN;
    if (!catalog_parse_id(text, ret_first))
        return false;
    *ret_last = *ret_first;
    if (text[4] == '\0')
        return true;
    if (text[4] == '/')
        return parse_revision(text + 5, ret_revision);
    return text[4] == '-' && catalog_parse_id(text + 5, ret_last) && text[9] == '\0' &&
           *ret_first <= *ret_last;
}

static const GraphicsDevice *look_up(const Catalog *catalog, int vendor, int device, int revision)
{
    if (vendor < 0 || vendor > 0xffff || device < 0 || device > 0xffff || revision < UNKNOWN ||
        revision >= REVISIONS)
        return NULL;
    return g_hash_table_lookup(catalog->devices, device_key(vendor, device, revision));
}

static bool add_devices(Catalog *catalog, const Row *row, const GraphicsDevice *what, int vendor,
                        const char *range, GError **error)
{
    int first, last, revision;
    if (!parse_range(range, &first, &last, &revision))
        return row_fail(row, error, "'%s' is no device id, nor a range of them.", range);
    for (int device = first; device <= last; device++) {
        const GraphicsDevice *other = look_up(catalog, vendor, device, revision);
        if (other != NULL)
            return row_fail(row, error, "%04x:%04x is there twice; it is in family '%s'.",
                            (guint)vendor, (guint)device, other->family->id);
        if (what->spoof == device)
            return row_fail(row, error, "%04x:%04x is spoofed to itself.", (guint)vendor,
                            (guint)device);
        g_hash_table_insert(catalog->devices, device_key(vendor, device, revision),
                            g_memdup2(what, sizeof *what));
    }
    return true;
}

/* Only a card that macOS does not know by its own id is spoofed. */
static bool read_spoof(const Row *row, GraphicsDevice *device, GError **error)
{
    const char *spoof = table_cell(row->table, row->row, SPOOF);

    device->spoof = UNKNOWN;
    if (spoof[0] == '\0')
        return true;
    if (!catalog_parse_id(spoof, &device->spoof) || spoof[4] != '\0')
        return row_fail(row, error, "'spoof' says '%s', which is no device id.", spoof);
    if (device->family->native)
        return row_fail(row, error, "family '%s' is native and needs no spoofed device-id.",
                        device->family->id);
    return true;
}

static bool read_device_row(Catalog *catalog, const Row *row, GError **error)
{
    const char *id, *vendor_text, *source;
    int vendor;
    GraphicsDevice device;
    g_auto(GStrv) ranges = NULL;

    if (!row_id(row, FAMILY, &id, error) || !row_text(row, VENDOR, &vendor_text, error) ||
        !row_words(row, IDS, &ranges, error) || !row_text(row, SOURCE, &source, error))
        return false;
    device.family = catalog_family(catalog, id);
    if (device.family == NULL)
        return row_fail(row, error, "no family is called '%s'.", id);
    if (!catalog_parse_id(vendor_text, &vendor) || vendor_text[4] != '\0')
        return row_fail(row, error, "'%s' is no vendor id.", vendor_text);
    if (ranges[0] == NULL)
        return row_fail(row, error, "'devices' is empty.");
    if (!read_spoof(row, &device, error))
        return false;
    for (char **range = ranges; *range != NULL; range++) {
        if (!add_devices(catalog, row, &device, vendor, *range, error))
            return false;
    }
    return true;
}

bool catalog_read_devices(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, DEVICE_COLUMNS};
        if (!read_device_row(catalog, &row, error))
            return false;
    }
    return true;
}

const GraphicsDevice *catalog_graphics_device(const Catalog *catalog, int vendor, int device,
                                              int revision)
{
    const GraphicsDevice *found = look_up(catalog, vendor, device, revision);
    return found != NULL ? found : look_up(catalog, vendor, device, UNKNOWN);
}

const GraphicsFamily *catalog_graphics(const Catalog *catalog, int vendor, int device)
{
    const GraphicsDevice *found = look_up(catalog, vendor, device, UNKNOWN);
    return found == NULL ? NULL : found->family;
}

const GraphicsFamily *catalog_graphics_other(const Catalog *catalog, int vendor, int device)
{
    const GraphicsFamily *family = catalog_graphics(catalog, vendor, device);

    for (int revision = 0; family != NULL && revision < REVISIONS; revision++) {
        const GraphicsDevice *found = look_up(catalog, vendor, device, revision);
        if (found != NULL && found->family != family)
            return found->family;
    }
    return NULL;
}

static int compare_ids(gconstpointer first, gconstpointer second)
{
    return strcmp(*(const char *const *)first, *(const char *const *)second);
}

GStrv catalog_graphics_ids(const Catalog *catalog, const GraphicsFamily *family)
{
    GPtrArray *ids = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key, value;

    g_hash_table_iter_init(&iter, catalog->devices);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        gsize id = GPOINTER_TO_SIZE(key);
        if (((const GraphicsDevice *)value)->family != family)
            continue;
        g_autofree char *text =
            g_strdup_printf("%04x:%04x", (guint)(id >> 16 & 0xffff), (guint)(id & 0xffff));
        if (id >> 32 == 0)
            g_ptr_array_add(ids, g_steal_pointer(&text));
        else
            g_ptr_array_add(ids, g_strdup_printf("%s/%02x", text, (guint)(id >> 32) - 1));
    }
    g_ptr_array_sort(ids, compare_ids);
    g_ptr_array_add(ids, NULL);
    return (GStrv)g_ptr_array_free(ids, FALSE);
}
