/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * One error domain for the whole program.
 *
 * A function that can fail takes a GError ** as its last parameter and returns false, NULL or -1;
 * its outputs are then untouched. The message is one or more whole sentences: what failed, on what,
 * why, and what to do next. It is printed once, by cli/.
 */
#define ROOTSTOCK_ERROR (rootstock_error_quark())
GQuark rootstock_error_quark(void);

/* The codes are the exit statuses that the command line promises for them. */
typedef enum {
    ERROR_REFUSED = 1, /* the answer is no: a verdict, a failed check, nothing found */
    ERROR_INPUT = 2,   /* the command line or an input file is wrong */
    ERROR_MISSING =
        3,            /* something that is needed is missing here; the message says how to get it */
    ERROR_FAILED = 4, /* an operation failed; what was begun is undone or said */
} ErrorCode;

/* Sets ERROR and returns false, so that a caller can write `return fail(error, ...)`. */
bool fail(GError **error, ErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The same for functions that return a pointer. */
void *fail_null(GError **error, ErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The code of ERROR, for errors of other domains (GLib's own) ERROR_FAILED. */
ErrorCode error_code(const GError *error);
