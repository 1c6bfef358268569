/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-split.h"

#include <stdbool.h>
#include <string.h>

/* JSON: RFC 8259. Every function leaves AT where it stopped, which is never after END. */
typedef struct {
    const char *at, *end;
} Cursor;

static bool is_at(const Cursor *cursor, char expected)
{
    return cursor->at < cursor->end && *cursor->at == expected;
}

static void skip_space(Cursor *cursor)
{
    while (cursor->at < cursor->end && *cursor->at != '\0' &&
           strchr(" \t\r\n", *cursor->at) != NULL)
        cursor->at++;
}

/* Takes EXPECTED with the white space around it. */
static bool take(Cursor *cursor, char expected)
{
    skip_space(cursor);
    if (!is_at(cursor, expected))
        return false;
    cursor->at++;
    skip_space(cursor);
    return true;
}

static bool skip_string(Cursor *cursor)
{
    if (!is_at(cursor, '"'))
        return false;
    for (cursor->at++; cursor->at < cursor->end; cursor->at++) {
        if (*cursor->at == '"') {
            cursor->at++;
            return true;
        }
        if (*cursor->at == '\\' && cursor->at + 1 < cursor->end)
            cursor->at++;
    }
    return false;
}

/* An object or array: to the bracket that closes it. */
static bool skip_nested(Cursor *cursor)
{
    gsize depth = 0;

    while (cursor->at < cursor->end) {
        char c = *cursor->at;
        if (c == '"') {
            if (!skip_string(cursor))
                return false;
            continue;
        }
        cursor->at++;
        if (c == '{' || c == '[')
            depth++;
        else if ((c == '}' || c == ']') && --depth == 0)
            return true;
    }
    return false;
}

static bool skip_value(Cursor *cursor)
{
    if (is_at(cursor, '"'))
        return skip_string(cursor);
    if (is_at(cursor, '{') || is_at(cursor, '['))
        return skip_nested(cursor);
    const char *start = cursor->at;
    while (cursor->at < cursor->end && (g_ascii_isalnum(*cursor->at) || *cursor->at == '-' ||
                                        *cursor->at == '+' || *cursor->at == '.'))
        cursor->at++;
    return cursor->at > start;
}

static bool take_elements(Cursor *cursor, GArray *pieces)
{
    if (!take(cursor, '['))
        return false;
    if (is_at(cursor, ']')) {
        cursor->at++;
        return true;
    }
    do {
        SnapshotPiece piece = {.start = cursor->at};
        if (!is_at(cursor, '{') || !skip_nested(cursor))
            return false;
        piece.length = (gsize)(cursor->at - piece.start);
        g_array_append_val(pieces, piece);
    } while (take(cursor, ','));
    if (!is_at(cursor, ']'))
        return false;
    cursor->at++;
    return true;
}

/* Takes one member; where it is KEY, ARRAY gets what it spans. Twice is once too often. */
static bool take_member(Cursor *cursor, const char *key, GArray *pieces, SnapshotPiece *array)
{
    const char *name = cursor->at + 1;
    if (!skip_string(cursor))
        return false;
    gsize length = (gsize)(cursor->at - 1 - name);
    bool is_key = length == strlen(key) && memcmp(name, key, length) == 0;
    if (!take(cursor, ':') || (is_key && array->start != NULL))
        return false;
    if (!is_key)
        return skip_value(cursor);
    array->start = cursor->at;
    bool taken = take_elements(cursor, pieces);
    array->length = (gsize)(cursor->at - array->start);
    return taken;
}

static bool take_object(Cursor *cursor, const char *key, GArray *pieces, SnapshotPiece *array)
{
    if (!take(cursor, '{'))
        return false;
    do {
        if (!take_member(cursor, key, pieces, array))
            return false;
    } while (take(cursor, ','));
    return take(cursor, '}') && cursor->at == cursor->end;
}

SnapshotExtent snapshot_measure(const char *text, gsize length)
{
    Cursor cursor = {text, text + length};
    SnapshotExtent extent = {.values = 1};

    while (cursor.at < cursor.end) {
        const char *start = cursor.at;
        if (*start == '"' && skip_string(&cursor)) {
            extent.longest = MAX(extent.longest, (gsize)(cursor.at - start));
            continue;
        }
        extent.values += *start == '{' || *start == '[' || *start == ',';
        cursor.at++;
    }
    return extent;
}

char *snapshot_split(const char *text, gsize length, const char *key, GArray *pieces,
                     gsize *ret_length)
{
    Cursor cursor = {text, text + length};
    SnapshotPiece array = {NULL, 0};

    if (!take_object(&cursor, key, pieces, &array) || array.start == NULL)
        return NULL;
    GString *rest = g_string_new_len(text, array.start - text);
    g_string_append(rest, "null");
    const char *after = array.start + array.length;
    g_string_append_len(rest, after, text + length - after);
    *ret_length = rest->len;
    return g_string_free(rest, FALSE);
}
