/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* One line of a log, cleaned: for log.c and what reads its lines. */
typedef struct {
    char *text; /* without times, escape sequences and control characters; UTF-8 */
    bool timed;
    guint64 milliseconds; /* since OpenCore's start, of one that is timed */
    bool cut;             /* it was too long */
} LogLine;

/* Splits a log; empty lines are left out. Returns LogLine. */
GArray *log_lines_split(const char *text, gsize length);

/* Whether OpenCore or one of its drivers wrote the line: it has times, or begins with the name of a
 * component. */
bool log_line_is_ours(const LogLine *line);

/* EFI's word for how it went at the end of TEXT (" - Not Found", with or without "!"), as OpenCore
 * prints a status; NULL: there is none. The caller owns it. */
char *log_line_status(const char *text);

/* What is in TEXT between the first BEFORE and the next AFTER, or its end where AFTER is NULL;
 * NULL: they are not there. The caller owns it. */
char *log_line_between(const char *text, const char *before, const char *after);
