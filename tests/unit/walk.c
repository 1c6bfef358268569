/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "walk.h"

const Catalog *walk_catalog(void)
{
    static Catalog *catalog;

    if (catalog == NULL) {
        g_autoptr(GError) error = NULL;
        catalog = catalog_load(&error);
        g_assert_no_error(error);
    }
    return catalog;
}

Walk walk_path(const Facts *facts)
{
    Walk walk = {.verdict = verdict_make(facts, walk_catalog())};
    walk.path = path_make(facts, walk.verdict, walk_catalog(), NULL, NULL);
    return walk;
}

void walk_clear(Walk *walk)
{
    path_free(walk->path);
    verdict_free(walk->verdict);
}
