/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * What came over a guest's serial port, in memory, up to a limit. One thread may append while
 * another asks.
 */
typedef struct Console Console;

/* MAX is the most that is kept, in bytes; what comes after is dropped and noted. */
Console *console_new(gsize max);
void console_free(Console *console);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Console, console_free)

void console_append(Console *console, const char *data, gsize length);

/* Whether MARKER has come. Each byte is looked at once if the same marker is asked for each time.
 */
bool console_has(Console *console, const char *marker);

/* How many bytes came, without those that were dropped. */
gsize console_length(Console *console);

/* Whether something was dropped. */
bool console_overflowed(Console *console);

/* A copy of what came, ended by NUL. */
GBytes *console_bytes(Console *console);
