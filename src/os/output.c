/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/output.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PIECE (64 * 1024)
#define TAIL_BYTES 1024
#define TAIL_LINES 4

void stream_init(Stream *stream, int fd, gsize max)
{
    *stream = (Stream){.fd = fd, .max = max};
    stream->kept = g_string_new(NULL);
    stream->tail = g_string_new(NULL);
}

static void close_end(Stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

void stream_clear(Stream *stream)
{
    close_end(stream);
    if (stream->kept != NULL)
        g_string_free(stream->kept, TRUE);
    if (stream->tail != NULL)
        g_string_free(stream->tail, TRUE);
    stream->kept = stream->tail = NULL;
}

static void keep(Stream *stream, const char *bytes, gsize count)
{
    gsize room = stream->max - stream->kept->len;
    g_string_append_len(stream->kept, bytes, (gssize)MIN(room, count));
    stream->overflow = stream->overflow || count > room;
    gsize last = MIN(count, TAIL_BYTES);
    g_string_append_len(stream->tail, bytes + count - last, (gssize)last);
    if (stream->tail->len > TAIL_BYTES)
        g_string_erase(stream->tail, 0, (gssize)(stream->tail->len - TAIL_BYTES));
}

void stream_read(Stream *stream)
{
    char bytes[PIECE];
    ssize_t count = read(stream->fd, bytes, sizeof(bytes));
    if (count > 0)
        keep(stream, bytes, (gsize)count);
    else if (count == 0 || (errno != EAGAIN && errno != EINTR))
        close_end(stream);
}

void stream_drain(Stream *stream)
{
    int waiting = 0;
    if (stream->fd < 0 || ioctl(stream->fd, FIONREAD, &waiting) != 0)
        return;
    for (int left = waiting; left > 0 && stream->fd >= 0; left -= PIECE)
        stream_read(stream);
}

char *stream_last_lines(const Stream *stream)
{
    g_autofree char *text = g_utf8_make_valid(stream->tail->str, (gssize)stream->tail->len);
    g_strstrip(text);
    if (g_str_has_suffix(text, "."))
        text[strlen(text) - 1] = '\0';
    const char *start = text + strlen(text);
    for (guint lines = 0; start > text; start--)
        if (start[-1] == '\n' && ++lines == TAIL_LINES)
            break;
    GString *line = g_string_new(NULL);
    for (const char *at = start; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (character == '\n')
            g_string_append(line, " / ");
        else
            g_string_append_unichar(line, g_unichar_iscntrl(character) ? ' ' : character);
    }
    return g_string_free(line, FALSE);
}
