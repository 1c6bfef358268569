/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * One output stream of a program while it runs: what is kept of it, and its last bytes for the
 * message when the program fails. For os/command.c.
 */
typedef struct {
    int fd;        /* the reading end of the pipe, not blocking; -1 when at its end */
    GString *kept; /* the first MAX bytes */
    gsize max;
    bool overflow; /* there was more than MAX */
    GString *tail; /* the last bytes, whatever MAX is */
} Stream;

void stream_init(Stream *stream, int fd, gsize max);
void stream_clear(Stream *stream);

/* Reads one piece of what is there now. */
void stream_read(Stream *stream);

/* Reads what is in the pipe now, without waiting for those who still have it open. */
void stream_drain(Stream *stream);

/* The last lines, as one line that is safe on a terminal, without a full stop; empty when nothing
 * was written. The caller owns it. */
char *stream_last_lines(const Stream *stream);
