/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/check.h"

#include <string.h>

/* What does not fit, counted for every version at once: bit N of a mask is version N. */
typedef struct {
    const Schema *schema;
    guint misfits[64];
} Count;

static void count_bits(Count *count, guint64 mask)
{
    for (guint i = 0; i < count->schema->versions->len; i++)
        count->misfits[i] += (guint)(mask >> i & 1);
}

static void count_value(Count *count, const SchemaNode *node, const PlistValue *value,
                        guint64 versions);

/* VALUE stands for the children of NODE that are called NAME, in VERSIONS. */
static void count_child(Count *count, const SchemaNode *node, const char *name,
                        const PlistValue *value, guint64 versions)
{
    guint64 known = 0;
    for (guint i = 0; i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        guint64 here = child->versions & versions;
        if (here == 0 || strcmp(child->name, name) != 0)
            continue;
        known |= here;
        count_value(count, child, value, here);
    }
    count_bits(count, versions & ~known);
}

static void count_missing(Count *count, const SchemaNode *node, const PlistValue *dict,
                          guint64 versions)
{
    for (guint i = 0; i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        if (child->required && plist_get(dict, child->name) == NULL)
            count_bits(count, child->versions & versions);
    }
}

static void count_value(Count *count, const SchemaNode *node, const PlistValue *value,
                        guint64 versions)
{
    if (!schema_takes(node, value->type)) {
        count_bits(count, versions);
        return;
    }
    for (guint i = 0; i < plist_count(value); i++) {
        const PlistValue *entry = plist_element(value, i);
        const char *key = value->type == PLIST_DICT ? plist_key(value, i) : "[]";
        if (key[0] != '#') /* a comment to OpenCore */
            count_child(count, node, node->type == SCHEMA_MAP ? "*" : key, entry, versions);
    }
    if (node->type == SCHEMA_DICT)
        count_missing(count, node, value, versions);
}

SchemaFit schema_fit(const Schema *schema, const PlistValue *top)
{
    Count count = {.schema = schema};
    guint versions = schema->versions->len, newest = schema_newest(schema);
    guint64 all = versions == 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT(1) << versions) - 1;
    count_value(&count, schema_top(schema), top, all);

    SchemaFit fit = {.version = newest};
    for (guint i = newest; i-- > 0;) {
        if (count.misfits[i] < count.misfits[fit.version])
            fit.version = i;
    }
    /* what is not released yet has to fit better, not as well */
    for (guint i = newest + 1; i < versions; i++) {
        if (count.misfits[i] < count.misfits[fit.version])
            fit.version = i;
    }
    fit.first = fit.last = fit.version;
    while (fit.first > 0 && count.misfits[fit.first - 1] == count.misfits[fit.version])
        fit.first--;
    while (fit.last + 1 < versions && count.misfits[fit.last + 1] == count.misfits[fit.version])
        fit.last++;
    fit.exact = count.misfits[fit.version] == 0;
    return fit;
}
