/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-fields.h"

#include "base/error.h"
#include "facts/facts.h"
#include "facts/snapshot-split.h"
#include "facts/snapshot.h"

JsonDocument *snapshot_parse(const char *text, gsize length, gsize string_max, const char *name,
                             GError **error)
{
    SnapshotExtent extent = snapshot_measure(text, length);
    if (extent.longest > string_max)
        return fail_null(error, ERROR_INPUT,
                         "'%s' has a text of %" G_GSIZE_FORMAT
                         " bytes where a host has at most %" G_GSIZE_FORMAT
                         ". Make a snapshot with 'rootstock scan -o FILE'.",
                         name, extent.longest, string_max);
    if (extent.values > SNAPSHOT_VALUES_MAX)
        return fail_null(error, ERROR_INPUT,
                         "'%s' has more than %d values in one part, more than a snapshot of a host "
                         "can have. Make one with 'rootstock scan -o FILE'.",
                         name, SNAPSHOT_VALUES_MAX);
    return jr_parse(text, length, name, error);
}

int snapshot_int(JsonDocument *document, const JsonValue *object, const char *key, int max)
{
    return (int)jr_integer(document, object, key, 0, max);
}

gint64 snapshot_size(JsonDocument *document, const JsonValue *object, const char *key)
{
    return jr_integer(document, object, key, 0, G_MAXINT64);
}

char *snapshot_address(JsonDocument *document, const JsonValue *object, const char *key,
                       bool may_be_none)
{
    char *text = jr_string(document, object, key);
    if (text == NULL || (may_be_none && *text == '\0'))
        return text;
    char *address = pci_address_full(text);
    if (address == NULL)
        jr_fail(document, "member '%s' is '%.32s', which is no PCI address.", key, text);
    g_free(text);
    return address;
}

bool snapshot_is_object(JsonDocument *document, const JsonValue *element, const char *key,
                        guint index)
{
    if (jr_is_object(element))
        return true;
    jr_fail(document, "element %u of '%s' should be an object.", index, key);
    return false;
}

GPtrArray *snapshot_list(JsonDocument *document, const JsonValue *list, const char *key,
                         SnapshotReadElement read, GDestroyNotify destroy)
{
    if (list == NULL)
        return NULL;
    GPtrArray *elements = g_ptr_array_new_with_free_func(destroy);
    for (guint i = 0; i < jr_length(list); i++) {
        const JsonValue *element = jr_element(list, i);
        if (!snapshot_is_object(document, element, key, i))
            break;
        g_ptr_array_add(elements, read(document, element));
    }
    return elements;
}

const char *snapshot_take_name(JsonDocument *document, char *name, const char *what,
                               GHashTable *seen)
{
    if (name == NULL || *name == '\0') {
        jr_fail(document, "there is %s without a name or address.", what);
        g_free(name);
        return NULL;
    }
    /* an escape can stand for half a character, which would not be the same name when written */
    if (!g_utf8_validate(name, -1, NULL)) {
        jr_fail(document, "there is %s whose name is not UTF-8 text.", what);
        g_free(name);
        return NULL;
    }
    if (g_hash_table_contains(seen, name)) {
        jr_fail(document, "there is %s twice: '%.64s'.", what, name);
        g_free(name);
        return NULL;
    }
    g_hash_table_add(seen, name);
    return name;
}
