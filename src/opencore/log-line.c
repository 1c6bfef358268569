/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/log-line.h"

#include <string.h>

/* OC_LOG_LINE_BUFFER_SIZE of OpenCorePkg. */
#define LINE_MAX_BYTES 1024
/* OC_LOG_PREFIX_CHAR_MAX: a longer word before a colon is no component. */
#define COMPONENT_MAX 8
/* A log of 256 KiB has fewer; a serial port may bring anything. */
#define LINES_MAX 20000

/* MdePkg Library/BasePrintLib, mStatusString: the words that %r prints. */
static const char *const STATUSES[] = {
    "Success",
    "Load Error",
    "Invalid Parameter",
    "Unsupported",
    "Bad Buffer Size",
    "Buffer Too Small",
    "Not Ready",
    "Device Error",
    "Write Protected",
    "Out of Resources",
    "Volume Corrupt",
    "Volume Full",
    "No Media",
    "Media changed",
    "Not Found",
    "Access Denied",
    "No Response",
    "No mapping",
    "Time out",
    "Not started",
    "Already started",
    "Aborted",
    "ICMP Error",
    "TFTP Error",
    "Protocol Error",
    "Incompatible Version",
    "Security Violation",
    "CRC Error",
    "End of Media",
    "End of File",
    "Invalid Language",
    "Compromised Data",
    "Warning Unknown Glyph",
    "Warning Delete Failure",
    "Warning Write Failure",
    "Warning Buffer Too Small",
    "Warning Stale Data",
};

/* Components that do not begin with "OC" (a search of OpenCorePkg for the words before a colon). */
static const char *const COMPONENTS[] = {"BS",  "BEP", "AIK",  "BMF",  "HDA",
                                         "LNX", "OLB", "NETB", "NTFS", "CRSCR"};

static void line_clear(LogLine *line)
{
    g_free(line->text);
}

/* Behind the escape sequence for a terminal that begins at AT (ECMA-48, 5.4): ESC [, parameters, a
 * final byte; or ESC and one byte. */
static const char *skip_escape(const char *at, const char *end)
{
    at++;
    if (at < end && *at == '[') {
        at++;
        while (at < end && *at >= 0x20 && *at <= 0x3f)
            at++;
    }
    return at < end ? at + 1 : end;
}

/* What a line shows: no sequences, no control characters, UTF-8. */
static char *clean(const char *start, const char *end)
{
    g_autoptr(GString) shown = g_string_sized_new((gsize)(end - start));
    while (start < end) {
        if (*start == '\033') {
            start = skip_escape(start, end);
            continue;
        }
        bool control = (*start >= 0 && *start < ' ' && *start != '\t') || *start == '\177';
        if (!control)
            g_string_append_c(shown, *start == '\t' ? ' ' : *start);
        start++;
    }
    g_autofree char *text = g_utf8_make_valid(shown->str, (gssize)shown->len);
    g_autoptr(GString) printable = g_string_sized_new(strlen(text));
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        g_string_append_unichar(printable, g_unichar_isprint(letter) ? letter : '?');
    }
    return g_strdup(g_strstrip(printable->str));
}

/* "05:826 ": seconds and milliseconds. Returns what comes behind it, or NULL. */
static const char *skip_time(const char *at, guint64 *ret_milliseconds)
{
    guint64 seconds = 0;
    const char *start = at;
    for (; g_ascii_isdigit(*at) && at - start < 6; at++)
        seconds = seconds * 10 + (guint64)(*at - '0');
    if (at - start < 2 || *at != ':' || !g_ascii_isdigit(at[1]) || !g_ascii_isdigit(at[2]) ||
        !g_ascii_isdigit(at[3]) || at[4] != ' ')
        return NULL;
    *ret_milliseconds = seconds * 1000 + (guint64)(at[1] - '0') * 100 +
                        (guint64)(at[2] - '0') * 10 + (guint64)(at[3] - '0');
    return at + 5;
}

static void take_times(LogLine *line)
{
    guint64 since, step;
    const char *rest = skip_time(line->text, &since);
    rest = rest != NULL ? skip_time(rest, &step) : NULL;
    if (rest == NULL)
        return;
    line->timed = true;
    line->milliseconds = since;
    memmove(line->text, rest, strlen(rest) + 1);
}

static void add_line(GArray *lines, const char *start, const char *end)
{
    LogLine line = {.cut = end - start > LINE_MAX_BYTES + 64}; /* times and sequences are beside */
    line.text = clean(start, line.cut ? start + LINE_MAX_BYTES + 64 : end);
    take_times(&line);
    if (line.text[0] == '\0')
        g_free(line.text);
    else
        g_array_append_val(lines, line);
}

GArray *log_lines_split(const char *text, gsize length)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(LogLine));
    const char *end = text + length;
    g_array_set_clear_func(lines, (GDestroyNotify)line_clear);
    while (text < end && lines->len < LINES_MAX) {
        const char *stop = text;
        while (stop < end && *stop != '\n' && *stop != '\r' && *stop != '\0')
            stop++;
        if (stop > text)
            add_line(lines, text, stop);
        text = stop + 1;
    }
    return lines;
}

bool log_line_is_ours(const LogLine *line)
{
    const char *colon = strchr(line->text, ':');
    gsize length = colon != NULL ? (gsize)(colon - line->text) : 0;
    if (line->timed)
        return true;
    if (length == 0 || length > COMPONENT_MAX || colon[1] != ' ')
        return false;
    if (strncmp(line->text, "OC", 2) == 0) {
        for (gsize i = 2; i < length; i++)
            if (!g_ascii_isupper(line->text[i]) && !g_ascii_isdigit(line->text[i]))
                return false;
        return true;
    }
    for (guint i = 0; i < G_N_ELEMENTS(COMPONENTS); i++)
        if (strlen(COMPONENTS[i]) == length && strncmp(COMPONENTS[i], line->text, length) == 0)
            return true;
    return false;
}

char *log_line_status(const char *text)
{
    const char *dash = g_strrstr(text, " - ");
    if (dash == NULL)
        return NULL;
    g_autofree char *word = g_strdup(dash + 3);
    if (g_str_has_suffix(word, "!"))
        word[strlen(word) - 1] = '\0';
    for (guint i = 0; i < G_N_ELEMENTS(STATUSES); i++)
        if (g_ascii_strcasecmp(STATUSES[i], word) == 0)
            return g_steal_pointer(&word);
    return NULL;
}

char *log_line_between(const char *text, const char *before, const char *after)
{
    const char *start = strstr(text, before);
    if (start == NULL)
        return NULL;
    start += strlen(before);
    const char *end = after != NULL ? strstr(start, after) : start + strlen(start);
    return end != NULL ? g_strndup(start, (gsize)(end - start)) : NULL;
}
