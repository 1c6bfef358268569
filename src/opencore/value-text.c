/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/value-text.h"

#include "base/error.h"
#include "base/jsonread.h"

#include <string.h>

static PlistValue *parse_integer(const char *text, GError **error)
{
    bool negative = text[0] == '-';
    const char *digits = text + (negative ? 1 : 0);
    guint base = g_str_has_prefix(digits, "0x") || g_str_has_prefix(digits, "0X") ? 16 : 10;
    guint64 number, most = negative ? G_GUINT64_CONSTANT(1) << 63 : G_MAXUINT64;

    digits += base == 16 ? 2 : 0;
    if (!g_ascii_isxdigit(digits[0]) ||
        !g_ascii_string_to_unsigned(digits, base, 0, most, &number, NULL))
        return fail_null(error, ERROR_INPUT,
                         "'%s' is no integer: write it in decimal, or in hexadecimal with 0x.",
                         text);
    return negative ? plist_new_integer((gint64)(0 - number)) : plist_new_unsigned(number);
}

static PlistValue *parse_boolean(const char *text, GError **error)
{
    bool yes = g_ascii_strcasecmp(text, "true") == 0 || g_ascii_strcasecmp(text, "yes") == 0;
    if (!yes && g_ascii_strcasecmp(text, "false") != 0 && g_ascii_strcasecmp(text, "no") != 0)
        return fail_null(error, ERROR_INPUT, "'%s' is no boolean: write true or false.", text);
    return plist_new_boolean(yes);
}

/* NULL where TEXT is not two hexadecimal digits a byte, with blanks between bytes. */
static PlistValue *parse_hex(const char *text)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    while (*text != '\0') {
        if (g_ascii_isspace(*text)) {
            text++;
            continue;
        }
        int high = g_ascii_xdigit_value(text[0]);
        int low = high >= 0 ? g_ascii_xdigit_value(text[1]) : -1;
        if (low < 0)
            return NULL;
        guint8 byte = (guint8)(high * 16 + low);
        g_byte_array_append(bytes, &byte, 1);
        text += 2;
    }
    return plist_new_data(bytes->data, bytes->len);
}

static PlistValue *parse_base64(const char *text)
{
    gsize length = 0;
    g_autofree guchar *bytes = g_base64_decode(text, &length);
    g_autofree char *again = g_base64_encode(bytes, length);
    return strcmp(text, again) == 0 ? plist_new_data(bytes, length) : NULL;
}

#define BASE64 "base64:"
#define HEX "hex:"

static PlistValue *parse_data(const char *text, GError **error)
{
    PlistValue *value = g_str_has_prefix(text, BASE64) ? parse_base64(text + strlen(BASE64))
                        : g_str_has_prefix(text, HEX)  ? parse_hex(text + strlen(HEX))
                                                       : parse_hex(text);
    return value != NULL
               ? value
               : fail_null(error, ERROR_INPUT,
                           "'%s' is no data: write two hexadecimal digits a byte, as in e7030000, "
                           "or base64:5wMAAA==.",
                           text);
}

PlistValue *value_text_parse(PlistType type, const char *text, GError **error)
{
    if (type == PLIST_STRING)
        return plist_new_string(text);
    if (type == PLIST_INTEGER)
        return parse_integer(text, error);
    if (type == PLIST_BOOLEAN)
        return parse_boolean(text, error);
    if (type == PLIST_DATA)
        return parse_data(text, error);
    return fail_null(error, ERROR_INPUT, "A value of type %s cannot be written as plain text.",
                     plist_type_name(type));
}

/* The type that NODE gives to TEXT; TYPE where it takes several. */
static PlistType type_for(const SchemaNode *node, PlistType type, const char *text)
{
    if (node->type == SCHEMA_ANY)
        return g_str_has_prefix(text, BASE64) || g_str_has_prefix(text, HEX) ? PLIST_DATA : type;
    PlistType found = PLIST_STRING;
    while (!schema_takes(node, found))
        found++;
    return found;
}

static PlistValue *from_json(const SchemaNode *node, guint version, const JsonValue *json,
                             GError **error);

static PlistValue *dict_from_json(const SchemaNode *node, guint version, const JsonValue *json,
                                  GError **error)
{
    if (!jr_is_object(json))
        return fail_null(error, ERROR_INPUT, "%s takes an object of JSON, {...}.", node->path);
    g_autoptr(PlistValue) dict = schema_new_value(node, version);
    g_auto(GStrv) keys = jr_keys(json);
    for (char **key = keys; *key != NULL; key++) {
        const SchemaNode *child = schema_child(node, *key, version);
        if (child == NULL)
            return fail_null(error, ERROR_INPUT, "%s has no key '%s'.", node->path, *key);
        PlistValue *value = from_json(child, version, jr_member(json, *key), error);
        if (value == NULL)
            return NULL;
        plist_put(dict, *key, value);
    }
    return g_steal_pointer(&dict);
}

static PlistValue *array_from_json(const SchemaNode *node, guint version, const JsonValue *json,
                                   GError **error)
{
    if (!jr_is_array(json))
        return fail_null(error, ERROR_INPUT, "%s takes an array of JSON, [...].", node->path);
    g_autoptr(PlistValue) array = plist_new_array();
    for (guint i = 0; i < jr_length(json); i++) {
        PlistValue *value =
            from_json(schema_element(node, version), version, jr_element(json, i), error);
        if (value == NULL)
            return NULL;
        plist_append(array, value);
    }
    return g_steal_pointer(&array);
}

static PlistValue *plain_from_json(const SchemaNode *node, const JsonValue *json, GError **error)
{
    g_autofree char *text = jr_plain(json);
    if (text == NULL)
        return fail_null(error, ERROR_INPUT, "%s takes a value of type %s.", node->path,
                         schema_type_name(node->type));
    PlistValue *value = value_text_parse(type_for(node, PLIST_STRING, text), text, error);
    if (value == NULL)
        g_prefix_error(error, "%s: ", node->path);
    return value;
}

static PlistValue *from_json(const SchemaNode *node, guint version, const JsonValue *json,
                             GError **error)
{
    if (node->type == SCHEMA_DICT || node->type == SCHEMA_MAP)
        return dict_from_json(node, version, json, error);
    if (node->type == SCHEMA_ARRAY)
        return array_from_json(node, version, json, error);
    return plain_from_json(node, json, error);
}

PlistValue *value_text_parse_for(const SchemaNode *node, guint version, PlistType type,
                                 const char *text, GError **error)
{
    if (node->type >= SCHEMA_STRING)
        return value_text_parse(type_for(node, type, text), text, error);
    g_autoptr(JsonDocument) document = jr_parse(text, strlen(text), node->path, error);
    return document != NULL ? from_json(node, version, jr_top(document), error) : NULL;
}

char *value_text_format(const PlistValue *value)
{
    if (value->type == PLIST_DATA)
        return plist_hex(value);
    if (value->type == PLIST_BOOLEAN)
        return g_strdup(value->yes ? "true" : "false");
    return g_strdup(value->text != NULL ? value->text : "");
}
