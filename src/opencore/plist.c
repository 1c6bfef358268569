/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/plist.h"

#include <string.h>

static PlistValue *plist_new(PlistType type)
{
    PlistValue *value = g_new0(PlistValue, 1);
    value->type = type;
    if (type == PLIST_DICT)
        value->keys = g_ptr_array_new_with_free_func(g_free);
    if (type == PLIST_DICT || type == PLIST_ARRAY)
        value->values = g_ptr_array_new_with_free_func((GDestroyNotify)plist_free);
    return value;
}

PlistValue *plist_new_dict(void)
{
    return plist_new(PLIST_DICT);
}

PlistValue *plist_new_array(void)
{
    return plist_new(PLIST_ARRAY);
}

PlistValue *plist_new_string(const char *text)
{
    PlistValue *value = plist_new(PLIST_STRING);
    value->text = g_strdup(text);
    return value;
}

PlistValue *plist_new_unsigned(guint64 number)
{
    PlistValue *value = plist_new(PLIST_INTEGER);
    value->number = number;
    value->text = g_strdup_printf("%" G_GUINT64_FORMAT, number);
    return value;
}

PlistValue *plist_new_integer(gint64 number)
{
    if (number >= 0)
        return plist_new_unsigned((guint64)number);
    PlistValue *value = plist_new(PLIST_INTEGER);
    value->negative = true;
    value->number = 0 - (guint64)number;
    value->text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    return value;
}

PlistValue *plist_new_boolean(bool yes)
{
    PlistValue *value = plist_new(PLIST_BOOLEAN);
    value->yes = yes;
    return value;
}

PlistValue *plist_new_data(const void *bytes, gsize length)
{
    PlistValue *value = plist_new(PLIST_DATA);
    value->bytes = g_byte_array_sized_new((guint)length);
    if (length > 0)
        g_byte_array_append(value->bytes, bytes, (guint)length);
    return value;
}

PlistValue *plist_copy(const PlistValue *value)
{
    PlistValue *copy = plist_new(value->type);
    copy->text = g_strdup(value->text);
    if (value->bytes != NULL) {
        copy->bytes = g_byte_array_new();
        g_byte_array_append(copy->bytes, value->bytes->data, value->bytes->len);
    }
    copy->number = value->number;
    copy->negative = value->negative;
    copy->number_is_bad = value->number_is_bad;
    copy->yes = value->yes;
    for (guint i = 0; i < plist_count(value); i++) {
        if (value->type == PLIST_DICT)
            g_ptr_array_add(copy->keys, g_strdup(plist_key(value, i)));
        g_ptr_array_add(copy->values, plist_copy(plist_element(value, i)));
    }
    return copy;
}

void plist_free(PlistValue *value)
{
    if (value == NULL)
        return;
    g_free(value->text);
    g_clear_pointer(&value->bytes, g_byte_array_unref);
    g_clear_pointer(&value->keys, g_ptr_array_unref);
    g_clear_pointer(&value->values, g_ptr_array_unref);
    g_free(value);
}

const char *plist_type_name(PlistType type)
{
    static const char *const NAMES[] = {
        [PLIST_DICT] = "dictionary", [PLIST_ARRAY] = "array",     [PLIST_STRING] = "string",
        [PLIST_DATA] = "data",       [PLIST_INTEGER] = "integer", [PLIST_BOOLEAN] = "boolean",
        [PLIST_REAL] = "real",       [PLIST_DATE] = "date",
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(NAMES) == PLIST_TYPES);
    return NAMES[type];
}

guint plist_count(const PlistValue *value)
{
    return value != NULL && value->values != NULL ? value->values->len : 0;
}

const PlistValue *plist_element(const PlistValue *value, guint index)
{
    return index < plist_count(value) ? g_ptr_array_index(value->values, index) : NULL;
}

const char *plist_key(const PlistValue *dict, guint index)
{
    g_return_val_if_fail(dict->keys != NULL && index < dict->keys->len, "");
    return g_ptr_array_index(dict->keys, index);
}

static guint find_key(const PlistValue *dict, const char *key)
{
    for (guint i = plist_count(dict); i-- > 0;) {
        if (strcmp(plist_key(dict, i), key) == 0)
            return i;
    }
    return G_MAXUINT;
}

const PlistValue *plist_get(const PlistValue *dict, const char *key)
{
    if (dict == NULL || dict->type != PLIST_DICT)
        return NULL;
    return plist_element(dict, find_key(dict, key));
}

void plist_put(PlistValue *dict, const char *key, PlistValue *value)
{
    g_return_if_fail(dict->type == PLIST_DICT);
    guint index = find_key(dict, key);
    if (index != G_MAXUINT) {
        plist_free(g_ptr_array_index(dict->values, index));
        g_ptr_array_index(dict->values, index) = value;
        return;
    }
    g_ptr_array_add(dict->keys, g_strdup(key));
    g_ptr_array_add(dict->values, value);
}

void plist_append(PlistValue *array, PlistValue *value)
{
    g_return_if_fail(array->type == PLIST_ARRAY);
    g_ptr_array_add(array->values, value);
}

bool plist_in_range(const PlistValue *integer, gint64 least, guint64 most)
{
    if (integer == NULL || integer->type != PLIST_INTEGER || integer->number_is_bad)
        return false;
    if (integer->negative)
        return least < 0 && integer->number <= 0 - (guint64)least;
    return integer->number <= most && (least <= 0 || integer->number >= (guint64)least);
}

char *plist_hex(const PlistValue *data)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; data->bytes != NULL && i < data->bytes->len; i++)
        g_string_append_printf(text, "%02x", data->bytes->data[i]);
    return g_string_free(text, FALSE);
}

static bool same_bytes(const GByteArray *a, const GByteArray *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

static bool same_elements(const PlistValue *a, const PlistValue *b)
{
    if (plist_count(a) != plist_count(b))
        return false;
    for (guint i = 0; i < plist_count(a); i++) {
        if (!plist_equal(plist_element(a, i), plist_element(b, i)))
            return false;
    }
    return true;
}

/* Of a key that is there twice the last value counts, on either side. */
static bool same_entries(const PlistValue *a, const PlistValue *b)
{
    for (guint i = 0; i < plist_count(a); i++) {
        const char *key = plist_key(a, i);
        const PlistValue *other = plist_get(b, key);
        if (other == NULL || (find_key(a, key) == i && !plist_equal(plist_element(a, i), other)))
            return false;
    }
    for (guint i = 0; i < plist_count(b); i++) {
        if (plist_get(a, plist_key(b, i)) == NULL)
            return false;
    }
    return true;
}

bool plist_equal(const PlistValue *a, const PlistValue *b)
{
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case PLIST_DICT:
        return same_entries(a, b);
    case PLIST_ARRAY:
        return same_elements(a, b);
    case PLIST_DATA:
        return same_bytes(a->bytes, b->bytes);
    case PLIST_BOOLEAN:
        return a->yes == b->yes;
    case PLIST_INTEGER:
        if (!a->number_is_bad && !b->number_is_bad)
            return a->number == b->number && a->negative == b->negative;
        return strcmp(a->text, b->text) == 0;
    case PLIST_STRING:
    case PLIST_REAL:
    case PLIST_DATE:
    case PLIST_TYPES:
    default:
        return strcmp(a->text, b->text) == 0;
    }
}
