/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "opencore/make-parts.h"
#include "opencore/value-text.h"

#include <string.h>

static void add_reason(Maker *maker, const char *path, const char *why, const char *source)
{
    MakeReason *reason = g_new0(MakeReason, 1);
    g_autoptr(KeyPath) parsed = key_path_parse(path, NULL);
    *reason = (MakeReason){parsed != NULL ? key_path_format(parsed) : g_strdup(path), g_strdup(why),
                           g_strdup(source)};
    g_ptr_array_add(maker->config->reasons, reason);
}

/* PATH with numbers in place of the names of elements, and the node that it leads to. */
static KeyPath *resolve(const Maker *maker, const char *text, const SchemaNode **ret_node,
                        GError **error)
{
    const Schema *schema = maker->input->schema;
    g_autoptr(KeyPath) path = key_path_parse(text, error);
    if (path == NULL)
        return NULL;
    *ret_node = schema_at(schema, path, maker->version);
    if (*ret_node == NULL)
        return fail_null(error, ERROR_INPUT, "OpenCore %s has no key '%s' in its config.plist.",
                         MAKE_OPENCORE_VERSION, text);
    return key_path_resolve(path, maker->config->top, schema_identify, schema, error);
}

/* What is below VALUE by one step of a key or number; CHILD is its node. A section that may be
 * missing is made. The tree is this folder's own, so that it may be changed. */
static PlistValue *descend(const Maker *maker, PlistValue *value, const SchemaNode *child,
                           const KeyStep *step)
{
    if (step->kind == STEP_INDEX)
        return (PlistValue *)plist_element(value, step->index);
    if (plist_get(value, step->text) == NULL)
        plist_put(value, step->text, schema_new_value(child, maker->version));
    return (PlistValue *)plist_get(value, step->text);
}

/* The dictionary or array around the last step. */
static PlistValue *find_parent(const Maker *maker, const KeyPath *path, const char *text,
                               GError **error)
{
    PlistValue *value = maker->config->top;
    const SchemaNode *node = schema_top(maker->input->schema);

    for (guint i = 0; i + 1 < path->steps->len && value != NULL; i++) {
        const KeyStep *step = g_ptr_array_index(path->steps, i);
        node = step->kind == STEP_KEY ? schema_child(node, step->text, maker->version)
                                      : schema_element(node, maker->version);
        value = descend(maker, value, node, step);
    }
    if (value == NULL)
        return fail_null(error, ERROR_INPUT, "There is nothing at '%s' of config.plist.", text);
    return value;
}

/* What a value begins with where its key takes any type, and this one is meant. */
static const struct {
    const char *prefix;
    PlistType type;
    bool kept; /* value_text_parse() knows it, too */
} PREFIXES[] = {
    {"hex:", PLIST_DATA, true},       {"base64:", PLIST_DATA, true},
    {"int:", PLIST_INTEGER, false},   {"bool:", PLIST_BOOLEAN, false},
    {"string:", PLIST_STRING, false},
};

static PlistValue *parse(const Maker *maker, const SchemaNode *node, const PlistValue *old,
                         const char *text, GError **error)
{
    PlistType type = old != NULL ? old->type : PLIST_STRING;
    for (guint i = 0; node->type == SCHEMA_ANY && i < G_N_ELEMENTS(PREFIXES); i++) {
        gsize length = strlen(PREFIXES[i].prefix);
        if (strncmp(text, PREFIXES[i].prefix, length) == 0)
            return value_text_parse(PREFIXES[i].type, PREFIXES[i].kept ? text : text + length,
                                    error);
    }
    return value_text_parse_for(node, maker->version, type, text, error);
}

char *make_typed_text(const char *type, const char *text)
{
    const char *prefix = "";
    for (guint i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
        if (strcmp(plist_type_name(PREFIXES[i].type), type) != 0)
            continue;
        if (PREFIXES[i].kept && g_str_has_prefix(text, PREFIXES[i].prefix))
            return g_strdup(text);
        if (*prefix == '\0')
            prefix = PREFIXES[i].prefix;
    }
    return g_strconcat(prefix, text, NULL);
}

/* Puts VALUE, which it takes over, where the last step of PATH says. */
static bool place(PlistValue *parent, const KeyStep *step, PlistValue *value, GError **error)
{
    if (step->kind == STEP_KEY && parent->type == PLIST_DICT) {
        plist_put(parent, step->text, value);
        return true;
    }
    if (step->kind == STEP_APPEND && parent->type == PLIST_ARRAY) {
        plist_append(parent, value);
        return true;
    }
    if (step->kind == STEP_INDEX && step->index < plist_count(parent)) {
        plist_free(g_ptr_array_index(parent->values, step->index));
        g_ptr_array_index(parent->values, step->index) = value;
        return true;
    }
    plist_free(value);
    return fail(error, ERROR_INPUT, "There is no such element.");
}

static const KeyStep *last_step(const KeyPath *path)
{
    return g_ptr_array_index(path->steps, path->steps->len - 1);
}

bool maker_set(Maker *maker, const char *path_text, const char *text, const char *why,
               const char *source, GError **error)
{
    const SchemaNode *node;
    g_autoptr(KeyPath) path = resolve(maker, path_text, &node, error);
    PlistValue *parent = path != NULL ? find_parent(maker, path, path_text, error) : NULL;
    if (parent == NULL)
        return false;
    const KeyStep *last = last_step(path);
    const PlistValue *old = last->kind == STEP_KEY     ? plist_get(parent, last->text)
                            : last->kind == STEP_INDEX ? plist_element(parent, last->index)
                                                       : NULL;
    PlistValue *value = parse(maker, node, old, text, error);
    if (value == NULL || !place(parent, last, value, error))
        return false;
    add_reason(maker, path_text, why, source);
    return true;
}

bool maker_put(Maker *maker, const char *path_text, PlistValue *value, const char *why,
               const char *source, GError **error)
{
    const SchemaNode *node;
    g_autoptr(KeyPath) path = resolve(maker, path_text, &node, error);
    PlistValue *parent = path != NULL ? find_parent(maker, path, path_text, error) : NULL;
    if (parent == NULL) {
        plist_free(value);
        return false;
    }
    const KeyStep *last = last_step(path);
    g_autofree char *identity = NULL;
    if (last->kind == STEP_APPEND) {
        /* The reason is kept under the name that tells the entry apart. */
        g_autofree char *array = g_strndup(path_text, strlen(path_text) - strlen("[+]"));
        g_autofree char *name = schema_identify(array, value, maker->input->schema);
        GString *full = g_string_new(array);
        key_path_add_identity(full, name != NULL ? name : "");
        identity = g_string_free(full, FALSE);
    }
    if (!place(parent, last, value, error))
        return false;
    add_reason(maker, identity != NULL ? identity : path_text, why, source);
    return true;
}

PlistValue *maker_new_entry(const Maker *maker, const char *path_text, GError **error)
{
    const SchemaNode *node;
    g_autoptr(KeyPath) path = resolve(maker, path_text, &node, error);
    const SchemaNode *element = path != NULL ? schema_element(node, maker->version) : NULL;
    if (path == NULL)
        return NULL;
    if (element == NULL)
        return fail_null(error, ERROR_INPUT, "'%s' is no array of config.plist.", path_text);
    return schema_new_value(element, maker->version);
}
