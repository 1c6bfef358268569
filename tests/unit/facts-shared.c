/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts-shared.h"

#include "facts/snapshot.h"

#include <stdio.h>

Facts *facts_collected(const Tree *tree, FactsCollector *collector)
{
    static const FactsOptions OPTIONS = {.private_too = false};
    Facts *facts = facts_new();
    collector(tree->root, &OPTIONS, facts);
    return facts;
}

char *facts_written(const Facts *facts)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    g_assert_nonnull(stream);
    JsonWrite *json = jw_new(stream);
    facts_write(facts, json, NULL);
    g_assert_true(jw_finish(json, &error));
    fclose(stream);
    return text;
}

void assert_strv(char *const *found, const char *expected)
{
    g_assert_nonnull(found);
    g_autofree char *joined = g_strjoinv(" ", (char **)found);
    g_assert_cmpstr(joined, ==, expected);
}
