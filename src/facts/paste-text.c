/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-text.h"

#include "facts/facts.h"
#include "facts/paste-clean.h"
#include "facts/paste-parts.h"

#include <string.h>

enum {
    TAB = 8,
    LONGEST_LINE = 256 * 1024, /* longer ones are nothing that is known here */
    JOINED_LEAST = 60,         /* shorter lines are not put together from several */
    PROSE_LEAST = 200,         /* nor those that begin with something else */
};

struct PasteText {
    char *converted; /* from UTF-16; NULL: it was none */
    const char *at, *end;
    GString *buffer;   /* the line, cleaned */
    gsize next;        /* where the next part of it begins */
    gsize stop;        /* where the line ends that the next part is of; 0: not known yet */
    guint part_indent; /* the least that the indent of parts after the first is */
};

/* Bytes of UTF-16 without a mark have a zero in every other place. */
static bool is_utf16(const char *text, gsize length, bool *ret_big)
{
    guint zeros[2] = {0, 0}, looked_at = (guint)MIN(length, 256) & ~1U;

    if (length < 2)
        return false;
    *ret_big = memcmp(text, "\xfe\xff", 2) == 0;
    if (*ret_big || memcmp(text, "\xff\xfe", 2) == 0)
        return true;
    for (guint i = 0; i < looked_at; i++)
        zeros[i % 2] += text[i] == '\0';
    *ret_big = zeros[0] > zeros[1];
    return looked_at >= 16 && zeros[*ret_big ? 0 : 1] > looked_at / 3 &&
           zeros[*ret_big ? 1 : 0] < looked_at / 16;
}

static gunichar unit_at(const char *text, bool big)
{
    guint first = (guchar)text[0], second = (guchar)text[1];
    return big ? first << 8 | second : second << 8 | first;
}

static GString *from_utf16(const char *text, gsize length, bool big)
{
    GString *result = g_string_sized_new(length / 2 + 1);

    for (gsize i = 0; i + 1 < length; i += 2) {
        gunichar c = unit_at(text + i, big);
        gunichar low = c >= 0xd800 && c < 0xdc00 && i + 3 < length ? unit_at(text + i + 2, big) : 0;
        if (low >= 0xdc00 && low < 0xe000) {
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            i += 2;
        }
        g_string_append_unichar(result, g_unichar_validate(c) ? c : '?');
    }
    return result;
}

PasteText *paste_text_new(const char *text, gsize length)
{
    PasteText *lines = g_new0(PasteText, 1);
    bool big;

    lines->at = text;
    lines->end = text + length;
    lines->buffer = g_string_new(NULL);
    lines->next = 1;
    if (is_utf16(text, length, &big)) {
        GString *converted = from_utf16(text, length, big);
        lines->end = converted->str + converted->len;
        lines->at = lines->converted = g_string_free(converted, FALSE);
    }
    return lines;
}

void paste_text_free(PasteText *text)
{
    g_string_free(text->buffer, TRUE);
    g_free(text->converted);
    g_free(text);
}

/* A mark of quotes, lists, headings and trees at TEXT: how many bytes. ASCII, and U+2000 to U+2FFF
 * (arrows, box drawings, bullets). */
static gsize mark_length(const char *text)
{
    switch (*text) {
    case '>':
    case '|':
    case '`':
    case '*':
    case '#':
    case '+':
    case '-':
    case '\\':
    case '=':
        return 1;
    case '\xe2':
        return text[1] != '\0' && text[2] != '\0' ? 3 : 0;
    default:
        return 0;
    }
}

gsize paste_decoration(const char *text)
{
    gsize at = 0;
    for (;;) {
        gsize mark = mark_length(text + at);
        if (mark == 0 && text[at] != ' ' && text[at] != '\t')
            return at;
        at += MAX(mark, 1);
    }
}

/* Reads the next line into the buffer. */
static bool fill(PasteText *text)
{
    if (text->at >= text->end)
        return false;
    gsize left = (gsize)(text->end - text->at);
    const char *stop = memchr(text->at, '\n', left);
    gsize size = stop != NULL ? (gsize)(stop - text->at) : left;
    const char *early = memchr(text->at, '\r', size);

    if (early != NULL)
        size = (gsize)(early - text->at);
    g_string_truncate(text->buffer, 0);
    if (size <= LONGEST_LINE)
        paste_clean(text->buffer, text->at, size);
    text->at += MIN(size + 1, left);
    if (early != NULL && text->at < text->end && *text->at == '\n')
        text->at++;
    text->next = text->stop = 0;
    return true;
}

/* Whether a function's line begins at TEXT: an address, then "Host bridge: " or "Host bridge
 * [0600]".
 */
static bool begins_function(const char *text)
{
    const char *rest;
    g_autofree char *address = paste_address(text, &rest);
    if (address == NULL || (*rest != ' ' && *rest != '\t'))
        return false;
    rest += strspn(rest, " \t");
    gsize name = strcspn(rest, ":[");
    if (name > 60 || rest[name] == '\0')
        return false;
    return g_ascii_isupper(*rest)
               ? rest[name] == '[' ? paste_hex4(rest + name + 1) != UNKNOWN : rest[name + 1] == ' '
               : paste_hex4(rest) != UNKNOWN && name == 4;
}

/* The words of a group and what is between them and the first address. */
static gsize group_length(const char *text)
{
    gsize length = g_ascii_strncasecmp(text, "iommu", 5) == 0 ? 5 : 0;
    length += strspn(text + length, " _-");
    if (g_ascii_strncasecmp(text + length, "group", 5) != 0)
        return 0;
    length += 5;
    length += strspn(text + length, " :#\t");
    gsize digits = strspn(text + length, "0123456789");
    if (digits == 0 || digits > 5)
        return 0;
    length += digits;
    return length + strspn(text + length, " :\t-");
}

/* Marks such as "[RESET]" and "[10de:21c4]" and the white space after them. */
static gsize marks_length(const char *text)
{
    enum { MARK_MAX = 11 };
    gsize at = 0;
    while (text[at] == '[') {
        gsize mark = strcspn(text + at, "]");
        if (mark > MARK_MAX || text[at + mark] == '\0')
            break;
        at += mark + 1;
        at += strspn(text + at, " \t");
    }
    return at;
}

/* The words of a group with marks after them. */
static gsize marked_group_length(const char *text)
{
    gsize words = *text != '\0' && strchr("GgIi", *text) != NULL ? group_length(text) : 0;
    return words + marks_length(text + words);
}

/* Whether the words of a group or marks, and a function after them, begin at TEXT. Ids are marks
 * only where they stand before the address (IDS_FIRST): elsewhere they end the function before. */
static bool begins_member(const char *text, bool ids_first)
{
    int vendor, device;
    if (!ids_first && *text == '[' && paste_ids(text, &vendor, &device, NULL))
        return false;
    gsize length = marked_group_length(text);
    return length > 0 && begins_function(text + length);
}

static bool begins_property(const char *text)
{
    static const char *const WORDS[] = {
        "Subsystem: ", "Kernel driver in use: ", "Kernel modules: ", "DeviceName: "};
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        if (*text == *WORDS[i] && g_str_has_prefix(text, WORDS[i]))
            return true;
    }
    return false;
}

/* Where in TEXT the next group or function begins, after its own or after prose; its length:
 * nowhere.
 */
static gsize part_length(const char *text, gsize length)
{
    int vendor, device;
    gsize words = group_length(text), i = 1;
    bool ids_first = paste_ids(text + words, &vendor, &device, NULL) && text[words] == '[';

    if (length < JOINED_LEAST)
        return length;
    if (words > 0 || begins_function(text + marks_length(text)))
        i = marked_group_length(text) + strlen("00:00.0");
    else if (length < PROSE_LEAST)
        return length;
    for (; i < length; i++) {
        if (g_ascii_isspace(text[i - 1]) &&
            (begins_property(text + i) ||
             (g_ascii_isxdigit(text[i]) ? begins_function(text + i)
                                        : begins_member(text + i, ids_first))))
            return i;
    }
    return length;
}

static void measure(const PasteText *text, char *start, PasteLine *line)
{
    gsize at = 0;

    line->whole = start;
    line->indent = 0;
    line->plain = true;
    line->joined = false;
    for (;;) {
        gsize mark = mark_length(start + at);
        if (start[at] == ' ' || start[at] == '\t') {
            line->indent += start[at] == '\t' ? TAB - line->indent % TAB : 1;
            at++;
        } else if (mark > 0) {
            line->indent++;
            line->plain = false;
            at += mark;
        } else {
            break;
        }
    }
    line->text = start + at;
    line->indent = MAX(line->indent, text->part_indent);
}

/* Without white space and marks of code and bold type at its end; marks alone are a fence. */
static gsize plain_length(const char *text, gsize length)
{
    if (text[strspn(text, " \t>`")] == '\0')
        return length;
    for (;;) {
        if (length > 0 && (g_ascii_isspace(text[length - 1]) || text[length - 1] == '`'))
            length--;
        else if (length > 1 && text[length - 1] == '*' && text[length - 2] == '*')
            length -= 2;
        else
            return length;
    }
}

bool paste_text_next(PasteText *text, PasteLine *line)
{
    if (text->next >= MAX(text->buffer->len, 1) && !fill(text))
        return false;
    char *start = text->buffer->str + text->next;
    if (text->stop == 0) {
        text->stop = text->next + strcspn(start, "\n");
        text->part_indent = 0;
    }
    gsize length = text->stop - text->next;
    start[length] = '\0';
    measure(text, start, line);
    gsize before = (gsize)(line->text - start), part = part_length(line->text, length - before);
    bool joined = before + part < length;
    text->next += before + part + (joined ? 0 : 1);
    if (joined) {
        /* what follows goes on as a line of its own, below this one */
        text->part_indent = line->indent + 1;
        line->joined = true;
        length = before + part - 1;
    } else {
        text->stop = 0;
    }
    start[length] = '\0';
    start[plain_length(start, length)] = '\0';
    return true;
}
