/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * Writes one JSON document (RFC 8259) as a stream, so that memory stays flat however many devices
 * or verdicts there are (a document tree of json-glib takes some 150 bytes a member).
 *
 *     JsonWrite *json = jw_new(stdout);
 *     jw_begin_object(json, NULL);
 *     jw_string(json, "id", "sonoma");
 *     jw_begin_array(json, "reasons");
 *     jw_string(json, NULL, "It has AVX2.");
 *     jw_end_array(json);
 *     jw_end_object(json);
 *     if (!jw_finish(json, &error)) ...
 *
 * KEY is the member's name inside an object and NULL inside an array or at the top. Text that is
 * not UTF-8 is written with U+FFFD for what is wrong. Indented by two spaces a level.
 */
typedef struct JsonWrite JsonWrite;

JsonWrite *jw_new(FILE *stream);

void jw_begin_object(JsonWrite *json, const char *key);
void jw_end_object(JsonWrite *json);
void jw_begin_array(JsonWrite *json, const char *key);
void jw_end_array(JsonWrite *json);

void jw_string(JsonWrite *json, const char *key, const char *value); /* NULL writes null */
void jw_integer(JsonWrite *json, const char *key, gint64 value);
void jw_real(JsonWrite *json, const char *key, double value); /* three decimals at the most */
void jw_boolean(JsonWrite *json, const char *key, bool value);
void jw_null(JsonWrite *json, const char *key);

/* What is unknown is left out of the document. A hexadecimal number is a string of at least DIGITS
 * digits ("10de"), as jr_hex() reads it. */
void jw_string_known(JsonWrite *json, const char *key, const char *value);
void jw_integer_known(JsonWrite *json, const char *key, gint64 value);
void jw_hex_known(JsonWrite *json, const char *key, gint64 value, int digits);
void jw_tri_known(JsonWrite *json, const char *key, Tri value);
void jw_strings_known(JsonWrite *json, const char *key, char *const *values);

/* Ends the document with a newline, flushes, frees JSON; false when writing failed (ERROR_FAILED).
 */
bool jw_finish(JsonWrite *json, GError **error);
