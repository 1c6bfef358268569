/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const FAMILY_COLUMNS[] = {
    "id",    "vendor", "name",   "cards", "form",  "first",  "last", "native",
    "metal", "needs",  "limits", "doubt", "reset", "source", NULL,
};

enum {
    ID,
    VENDOR,
    NAME,
    CARDS,
    FORM,
    FIRST,
    LAST,
    NATIVE,
    METAL,
    NEEDS,
    LIMITS,
    DOUBT,
    RESET,
    SOURCE,
};

void catalog_family_free(GraphicsFamily *family)
{
    if (family == NULL)
        return;
    g_free(family->id);
    g_free(family->vendor);
    g_free(family->name);
    g_free(family->cards);
    g_free(family->form);
    g_free(family->needs);
    g_free(family->limits);
    g_free(family->doubt);
    g_free(family->reset);
    g_free(family->source);
    g_free(family);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GraphicsFamily, catalog_family_free)

const GraphicsFamily *catalog_family(const Catalog *catalog, const char *id)
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

bool catalog_read_range(const Catalog *catalog, const Row *row, guint first, guint last,
                        const Release **ret_first, const Release **ret_last, GError **error)
{
    if (!read_release(catalog, row, first, ret_first, error) ||
        !read_release(catalog, row, last, ret_last, error))
        return false;
    if ((*ret_first == NULL) != (*ret_last == NULL))
        return row_fail(row, error, "'first' and 'last' must both be 'none', or neither.");
    if (*ret_first != NULL && (*ret_first)->order > (*ret_last)->order)
        return row_fail(row, error, "'first' (%s) comes after 'last' (%s).", (*ret_first)->id,
                        (*ret_last)->id);
    return true;
}

static bool read_family(const Catalog *catalog, GraphicsFamily *family, const Row *row,
                        GError **error)
{
    static const char *const VENDORS[] = {"AMD",    "NVIDIA",  "Intel", "ASPEED",
                                          "Matrox", "virtual", NULL};
    static const char *const FORMS[] = {"card",       "integrated", "soldered",
                                        "management", "virtual",    NULL};
    static const char *const RESETS[] = {"ok", "bug", "none", "unknown", NULL};
    const char *id, *vendor, *name, *cards, *form, *reset, *source;

    if (!row_id(row, ID, &id, error) || !row_one_of(row, VENDOR, VENDORS, &vendor, error) ||
        !row_text(row, NAME, &name, error) || !row_text(row, CARDS, &cards, error) ||
        !row_one_of(row, FORM, FORMS, &form, error) ||
        !row_yes_no(row, NATIVE, &family->native, error) ||
        !row_yes_no(row, METAL, &family->metal, error) ||
        !row_one_of(row, RESET, RESETS, &reset, error) || !row_text(row, SOURCE, &source, error))
        return false;
    family->id = g_strdup(id);
    family->vendor = g_strdup(vendor);
    family->name = g_strdup(name);
    family->cards = g_strdup(cards);
    family->form = g_strdup(form);
    family->needs = g_strdup(table_cell(row->table, row->row, NEEDS));
    family->limits = g_strdup(table_cell(row->table, row->row, LIMITS));
    family->doubt = g_strdup(table_cell(row->table, row->row, DOUBT));
    family->reset = g_strdup(reset);
    family->source = g_strdup(source);
    return catalog_read_range(catalog, row, FIRST, LAST, &family->first, &family->last, error);
}

static bool check_family(const Catalog *catalog, const GraphicsFamily *family, const Row *row,
                         GError **error)
{
    const char *id = family->id;

    if (catalog_family(catalog, id) != NULL)
        return row_fail(row, error, "family '%s' is there twice.", id);
    if (family->first == NULL && (family->native || family->metal))
        return row_fail(row, error,
                        "a family that no release accelerates cannot be native, nor have Metal.");
    if (family->first != NULL && !family->native && family->needs[0] == '\0')
        return row_fail(row, error, "family '%s' is not native: 'needs' must say why.", id);
    if (strcmp(family->vendor, "virtual") == 0 && family->needs[0] == '\0')
        return row_fail(row, error, "'needs' must say what a virtual adapter is.");
    if (g_str_has_suffix(family->needs, "."))
        return row_fail(row, error, "'needs' ends with a full stop.");
    if (family->limits[0] != '\0' && !g_str_has_suffix(family->limits, "."))
        return row_fail(row, error, "'limits' must be whole sentences.");
    if (family->doubt[0] != '\0' && !g_str_has_suffix(family->doubt, "."))
        return row_fail(row, error, "'doubt' must be whole sentences.");
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
