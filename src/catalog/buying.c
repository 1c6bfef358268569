/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"

#include <string.h>

/* The better the smaller. */
static int reset_rank(const GraphicsFamily *family)
{
    static const char *const RESETS[] = {"ok", "unknown", "bug", NULL};
    int rank = 0;
    while (RESETS[rank] != NULL && strcmp(RESETS[rank], family->reset) != 0)
        rank++;
    return rank;
}

/* First what stands in the way of a guest, then how long the card serves, then how new it is. */
static int compare_families(gconstpointer first, gconstpointer second, gpointer any_release)
{
    const GraphicsFamily *a = *(const GraphicsFamily *const *)first;
    const GraphicsFamily *b = *(const GraphicsFamily *const *)second;
    const int differences[] = {
        any_release != NULL ? b->last->order - a->last->order : 0,
        (a->doubt[0] != '\0') - (b->doubt[0] != '\0'),
        b->native - a->native,
        (a->limits[0] != '\0') - (b->limits[0] != '\0'),
        reset_rank(a) - reset_rank(b),
        b->last->order - a->last->order,
        b->first->order - a->first->order,
        strcmp(a->id, b->id),
    };

    for (guint i = 0; i < G_N_ELEMENTS(differences); i++) {
        if (differences[i] != 0)
            return differences[i];
    }
    return 0;
}

/* Whether CLAUSE is about one release ("in 10.15: 10.15.1 or later"), and that is another one. */
static bool is_about_another(const char *clause, const Release *release)
{
    if (!g_str_has_prefix(clause, "in ") && !g_str_has_prefix(clause, "In "))
        return false;
    const char *version = clause + strlen("in ");
    gsize length = strcspn(version, ":");
    return version[length] == ':' &&
           (strlen(release->version) != length || strncmp(version, release->version, length) != 0);
}

char *catalog_graphics_needs(const GraphicsFamily *family, const Release *release)
{
    if (release == NULL)
        return g_strdup(family->needs);
    g_auto(GStrv) clauses = g_strsplit(family->needs, "; ", -1);
    GString *needs = g_string_new(NULL);
    for (char **clause = clauses; *clause != NULL; clause++) {
        if (!is_about_another(*clause, release))
            g_string_append_printf(needs, "%s%s", needs->len > 0 ? "; " : "", *clause);
    }
    return g_string_free(needs, FALSE);
}

GPtrArray *catalog_graphics_to_buy(const Catalog *catalog, const Release *release)
{
    GPtrArray *families = g_ptr_array_new();

    for (guint i = 0; i < catalog->families->len; i++) {
        GraphicsFamily *family = g_ptr_array_index(catalog->families, i);
        if (strcmp(family->form, "card") != 0 || family->first == NULL)
            continue;
        if (release == NULL ||
            (release->order >= family->first->order && release->order <= family->last->order))
            g_ptr_array_add(families, family);
    }
    g_ptr_array_sort_with_data(families, compare_families,
                               release == NULL ? (gpointer)catalog : NULL);
    return families;
}
