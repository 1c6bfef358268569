/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const MAKER_COLUMNS[] = {"maker", "subsystem", "families", "first",
                                     "last",  "trouble",   "source",   NULL};

enum {
    MAKER,
    SUBSYSTEM,
    FAMILIES,
    FIRST,
    LAST,
    TROUBLE,
    SOURCE,
};

void catalog_maker_free(GraphicsMaker *maker)
{
    if (maker == NULL)
        return;
    g_free(maker->maker);
    g_free(maker->trouble);
    g_free(maker->source);
    g_ptr_array_unref(maker->families);
    g_free(maker);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GraphicsMaker, catalog_maker_free)

static bool read_maker_families(const Catalog *catalog, GraphicsMaker *maker, const Row *row,
                                GError **error)
{
    g_auto(GStrv) families = NULL;

    if (!row_words(row, FAMILIES, &families, error))
        return false;
    if (families[0] == NULL)
        return row_fail(row, error, "'families' is empty.");
    for (char **id = families; *id != NULL; id++) {
        const GraphicsFamily *family = catalog_family(catalog, *id);
        if (family == NULL)
            return row_fail(row, error, "no family is called '%s'.", *id);
        if (catalog_graphics_maker(catalog, family, maker->subsystem_vendor) != NULL)
            return row_fail(row, error, "family '%s' by %s is there twice.", *id, maker->maker);
        g_ptr_array_add(maker->families, (gpointer)family);
    }
    return true;
}

static bool read_maker(const Catalog *catalog, GraphicsMaker *maker, const Row *row, GError **error)
{
    const char *name, *subsystem, *trouble, *source;

    if (!row_text(row, MAKER, &name, error) || !row_text(row, SUBSYSTEM, &subsystem, error) ||
        !row_text(row, TROUBLE, &trouble, error) || !row_text(row, SOURCE, &source, error))
        return false;
    maker->maker = g_strdup(name);
    maker->trouble = g_strdup(trouble);
    maker->source = g_strdup(source);
    if (!catalog_parse_id(subsystem, &maker->subsystem_vendor) || subsystem[4] != '\0')
        return row_fail(row, error, "'%s' is no vendor id.", subsystem);
    if (!g_str_has_suffix(trouble, "."))
        return row_fail(row, error, "'trouble' must be whole sentences.");
    if (!catalog_read_range(catalog, row, FIRST, LAST, &maker->first, &maker->last, error))
        return false;
    if (maker->first == NULL)
        return row_fail(row, error, "'first' must be a release.");
    return read_maker_families(catalog, maker, row, error);
}

bool catalog_read_makers(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, MAKER_COLUMNS};
        g_autoptr(GraphicsMaker) maker = g_new0(GraphicsMaker, 1);

        maker->families = g_ptr_array_new();
        if (!read_maker(catalog, maker, &row, error))
            return false;
        g_ptr_array_add(catalog->makers, g_steal_pointer(&maker));
    }
    return true;
}

const GraphicsMaker *catalog_graphics_maker(const Catalog *catalog, const GraphicsFamily *family,
                                            int subsystem_vendor)
{
    for (guint i = 0; family != NULL && i < catalog->makers->len; i++) {
        const GraphicsMaker *maker = g_ptr_array_index(catalog->makers, i);
        if (maker->subsystem_vendor == subsystem_vendor &&
            g_ptr_array_find(maker->families, family, NULL))
            return maker;
    }
    return NULL;
}
