/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonread.h"

#include "base/error.h"

#include <json-glib/json-glib.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

struct JsonDocument {
    char *name;
    JsonParser *parser;
    GError *first_error;
};

/* json-glib's parser recurses, so a deep document could exhaust the stack before it is refused. */
static bool is_too_deep(const char *text, gsize length)
{
    guint depth = 0;
    bool in_string = false;

    for (gsize i = 0; i < length; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > MAX_DEPTH)
                return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            depth--;
        }
    }
    return false;
}

JsonDocument *jr_parse(const char *text, gsize length, const char *name, GError **error)
{
    if (!g_utf8_validate(text, (gssize)length, NULL))
        return fail_null(error, ERROR_INPUT, "'%s' is not a JSON document: it is not UTF-8 text.",
                         name);
    if (is_too_deep(text, length))
        return fail_null(error, ERROR_INPUT,
                         "'%s' is not a document of ours: it nests deeper than %d levels.", name,
                         MAX_DEPTH);

    g_autoptr(JsonDocument) document = g_new0(JsonDocument, 1);
    g_autoptr(GError) reason = NULL;
    document->name = g_strdup(name);
    document->parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(document->parser, text, (gssize)length, &reason))
        return fail_null(error, ERROR_INPUT,
                         "'%s' is not a whole JSON document (%s). It may have been cut off: make "
                         "or copy it again.",
                         name, reason->message);
    if (json_parser_get_root(document->parser) == NULL)
        return fail_null(error, ERROR_INPUT, "'%s' is not a JSON document: it is empty.", name);
    return g_steal_pointer(&document);
}

const JsonValue *jr_top(const JsonDocument *document)
{
    return json_parser_get_root(document->parser);
}

bool jr_is_object(const JsonValue *value)
{
    return value != NULL && JSON_NODE_HOLDS_OBJECT((JsonNode *)value);
}

const JsonValue *jr_member(const JsonValue *object, const char *key)
{
    if (!jr_is_object(object))
        return NULL;
    return json_object_get_member(json_node_get_object((JsonNode *)object), key);
}

static JsonArray *array_of(const JsonValue *value)
{
    if (value == NULL || !JSON_NODE_HOLDS_ARRAY((JsonNode *)value))
        return NULL;
    return json_node_get_array((JsonNode *)value);
}

bool jr_is_array(const JsonValue *value)
{
    return array_of(value) != NULL;
}

GStrv jr_keys(const JsonValue *object)
{
    if (!jr_is_object(object))
        return NULL;
    g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
    g_autoptr(GList) names = json_object_get_members(json_node_get_object((JsonNode *)object));
    for (const GList *name = names; name != NULL; name = name->next)
        g_strv_builder_add(keys, name->data);
    return g_strv_builder_end(keys);
}

char *jr_plain(const JsonValue *value)
{
    JsonNode *node = (JsonNode *)value;
    if (node == NULL || !JSON_NODE_HOLDS_VALUE(node))
        return NULL;
    GType type = json_node_get_value_type(node);
    if (type == G_TYPE_STRING)
        return g_strdup(json_node_get_string(node));
    if (type == G_TYPE_INT64)
        return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
    if (type == G_TYPE_BOOLEAN)
        return g_strdup(json_node_get_boolean(node) ? "true" : "false");
    return NULL;
}

guint jr_length(const JsonValue *array)
{
    JsonArray *elements = array_of(array);
    return elements == NULL ? 0 : json_array_get_length(elements);
}

const JsonValue *jr_element(const JsonValue *array, guint index)
{
    JsonArray *elements = array_of(array);
    if (elements == NULL || index >= json_array_get_length(elements))
        return NULL;
    return json_array_get_element(elements, index);
}

void jr_fail(JsonDocument *document, const char *format, ...)
{
    if (document->first_error != NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fail(&document->first_error, ERROR_INPUT, "'%s' is wrong: %s", document->name, what);
}

/* The member as a scalar of TYPE, or NULL where it is missing, null or (an error) something else.
 */
static JsonNode *scalar(JsonDocument *document, const JsonValue *object, const char *key,
                        GType type, const char *type_name)
{
    JsonNode *node = (JsonNode *)jr_member(object, key);
    if (node == NULL || JSON_NODE_HOLDS_NULL(node))
        return NULL;
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != type) {
        jr_fail(document, "member '%s' should be %s.", key, type_name);
        return NULL;
    }
    return node;
}

char *jr_string(JsonDocument *document, const JsonValue *object, const char *key)
{
    JsonNode *node = scalar(document, object, key, G_TYPE_STRING, "a string");
    return node == NULL ? NULL : g_strdup(json_node_get_string(node));
}

gint64 jr_integer(JsonDocument *document, const JsonValue *object, const char *key, gint64 min,
                  gint64 max)
{
    JsonNode *node = scalar(document, object, key, G_TYPE_INT64, "a whole number");
    if (node == NULL)
        return UNKNOWN;
    gint64 value = json_node_get_int(node);
    if (value < min || value > max) {
        jr_fail(document,
                "member '%s' is %" G_GINT64_FORMAT ", which is not in %" G_GINT64_FORMAT
                " to %" G_GINT64_FORMAT ".",
                key, value, min, max);
        return UNKNOWN;
    }
    return value;
}

gint64 jr_hex(JsonDocument *document, const JsonValue *object, const char *key, gint64 max)
{
    JsonNode *node = scalar(document, object, key, G_TYPE_STRING, "a string of hex digits");
    if (node == NULL)
        return UNKNOWN;
    const char *text = json_node_get_string(node);
    gsize digits = strspn(text, "0123456789abcdefABCDEF");
    gint64 value = digits <= 15 ? g_ascii_strtoll(text, NULL, 16) : G_MAXINT64;
    if (digits == 0 || text[digits] != '\0' || value > max) {
        jr_fail(
            document,
            "member '%s' is '%.32s', which is not a hexadecimal number up to %" G_GINT64_MODIFIER
            "x.",
            key, text, (guint64)max);
        return UNKNOWN;
    }
    return value;
}

Tri jr_tri(JsonDocument *document, const JsonValue *object, const char *key)
{
    JsonNode *node = scalar(document, object, key, G_TYPE_BOOLEAN, "true or false");
    return node == NULL ? TRI_UNKNOWN : tri(json_node_get_boolean(node));
}

GStrv jr_strings(JsonDocument *document, const JsonValue *object, const char *key)
{
    const JsonValue *array = jr_member(object, key);
    if (array == NULL || JSON_NODE_HOLDS_NULL((JsonNode *)array))
        return NULL;
    JsonArray *elements = array_of(array);
    if (elements == NULL) {
        jr_fail(document, "member '%s' should be an array of strings.", key);
        return NULL;
    }

    g_autoptr(GStrvBuilder) strings = g_strv_builder_new();
    for (guint i = 0; i < json_array_get_length(elements); i++) {
        JsonNode *node = json_array_get_element(elements, i);
        if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_STRING) {
            jr_fail(document, "element %u of '%s' should be a string.", i, key);
            return NULL;
        }
        g_strv_builder_add(strings, json_node_get_string(node));
    }
    return g_strv_builder_end(strings);
}

static const JsonValue *container(JsonDocument *document, const JsonValue *object, const char *key,
                                  JsonNodeType type, const char *type_name)
{
    const JsonValue *member = jr_member(object, key);
    if (member == NULL || JSON_NODE_HOLDS_NULL((JsonNode *)member))
        return NULL;
    if (json_node_get_node_type((JsonNode *)member) != type) {
        jr_fail(document, "member '%s' should be %s.", key, type_name);
        return NULL;
    }
    return member;
}

const JsonValue *jr_array(JsonDocument *document, const JsonValue *object, const char *key)
{
    return container(document, object, key, JSON_NODE_ARRAY, "an array");
}

const JsonValue *jr_object(JsonDocument *document, const JsonValue *object, const char *key)
{
    return container(document, object, key, JSON_NODE_OBJECT, "an object");
}

bool jr_ok(const JsonDocument *document, GError **error)
{
    if (document->first_error == NULL)
        return true;
    if (error != NULL)
        *error = g_error_copy(document->first_error);
    return false;
}

void jr_free(JsonDocument *document)
{
    if (document == NULL)
        return;
    g_clear_object(&document->parser);
    g_clear_error(&document->first_error);
    g_free(document->name);
    g_free(document);
}
