/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/override.h"

#include "base/error.h"
#include "opencore/key-path.h"
#include "opencore/make.h"
#include "opencore/value-text.h"

#include <string.h>

#define NEW_ELEMENT "[+]"

char *override_path(const Schema *schema, const PlistValue *top, const char *text)
{
    g_autoptr(KeyPath) path = key_path_parse(text, NULL);
    if (path == NULL)
        return g_strdup(text);
    g_autoptr(KeyPath) resolved =
        top != NULL ? key_path_resolve(path, top, schema_identify, schema, NULL) : NULL;
    return resolved != NULL ? key_path_name(resolved, top, schema_identify, schema)
                            : key_path_format(path);
}

/* The node of PATH in the version that configurations are made for, or NULL. */
static const SchemaNode *find_node(const Schema *schema, const char *path, guint *ret_version)
{
    g_autoptr(KeyPath) key = key_path_parse(path, NULL);
    if (key == NULL || !schema_find_version(schema, MAKE_OPENCORE_VERSION, ret_version, NULL))
        return NULL;
    return schema_at(schema, key, *ret_version);
}

char *override_made(const Schema *schema, const MachineSetting *setting)
{
    guint version;
    g_autofree char *path = override_path(schema, NULL, setting->path);
    const SchemaNode *node =
        g_str_has_suffix(path, NEW_ELEMENT) ? find_node(schema, path, &version) : NULL;
    g_autoptr(PlistValue) value =
        node != NULL ? value_text_parse_for(node, version, PLIST_STRING, setting->value, NULL)
                     : NULL;
    if (value == NULL)
        return g_steal_pointer(&path);
    g_autoptr(GString) made = g_string_new_len(path, (gssize)(strlen(path) - strlen(NEW_ELEMENT)));
    g_autofree char *identity = schema_identify(made->str, value, schema);
    if (identity == NULL)
        return g_steal_pointer(&path);
    key_path_add_identity(made, identity);
    return g_strdup(made->str);
}

bool override_is_in(const char *path, const char *around)
{
    gsize length = strlen(around);
    return strncmp(path, around, length) == 0 && strchr(".[", path[length]) != NULL;
}

static bool check_line(const char *value, GError **error)
{
    g_autofree char *stripped = g_strstrip(g_strdup(value));
    for (const char *p = value; *p != '\0'; p++)
        if (g_ascii_iscntrl(*p))
            return fail(error, ERROR_INPUT,
                        "The value has a line end or another control character in it, which a "
                        "machine file cannot hold.");
    return strcmp(stripped, value) == 0 ||
           fail(error, ERROR_INPUT,
                "The value begins or ends with a blank, which a machine file cannot hold.");
}

char *override_value(const Schema *schema, const char *path, const char *value, const char *type,
                     GError **error)
{
    guint version;
    const SchemaNode *node = find_node(schema, path, &version);

    if (!check_line(value, error))
        return NULL;
    if (type == NULL || node == NULL || node->type != SCHEMA_ANY)
        return g_strdup(value);
    return make_typed_text(type, value);
}
