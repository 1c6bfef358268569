/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <stdbool.h>

/*
 * Reads a JSON document that a person, a download or a guest may have written. json-glib is behind
 * this one file. A value of the wrong type, or out of the range that is asked for, is an error that
 * names the member's path; a missing member is unknown (see base/known.h).
 *
 *     g_autoptr(JsonDocument) document = jr_parse(text, length, "host.json", &error);
 *     const JsonValue *pci = jr_member(jr_top(document), "pci");
 *     for (guint i = 0; i < jr_length(pci); i++) {
 *         const JsonValue *function = jr_element(pci, i);
 *         char *driver = jr_string(document, function, "driver");
 *     }
 *     if (!jr_ok(document, &error)) ...
 *
 * Errors stick to the document: the first one is kept and all may be read before it is asked for.
 */
typedef struct JsonDocument JsonDocument;
typedef struct _JsonNode JsonValue;

/* Parses LENGTH bytes. NAME is what messages call the document. ERROR_INPUT with the line when it
 * is not one JSON document; depth is limited to 64 and the bytes must be UTF-8. */
JsonDocument *jr_parse(const char *text, gsize length, const char *name, GError **error);

const JsonValue *jr_top(const JsonDocument *document);

/* The member, array element or length; NULL and 0 for NULL, for another type, and where it is not.
 */
const JsonValue *jr_member(const JsonValue *object, const char *key);
const JsonValue *jr_element(const JsonValue *array, guint index);
guint jr_length(const JsonValue *array);
bool jr_is_object(const JsonValue *value);
bool jr_is_array(const JsonValue *value);

/* The names of an object's members, in their order; NULL for another type. The caller owns them. */
GStrv jr_keys(const JsonValue *object);

/* A string, whole number, true or false of any place as text; NULL for everything else. The caller
 * owns it. */
char *jr_plain(const JsonValue *value);

/* Members of OBJECT. The caller owns strings and lists. Numbers must lie in MIN..MAX. */
char *jr_string(JsonDocument *document, const JsonValue *object, const char *key);
gint64 jr_integer(JsonDocument *document, const JsonValue *object, const char *key, gint64 min,
                  gint64 max);
/* A number written as a string of hexadecimal digits ("8086"), as PCI ids are. */
gint64 jr_hex(JsonDocument *document, const JsonValue *object, const char *key, gint64 max);
Tri jr_tri(JsonDocument *document, const JsonValue *object, const char *key);
GStrv jr_strings(JsonDocument *document, const JsonValue *object, const char *key);

/* The member as an array or an object; NULL when it is missing or null, and an error when it is
 * something else. */
const JsonValue *jr_array(JsonDocument *document, const JsonValue *object, const char *key);
const JsonValue *jr_object(JsonDocument *document, const JsonValue *object, const char *key);

/* Notes an error of the reader's own, for rules that the functions above do not know. */
void jr_fail(JsonDocument *document, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* False and ERROR_INPUT when anything that was read so far was wrong. */
bool jr_ok(const JsonDocument *document, GError **error);

void jr_free(JsonDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JsonDocument, jr_free)
