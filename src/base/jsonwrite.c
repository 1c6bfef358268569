/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"

#include "base/error.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

struct JsonWrite {
    FILE *stream;
    guint depth;
    bool has_members[MAX_DEPTH + 1]; /* whether the object or array of that depth has any yet */
};

JsonWrite *jw_new(FILE *stream)
{
    JsonWrite *json = g_new0(JsonWrite, 1);
    json->stream = stream;
    return json;
}

static void new_line(JsonWrite *json)
{
    fputc('\n', json->stream);
    for (guint i = 0; i < json->depth; i++)
        fputs("  ", json->stream);
}

static void write_escaped(FILE *stream, const char *valid)
{
    fputc('"', stream);
    for (const char *c = valid; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            fprintf(stream, "\\%c", *c);
        else if (*c == '\n')
            fputs("\\n", stream);
        else if ((guchar)*c < 0x20 || *c == 0x7f)
            fprintf(stream, "\\u%04x", (guint)(guchar)*c);
        else
            fputc(*c, stream);
    }
    fputc('"', stream);
}

static void write_text(JsonWrite *json, const char *value)
{
    if (g_utf8_validate(value, -1, NULL)) {
        write_escaped(json->stream, value);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(value, -1);
    write_escaped(json->stream, valid);
}

/* What comes before each value: the comma, the line's start and the member's name. */
static void begin_value(JsonWrite *json, const char *key)
{
    if (json->depth > 0) {
        if (json->has_members[json->depth])
            fputc(',', json->stream);
        json->has_members[json->depth] = true;
        new_line(json);
    }
    if (key != NULL) {
        write_text(json, key);
        fputs(": ", json->stream);
    }
}

static void begin(JsonWrite *json, const char *key, char bracket)
{
    begin_value(json, key);
    fputc(bracket, json->stream);
    g_assert(json->depth < MAX_DEPTH);
    json->has_members[++json->depth] = false;
}

static void end(JsonWrite *json, char bracket)
{
    g_assert(json->depth > 0);
    bool has_members = json->has_members[json->depth--];
    if (has_members)
        new_line(json);
    fputc(bracket, json->stream);
}

void jw_begin_object(JsonWrite *json, const char *key)
{
    begin(json, key, '{');
}

void jw_end_object(JsonWrite *json)
{
    end(json, '}');
}

void jw_begin_array(JsonWrite *json, const char *key)
{
    begin(json, key, '[');
}

void jw_end_array(JsonWrite *json)
{
    end(json, ']');
}

void jw_null(JsonWrite *json, const char *key)
{
    begin_value(json, key);
    fputs("null", json->stream);
}

void jw_string(JsonWrite *json, const char *key, const char *value)
{
    if (value == NULL) {
        jw_null(json, key);
        return;
    }
    begin_value(json, key);
    write_text(json, value);
}

void jw_integer(JsonWrite *json, const char *key, gint64 value)
{
    begin_value(json, key);
    fprintf(json->stream, "%" G_GINT64_FORMAT, value);
}

void jw_real(JsonWrite *json, const char *key, double value)
{
    if (!isfinite(value)) {
        jw_null(json, key);
        return;
    }
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    begin_value(json, key);
    /* never the locale's decimal comma */
    fputs(g_ascii_formatd(text, sizeof text, "%.3f", value), json->stream);
}

void jw_boolean(JsonWrite *json, const char *key, bool value)
{
    begin_value(json, key);
    fputs(value ? "true" : "false", json->stream);
}

void jw_string_known(JsonWrite *json, const char *key, const char *value)
{
    if (value != NULL)
        jw_string(json, key, value);
}

void jw_integer_known(JsonWrite *json, const char *key, gint64 value)
{
    if (value != UNKNOWN)
        jw_integer(json, key, value);
}

void jw_hex_known(JsonWrite *json, const char *key, gint64 value, int digits)
{
    if (value == UNKNOWN)
        return;
    g_autofree char *text = g_strdup_printf("%0*" G_GINT64_MODIFIER "x", digits, value);
    jw_string(json, key, text);
}

void jw_tri_known(JsonWrite *json, const char *key, Tri value)
{
    if (value != TRI_UNKNOWN)
        jw_boolean(json, key, value == TRI_YES);
}

void jw_strings_known(JsonWrite *json, const char *key, char *const *values)
{
    if (values == NULL)
        return;
    jw_begin_array(json, key);
    for (; *values != NULL; values++)
        jw_string(json, NULL, *values);
    jw_end_array(json);
}

bool jw_finish(JsonWrite *json, GError **error)
{
    FILE *stream = json->stream;
    g_assert(json->depth == 0);
    g_free(json);

    fputc('\n', stream);
    if (fflush(stream) != 0 || ferror(stream))
        return fail(error, ERROR_FAILED,
                    "The JSON document could not be written whole: %s. Check that the file system "
                    "or the program that reads it has room and try again.",
                    g_strerror(errno));
    return true;
}
