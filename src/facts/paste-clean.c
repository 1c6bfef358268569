/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-clean.h"

#include <string.h>

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

/* "[1;34m": what is left of a colour where the ESC was lost. 0: it is none. */
static gsize colour_length(const char *text, gsize left)
{
    gsize i = 1;
    while (i < left && i < 12 && (g_ascii_isdigit(text[i]) || text[i] == ';'))
        i++;
    return i > 1 && i < left && text[i] == 'm' ? i + 1 : 0;
}

static bool is_at(const char *text, gsize left, const char *words)
{
    gsize length = strlen(words);
    return left >= length && memcmp(text, words, length) == 0;
}

/* The ways in which ESC is written: "^[[", "\e[", "\033[", "\x1b[", "\u001b[", U+241B. */
static gsize written_escape(const char *text, gsize left)
{
    static const char *const WAYS[] = {"^[",    "\\e",     "\\033",       "\\x1b",
                                       "\\x1B", "\\u001b", "\xe2\x90\x9b"};
    for (guint i = 0; i < G_N_ELEMENTS(WAYS); i++) {
        gsize length = strlen(WAYS[i]);
        if (!is_at(text, left, WAYS[i]) || length >= left)
            continue;
        gsize colour = text[length] == '[' ? colour_length(text + length, left - length) : 0;
        if (colour > 0)
            return length + colour;
    }
    return 0;
}

/* "\n", "\r\n" and "\t" of a string in JSON or of a program. */
static gsize written_control(const char *text, gsize left, char *ret_control)
{
    if (left < 2 || text[0] != '\\')
        return 0;
    if (is_at(text, left, "\\r\\n")) {
        *ret_control = '\n';
        return 4;
    }
    *ret_control = text[1] == 'n' ? '\n' : '\t';
    return text[1] == 'n' || text[1] == 't' ? 2 : 0;
}

/* HTML's character references that quoting makes (HTML Living Standard, 13.5). */
static gsize reference_length(const char *text, gsize left, char *ret_character)
{
    static const struct {
        const char *name;
        char character;
    } NAMES[] = {{"&gt;", '>'},   {"&lt;", '<'},    {"&amp;", '&'},  {"&quot;", '"'},
                 {"&nbsp;", ' '}, {"&#39;", '\''},  {"&#34;", '"'},  {"&#160;", ' '},
                 {"&#32;", ' '},  {"&#x27;", '\''}, {"&#xa0;", ' '}, {"&apos;", '\''},
                 {"&#91;", '['},  {"&#93;", ']'},   {"&#58;", ':'}};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        if (is_at(text, left, NAMES[i].name)) {
            *ret_character = NAMES[i].character;
            return strlen(NAMES[i].name);
        }
    }
    return 0;
}

/* A tag of HTML that is about the form of text. *RET_CONTROL is what it stands for: the end of a
 * line, a tab, or 0 for nothing. */
static gsize tag_length(const char *text, gsize left, char *ret_control)
{
    static const struct {
        const char *name;
        char control;
    } TAGS[] = {{"br", '\n'},  {"p", '\n'},       {"li", '\n'},     {"tr", '\n'},
                {"div", '\n'}, {"pre", '\n'},     {"ul", '\n'},     {"ol", '\n'},
                {"td", '\t'},  {"th", '\t'},      {"code", 0},      {"span", 0},
                {"b", 0},      {"i", 0},          {"strong", 0},    {"em", 0},
                {"font", 0},   {"table", '\n'},   {"tbody", 0},     {"blockquote", '\n'},
                {"a", 0},      {"summary", '\n'}, {"details", '\n'}};
    enum { TAG_MAX = 256 };
    gsize start = left > 1 && text[1] == '/' ? 2 : 1, length = start;

    while (length < left && length < 16 && g_ascii_isalpha(text[length]))
        length++;
    if (length >= left || (text[length] != '>' && text[length] != ' ' && text[length] != '/'))
        return 0;
    for (guint i = 0; i < G_N_ELEMENTS(TAGS); i++) {
        if (strlen(TAGS[i].name) != length - start ||
            g_ascii_strncasecmp(text + start, TAGS[i].name, length - start) != 0)
            continue;
        const char *end = memchr(text + length, '>', MIN(left - length, TAG_MAX));
        *ret_control = TAGS[i].control;
        return end != NULL ? (gsize)(end - text) + 1 : 0;
    }
    return 0;
}

/* What stands for a character outside ASCII; NULL: itself. */
static const char *plain_form(gunichar c)
{
    if (c == 0xa0 || c == 0x202f || c == 0x205f || c == 0x3000 || (c >= 0x2000 && c <= 0x200a))
        return " ";
    if (c < 0xa0 || c == 0xad || c == 0xfeff || c == 0x2060 || (c >= 0x200b && c <= 0x200f))
        return "";
    if (c == 0x2028 || c == 0x2029)
        return "\n";
    if (c == 0x2018 || c == 0x2019 || c == 0x201b)
        return "'";
    if (c >= 0x201c && c <= 0x201f)
        return "\"";
    if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212)
        return "-";
    if (c == 0x2026)
        return "...";
    if (c == 0xff1a || c == 0xfe55 || c == 0xfe30)
        return ":";
    if (c == 0xff08 || c == 0xff09)
        return c == 0xff08 ? "(" : ")";
    return NULL;
}

static gsize clean_wide(GString *buffer, const char *text, gsize left)
{
    gunichar c = g_utf8_get_char_validated(text, (gssize)MIN(left, 6));
    if (c == (gunichar)-1 || c == (gunichar)-2) {
        g_string_append_c(buffer, '?');
        return 1;
    }
    gsize length = (gsize)(g_utf8_next_char(text) - text);
    const char *form = plain_form(c);
    if (form != NULL)
        g_string_append(buffer, form);
    else
        g_string_append_len(buffer, text, (gssize)length);
    return length;
}

/* What begins at TEXT and is more than the character itself; 0: nothing. */
static gsize clean_sequence(GString *buffer, const char *text, gsize left)
{
    char control = 0;
    gsize length = 0;
    guchar c = (guchar)*text;

    if (c == '\033')
        return escape_length(text, left);
    if (c == '^' || c == '\\' || c == 0xe2)
        length = written_escape(text, left);
    if (length == 0 && c == '\\')
        length = written_control(text, left, &control);
    if (c == '[')
        length = colour_length(text, left);
    if (c == '&')
        length = reference_length(text, left, &control);
    if (c == '<')
        length = tag_length(text, left, &control);
    if (length > 0 && control != 0)
        g_string_append_c(buffer, control);
    return length;
}

/* Characters that stay as they are and begin nothing. */
static gsize plain_length(const char *start, gsize length)
{
    gsize i = 0;
    while (i < length) {
        guchar c = (guchar)start[i];
        if ((c < 0x20 && c != '\t') || c >= 0x7f || c == '^' || c == '\\' || c == '[' || c == '&' ||
            c == '<')
            break;
        i++;
    }
    return i;
}

void paste_clean(GString *buffer, const char *start, gsize length)
{
    gsize i = 0;

    while (i < length) {
        gsize plain = plain_length(start + i, length - i);
        g_string_append_len(buffer, start + i, (gssize)plain);
        i += plain;
        if (i >= length)
            break;
        guchar c = (guchar)start[i];
        gsize done = clean_sequence(buffer, start + i, length - i);
        if (done == 0 && c >= 0x80)
            done = clean_wide(buffer, start + i, length - i);
        if (done == 0 && c >= 0x20 && c != 0x7f)
            g_string_append_c(buffer, (char)c);
        i += MAX(done, 1);
    }
}
