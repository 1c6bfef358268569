/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/schema.h"

#include <string.h>

const SchemaNode *schema_find(const Schema *schema, const char *path, SchemaType type)
{
    for (const GSList *item = g_hash_table_lookup(schema->by_path, path); item != NULL;
         item = item->next) {
        const SchemaNode *node = item->data;
        if (node->type == type)
            return node;
    }
    return NULL;
}

bool schema_has(const Schema *schema, const char *path)
{
    return g_hash_table_contains(schema->by_path, path);
}

const SchemaNode *schema_child(const SchemaNode *node, const char *key, guint version)
{
    if (node == NULL || (node->type != SCHEMA_DICT && node->type != SCHEMA_MAP))
        return NULL;
    const char *name = node->type == SCHEMA_MAP ? "*" : key;
    for (guint i = 0; i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        if ((child->versions >> version & 1) != 0 && strcmp(child->name, name) == 0)
            return child;
    }
    return NULL;
}

const SchemaNode *schema_element(const SchemaNode *node, guint version)
{
    if (node == NULL || node->type != SCHEMA_ARRAY)
        return NULL;
    for (guint i = 0; i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        if ((child->versions >> version & 1) != 0)
            return child;
    }
    return NULL;
}

const SchemaNode *schema_at(const Schema *schema, const KeyPath *path, guint version)
{
    const SchemaNode *node = schema_top(schema);
    for (guint i = 0; node != NULL && i < path->steps->len; i++) {
        const KeyStep *step = g_ptr_array_index(path->steps, i);
        node = step->kind == STEP_KEY ? schema_child(node, step->text, version)
                                      : schema_element(node, version);
    }
    return node;
}

const char *schema_type_name(SchemaType type)
{
    static const char *const NAMES[] = {
        [SCHEMA_DICT] = "dictionary", [SCHEMA_MAP] = "dictionary",
        [SCHEMA_ARRAY] = "array",     [SCHEMA_STRING] = "string",
        [SCHEMA_DATA] = "data",       [SCHEMA_INTEGER] = "integer",
        [SCHEMA_BOOLEAN] = "boolean", [SCHEMA_ANY] = "string, data, integer or boolean",
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(NAMES) == SCHEMA_TYPES);
    return NAMES[type];
}

bool schema_takes(const SchemaNode *node, PlistType type)
{
    if (node->type == SCHEMA_ANY)
        return type == PLIST_STRING || type == PLIST_DATA || type == PLIST_INTEGER ||
               type == PLIST_BOOLEAN;
    static const PlistType TYPES[SCHEMA_TYPES] = {
        [SCHEMA_DICT] = PLIST_DICT,       [SCHEMA_MAP] = PLIST_DICT,
        [SCHEMA_ARRAY] = PLIST_ARRAY,     [SCHEMA_STRING] = PLIST_STRING,
        [SCHEMA_DATA] = PLIST_DATA,       [SCHEMA_INTEGER] = PLIST_INTEGER,
        [SCHEMA_BOOLEAN] = PLIST_BOOLEAN,
    };
    return TYPES[node->type] == type;
}

PlistValue *schema_new_value(const SchemaNode *node, guint version)
{
    if (node->type == SCHEMA_ARRAY)
        return plist_new_array();
    if (node->fallback != NULL)
        return plist_copy(node->fallback);
    if (node->type != SCHEMA_DICT && node->type != SCHEMA_MAP)
        return plist_new_string("");
    PlistValue *dict = plist_new_dict();
    for (guint i = 0; node->type == SCHEMA_DICT && i < node->children->len; i++) {
        const SchemaNode *child = g_ptr_array_index(node->children, i);
        if ((child->versions >> version & 1) != 0)
            plist_put(dict, child->name, schema_new_value(child, version));
    }
    return dict;
}

PlistValue *schema_new_config(const Schema *schema, guint version)
{
    return schema_new_value(schema_top(schema), version);
}

char *schema_identify(const char *path, const PlistValue *element, gconstpointer data)
{
    if (element->type == PLIST_STRING)
        return g_strdup(element->text);
    /* below an element or a free key PATH is not that of a node, and there is no such array */
    const SchemaNode *array = schema_find(data, path, SCHEMA_ARRAY);
    if (array == NULL || array->identity[0] == NULL)
        return NULL;
    const PlistValue *value = plist_get(element, array->identity[0]);
    if (value == NULL)
        return NULL;
    return value->type == PLIST_DATA ? plist_hex(value) : g_strdup(value->text);
}
