/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "os/command.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What the files of this folder share: running the host's programs, and reading its files as text.
 */

/* Runs a program of the host, or the one that stands in for it. TIMEOUT_S 0: a minute. ANY_STATUS
 * as in os/command.h. ERROR_MISSING when it is not there or may not be run. */
OsOutput *host_run(const ApplyHost *host, const char *const *argv, guint timeout_s, bool any_status,
                   GError **error);

/* Whether the host has the program NAME. */
bool host_has_program(const ApplyHost *host, const char *name);

/* The text of a file that is to be edited. RET_TEXT is NULL when there is none. ERROR_REFUSED when
 * it is no UTF-8 text or no ordinary file: what is not understood is not edited. */
bool host_read(const OsRoot *root, const char *path, char **ret_text, GError **error);

/* The paths below ROOT that match PATTERN, whose components may have `*`; ordinary files alone, no
 * links. By name. */
GStrv host_match(const OsRoot *root, const char *pattern);
