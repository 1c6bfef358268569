/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonread.h"

/* jr_parse() of what has no more than SNAPSHOT_VALUES_MAX values and no string of more than
 * STRING_MAX bytes. */
JsonDocument *snapshot_parse(const char *text, gsize length, gsize string_max, const char *name,
                             GError **error);

/* Members of a snapshot that more than one of its parts has. What is wrong is noted in the
 * document. */

/* A whole number from 0 to MAX, at the most that of an int. */
int snapshot_int(JsonDocument *document, const JsonValue *object, const char *key, int max);

/* A size, count or other number that may be large. */
gint64 snapshot_size(JsonDocument *document, const JsonValue *object, const char *key);

/* A PCI address in its full form; "" only with MAY_BE_NONE. The caller owns it. */
char *snapshot_address(JsonDocument *document, const JsonValue *object, const char *key,
                       bool may_be_none);

/* Whether ELEMENT of the array KEY is an object; notes an error where it is not. */
bool snapshot_is_object(JsonDocument *document, const JsonValue *element, const char *key,
                        guint index);

/* Makes one element of a list from an object. */
typedef gpointer (*SnapshotReadElement)(JsonDocument *document, const JsonValue *object);

/* The objects of LIST, the array KEY, each read by READ; NULL where LIST is NULL. Ends with an
 * error at the first element that is no object. The caller owns it. */
GPtrArray *snapshot_list(JsonDocument *document, const JsonValue *list, const char *key,
                         SnapshotReadElement read, GDestroyNotify destroy);

/* A name that an element of a list must have and that no other one in SEEN has. NULL and an error
 * where it is not so; else it is in SEEN, which owns it. */
const char *snapshot_take_name(JsonDocument *document, char *name, const char *what,
                               GHashTable *seen);
