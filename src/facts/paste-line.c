/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

enum { TAB = 8 };

/* ECMA-48: ESC [ ... a final byte of 0x40 to 0x7e, ESC ] ... BEL or ESC \, ESC and one byte. */
static gsize escape_length(const char *text, gsize left)
{
    gsize i = 2;
    if (left < 2)
        return left;
    if (text[1] == '[') {
        while (i < left && (guchar)text[i] < 0x40)
            i++;
        return MIN(i + 1, left);
    }
    if (text[1] != ']')
        return 2;
    while (i < left && text[i] != '\a' && text[i] != '\033')
        i++;
    return i < left && text[i] == '\033' ? MIN(i + 2, left) : MIN(i + 1, left);
}

/* How many bytes of a control character or a no-break space of two bytes are at TEXT. */
static bool is_two_byte_blank(const char *text, gsize left)
{
    return left >= 2 && (guchar)text[0] == 0xc2 && (guchar)text[1] <= 0xa0 &&
           (guchar)text[1] >= 0x80;
}

static void clean(GString *buffer, const char *start, gsize length)
{
    gsize i = 0;
    while (i < length) {
        guchar c = (guchar)start[i];
        if (c == '\033') {
            i += escape_length(start + i, length - i);
            continue;
        }
        if (is_two_byte_blank(start + i, length - i)) {
            g_string_append_c(buffer, ' ');
            i += 2;
            continue;
        }
        if (c == '\t')
            g_string_append_c(buffer, '\t');
        else if (c >= 0x20 && c != 0x7f)
            g_string_append_c(buffer, (char)c);
        i++;
    }
}

/* Marks of quotes, lists, headings and trees before what a line says: ASCII, and U+2000 to U+2FFF
 * (arrows, box drawings, bullets). */
static gsize decoration_length(const char *text)
{
    if (*text != '\0' && strchr(">|`*#+-\\=", *text) != NULL)
        return 1;
    return (guchar)text[0] == 0xe2 && text[1] != '\0' && text[2] != '\0' ? 3 : 0;
}

PasteLine paste_line(GString *buffer, const char *start, gsize length)
{
    PasteLine line = {NULL, 0, true};
    gsize at = 0;

    g_string_truncate(buffer, 0);
    clean(buffer, start, length);
    while (buffer->len > 0 && g_ascii_isspace(buffer->str[buffer->len - 1]))
        g_string_truncate(buffer, buffer->len - 1);
    if (!g_utf8_validate(buffer->str, (gssize)buffer->len, NULL)) {
        for (gsize i = 0; i < buffer->len; i++) {
            if ((guchar)buffer->str[i] >= 0x80)
                buffer->str[i] = '?';
        }
    }
    for (;;) {
        gsize mark = decoration_length(buffer->str + at);
        if (buffer->str[at] == ' ' || buffer->str[at] == '\t') {
            line.indent += buffer->str[at] == '\t' ? TAB - line.indent % TAB : 1;
            at++;
        } else if (mark > 0) {
            line.indent++;
            line.plain = false;
            at += mark;
        } else {
            break;
        }
    }
    line.text = buffer->str + at;
    return line;
}

const char *paste_value(const char *line, const char *key)
{
    gsize length = strlen(key);
    if (g_ascii_strncasecmp(line, key, length) != 0)
        return NULL;
    line += length;
    line += strspn(line, " \t");
    if (*line != ':')
        return NULL;
    line++;
    return line + strspn(line, " \t");
}

int paste_decimal(const char *text, int max, const char **ret_rest)
{
    gsize digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9)
        return UNKNOWN;
    long value = strtol(text, NULL, 10);
    if (value > max)
        return UNKNOWN;
    if (ret_rest != NULL)
        *ret_rest = text + digits;
    return (int)value;
}

/* Whether PLACE may be set: it was not told in two ways before. */
static bool is_open(const Paste *paste, const void *place)
{
    return !g_hash_table_contains(paste->told_twice, place);
}

void paste_int(Paste *paste, int *place, int value)
{
    if (value == UNKNOWN || !is_open(paste, place))
        return;
    if (*place == UNKNOWN) {
        *place = value;
    } else if (*place != value) {
        *place = UNKNOWN;
        g_hash_table_add(paste->told_twice, place);
    }
}

void paste_tri(Paste *paste, Tri *place, Tri value)
{
    if (value == TRI_UNKNOWN || !is_open(paste, place))
        return;
    if (*place == TRI_UNKNOWN) {
        *place = value;
    } else if (*place != value) {
        *place = TRI_UNKNOWN;
        g_hash_table_add(paste->told_twice, place);
    }
}

void paste_text(Paste *paste, char **place, const char *value)
{
    if (value == NULL || !is_open(paste, place))
        return;
    if (*place == NULL) {
        *place = g_strdup(value);
    } else if (strcmp(*place, value) != 0) {
        g_clear_pointer(place, g_free);
        g_hash_table_add(paste->told_twice, place);
    }
}
