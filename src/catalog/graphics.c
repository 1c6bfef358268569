/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const FAMILY_COLUMNS[] = {
    "id",     "vendor", "name",   "cards", "first",  "last",
    "native", "needs",  "limits", "reset", "source", NULL,
};
const char *const DEVICE_COLUMNS[] = {"family", "vendor", "devices", "source", NULL};

enum {
    ID,
    VENDOR,
    NAME,
    CARDS,
    FIRST,
    LAST,
    NATIVE,
    NEEDS,
    LIMITS,
    RESET,
    SOURCE,
};

enum {
    DEVICE_FAMILY,
    DEVICE_VENDOR,
    DEVICE_IDS,
    DEVICE_SOURCE,
};

void catalog_family_free(GraphicsFamily *family)
{
    if (family == NULL)
        return;
    g_free(family->id);
    g_free(family->vendor);
    g_free(family->name);
    g_free(family->cards);
    g_free(family->needs);
    g_free(family->limits);
    g_free(family->reset);
    g_free(family->source);
    g_free(family);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GraphicsFamily, catalog_family_free)

static const GraphicsFamily *find_family(const Catalog *catalog, const char *id)
{
    for (guint i = 0; i < catalog->families->len; i++) {
        const GraphicsFamily *family = g_ptr_array_index(catalog->families, i);
        if (strcmp(family->id, id) == 0)
            return family;
    }
    return NULL;
}

static bool read_release(const Catalog *catalog, const Row *row, guint column,
                         const Release **ret_release, GError **error)
{
    const char *id = table_cell(row->table, row->row, column);
    if (strcmp(id, "none") == 0) {
        *ret_release = NULL;
        return true;
    }
    const Release *release = catalog_release(catalog, id);
    if (release == NULL || strcmp(release->id, id) != 0)
        return row_fail(row, error, "'%s' says '%s', which is no release's id.",
                        row->columns[column], id);
    *ret_release = release;
    return true;
}

static bool read_range(const Catalog *catalog, GraphicsFamily *family, const Row *row,
                       GError **error)
{
    if (!read_release(catalog, row, FIRST, &family->first, error) ||
        !read_release(catalog, row, LAST, &family->last, error))
        return false;
    if ((family->first == NULL) != (family->last == NULL))
        return row_fail(row, error, "'first' and 'last' must both be 'none', or neither.");
    if (family->first != NULL && family->first->order > family->last->order)
        return row_fail(row, error, "'first' (%s) comes after 'last' (%s).", family->first->id,
                        family->last->id);
    if (family->first == NULL && family->native)
        return row_fail(row, error, "a family that no release accelerates cannot be native.");
    return true;
}

static bool read_family(const Catalog *catalog, GraphicsFamily *family, const Row *row,
                        GError **error)
{
    static const char *const VENDORS[] = {"AMD", "NVIDIA", "Intel", "virtual", NULL};
    static const char *const RESETS[] = {"ok", "bug", "none", "unknown", NULL};
    const char *id, *vendor, *name, *cards, *reset, *source;

    if (!row_id(row, ID, &id, error) || !row_one_of(row, VENDOR, VENDORS, &vendor, error) ||
        !row_text(row, NAME, &name, error) || !row_text(row, CARDS, &cards, error) ||
        !row_yes_no(row, NATIVE, &family->native, error) ||
        !row_one_of(row, RESET, RESETS, &reset, error) || !row_text(row, SOURCE, &source, error))
        return false;
    family->id = g_strdup(id);
    family->vendor = g_strdup(vendor);
    family->name = g_strdup(name);
    family->cards = g_strdup(cards);
    family->needs = g_strdup(table_cell(row->table, row->row, NEEDS));
    family->limits = g_strdup(table_cell(row->table, row->row, LIMITS));
    family->reset = g_strdup(reset);
    family->source = g_strdup(source);
    return read_range(catalog, family, row, error);
}

static bool check_family(const Catalog *catalog, const GraphicsFamily *family, const Row *row,
                         GError **error)
{
    const char *id = family->id;

    if (find_family(catalog, id) != NULL)
        return row_fail(row, error, "family '%s' is there twice.", id);
    if (family->first != NULL && !family->native && family->needs[0] == '\0')
        return row_fail(row, error, "family '%s' is not native: 'needs' must say why.", id);
    if (strcmp(family->vendor, "virtual") == 0 && family->needs[0] == '\0')
        return row_fail(row, error, "'needs' must say what a virtual adapter is.");
    if (g_str_has_suffix(family->needs, "."))
        return row_fail(row, error, "'needs' ends with a full stop.");
    if (family->limits[0] != '\0' && !g_str_has_suffix(family->limits, "."))
        return row_fail(row, error, "'limits' must be whole sentences.");
    return true;
}

bool catalog_read_families(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, FAMILY_COLUMNS};
        g_autoptr(GraphicsFamily) family = g_new0(GraphicsFamily, 1);

        if (!read_family(catalog, family, &row, error) ||
            !check_family(catalog, family, &row, error))
            return false;
        g_ptr_array_add(catalog->families, g_steal_pointer(&family));
    }
    return true;
}

static gpointer device_key(int vendor, int device)
{
    return GUINT_TO_POINTER((guint)vendor << 16 | (guint)device);
}

/* Four hexadecimal digits in lower case. */
static bool parse_id(const char *text, int *ret_id)
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

/* "67df" or "1e00-1fff" */
static bool parse_range(const char *text, int *ret_first, int *ret_last)
{
    if (!parse_id(text, ret_first))
        return false;
    *ret_last = *ret_first;
    if (text[4] == '\0')
        return true;
    return text[4] == '-' && parse_id(text + 5, ret_last) && text[9] == '\0' &&
           *ret_first <= *ret_last;
}

static bool add_devices(Catalog *catalog, const Row *row, const GraphicsFamily *family, int vendor,
                        const char *range, GError **error)
{
    int first, last;
    if (!parse_range(range, &first, &last))
        return row_fail(row, error, "'%s' is no device id, nor a range of them.", range);
    for (int device = first; device <= last; device++) {
        const GraphicsFamily *other = catalog_graphics(catalog, vendor, device);
        if (other != NULL)
            return row_fail(row, error, "%04x:%04x is there twice; it is in family '%s'.",
                            (guint)vendor, (guint)device, other->id);
        g_hash_table_insert(catalog->devices, device_key(vendor, device), (gpointer)family);
    }
    return true;
}

static bool read_device_row(Catalog *catalog, const Row *row, GError **error)
{
    const char *id, *vendor_text, *source;
    int vendor;
    g_auto(GStrv) ranges = NULL;

    if (!row_id(row, DEVICE_FAMILY, &id, error) ||
        !row_text(row, DEVICE_VENDOR, &vendor_text, error) ||
        !row_words(row, DEVICE_IDS, &ranges, error) ||
        !row_text(row, DEVICE_SOURCE, &source, error))
        return false;
    const GraphicsFamily *family = find_family(catalog, id);
    if (family == NULL)
        return row_fail(row, error, "no family is called '%s'.", id);
    if (!parse_id(vendor_text, &vendor) || vendor_text[4] != '\0')
        return row_fail(row, error, "'%s' is no vendor id.", vendor_text);
    if (ranges[0] == NULL)
        return row_fail(row, error, "'devices' is empty.");
    for (char **range = ranges; *range != NULL; range++) {
        if (!add_devices(catalog, row, family, vendor, *range, error))
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

const GraphicsFamily *catalog_graphics(const Catalog *catalog, int vendor, int device)
{
    if (vendor < 0 || vendor > 0xffff || device < 0 || device > 0xffff)
        return NULL;
    return g_hash_table_lookup(catalog->devices, device_key(vendor, device));
}
