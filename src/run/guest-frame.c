/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/guest.h"

#include "base/error.h"
#include "run/guest-parse.h"

#include <string.h>

/*
 * The report's frame on the serial port: the two marker lines, the checksum and the length. What
 * stands before and after is the firmware's own output.
 */
enum { SCHEMA = 1, MAX_CAPTURE = 64 * 1024 * 1024, MAX_QUOTE = 120 };

#define GUEST_REPORT_FAILED "ROOTSTOCK-PROBE-FAILED"

/* CRC-32 of IEEE 802.3, as in zlib and gzip. */
static guint32 crc32(const char *bytes, gsize length)
{
    guint32 crc = 0xffffffff;
    for (gsize i = 0; i < length; i++) {
        crc ^= (guchar)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/* The capture without carriage returns, which consoles add where they like, ended by a NUL. */
static GString *without_returns(const char *serial, gsize length)
{
    GString *text = g_string_sized_new(length);
    for (gsize i = 0; i < length; i++)
        if (serial[i] != '\r')
            g_string_append_c(text, serial[i]);
    return text;
}

/* Where LINE begins a line at or after FROM; NULL when it does nowhere. The capture may hold NULs.
 */
static const char *find_line(const GString *text, const char *from, const char *line)
{
    const char *end = text->str + text->len;
    gsize length = strlen(line);

    while (from < end) {
        const char *found = memmem(from, (gsize)(end - from), line, length);
        if (found == NULL || found == text->str || found[-1] == '\n')
            return found;
        from = found + 1;
    }
    return NULL;
}

/* The rest of the line at AT, as a string; NULL when the capture ends before the line does. */
static char *rest_of_line(const GString *text, const char *at)
{
    const char *end = memchr(at, '\n', (gsize)(text->str + text->len - at));
    return end == NULL ? NULL : g_strndup(at, (gsize)(end - at));
}

/* The last printable text of the capture, which often says why the firmware did not go on. */
static char *last_words(const GString *text)
{
    g_autoptr(GString) plain = g_string_new(NULL);
    gsize start = text->len > 4 * MAX_QUOTE ? text->len - 4 * MAX_QUOTE : 0;

    for (gsize i = start; i < text->len; i++) {
        char c = text->str[i];
        if (c == '\x1b') { /* an escape sequence: ESC [ parameters letter */
            while (i + 1 < text->len && !g_ascii_isalpha(text->str[i + 1]))
                i++;
            i++;
            c = ' ';
        }
        bool blank = !g_ascii_isgraph(c);
        if (!blank)
            g_string_append_c(plain, c);
        else if (plain->len > 0 && plain->str[plain->len - 1] != ' ')
            g_string_append_c(plain, ' ');
    }
    g_strstrip(plain->str);
    gsize length = strlen(plain->str);
    return g_strdup(plain->str + (length > MAX_QUOTE ? length - MAX_QUOTE : 0));
}

static bool fail_without_report(const GString *text, GError **error)
{
    g_autofree char *words = last_words(text);

    if (find_line(text, text->str, GUEST_REPORT_FAILED) != NULL)
        return fail(error, ERROR_FAILED,
                    "The probe in the guest could not make its report: it ran out of memory. Give "
                    "the machine more memory.");
    if (*words == '\0')
        return fail(error, ERROR_FAILED,
                    "The guest wrote nothing on its serial port: its firmware did not start, or it "
                    "has no serial port. Look at the end of QEMU's log.");
    return fail(
        error, ERROR_FAILED,
        "The guest's firmware started, but it did not run the probe. The last that it wrote "
        "on the serial port is '%s'.",
        words);
}

static bool check_schema(const char *begin_line, GError **error)
{
    gint64 schema = g_ascii_strtoll(begin_line, NULL, 10);
    if (schema == SCHEMA)
        return true;
    return fail(error, ERROR_FAILED,
                "The probe's report has form %" G_GINT64_FORMAT ", and this program reads form %d: "
                "they are of different releases. Build the probe's image again.",
                schema, SCHEMA);
}

/* Reads " crc32=XXXXXXXX length=N". */
static bool read_end_line(const char *line, guint32 *ret_crc, guint64 *ret_length)
{
    if (!g_str_has_prefix(line, " crc32="))
        return false;
    char *end;
    guint64 crc = g_ascii_strtoull(line + strlen(" crc32="), &end, 16);
    if (crc > G_MAXUINT32 || !g_str_has_prefix(end, " length="))
        return false;
    const char *digits = end + strlen(" length=");
    guint64 length = g_ascii_strtoull(digits, &end, 10);
    if (end == digits || *end != '\0')
        return false;
    *ret_crc = (guint32)crc;
    *ret_length = length;
    return true;
}

static bool check_end(const char *line, const char *json, gsize length, GError **error)
{
    guint32 crc;
    guint64 sent;

    if (!read_end_line(line, &crc, &sent))
        return fail(error, ERROR_FAILED,
                    "The probe's report ends with a line that has no checksum. Run it again.");
    if (sent != length)
        return fail(error, ERROR_FAILED,
                    "The probe sent %" G_GUINT64_FORMAT " bytes and %" G_GSIZE_FORMAT
                    " arrived: the serial port lost or added some. Run it again.",
                    sent, length);
    if (crc32(json, length) != crc)
        return fail(error, ERROR_FAILED,
                    "The probe's report does not match its checksum (%08x, sent %08x): it was "
                    "changed on its way over the serial port. Run it again.",
                    crc32(json, length), crc);
    return true;
}

/* The bytes between the marker lines. */
static char *find_json(const GString *text, gsize *ret_length, GError **error)
{
    const char *begin = find_line(text, text->str, GUEST_REPORT_BEGIN " ");
    if (begin == NULL) {
        fail_without_report(text, error);
        return NULL;
    }
    begin += strlen(GUEST_REPORT_BEGIN);
    g_autofree char *begin_line = rest_of_line(text, begin);
    const char *end = find_line(text, begin, GUEST_REPORT_END);
    g_autofree char *end_line =
        end == NULL ? NULL : rest_of_line(text, end + strlen(GUEST_REPORT_END));
    if (begin_line == NULL || end_line == NULL)
        return fail_null(error, ERROR_FAILED,
                         "The probe's report is cut off after %" G_GSIZE_FORMAT
                         " bytes: the guest ended, or the time was up, before all of it was sent.",
                         (gsize)(text->str + text->len - begin));
    const char *json = begin + strlen(begin_line) + 1;
    /* A line feed of the frame's own stands before the end line. */
    gsize length = end > json ? (gsize)(end - json) - 1 : 0;
    if (!check_schema(begin_line, error) || !check_end(end_line, json, length, error))
        return NULL;
    *ret_length = length;
    return g_strndup(json, length);
}

GuestReport *guest_report_read(const char *serial, gsize length, GError **error)
{
    if (length > MAX_CAPTURE)
        return fail_null(error, ERROR_FAILED,
                         "The guest wrote %" G_GSIZE_FORMAT " bytes on its serial port, which is "
                         "no report of the probe.",
                         length);
    g_autoptr(GString) text = without_returns(serial, length);
    gsize json_length = 0;
    g_autofree char *json = find_json(text, &json_length, error);
    if (json == NULL)
        return NULL;

    g_autoptr(GuestReport) report = g_new0(GuestReport, 1);
    if (!guest_parse(report, json, json_length, error))
        return NULL;
    report->json = g_steal_pointer(&json);
    return g_steal_pointer(&report);
}
