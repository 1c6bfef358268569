/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"

/* Text of the table of commands as the languages that rootstock-docs writes need it. */

/* What `rootstock __complete` is asked for to complete an argument of KIND; NULL where a fixed
 * list, files or nothing is offered. */
const char *docs_candidates(ArgumentKind kind);

/* TEXT with a backslash before each letter of LETTERS, and without the marks of cli/commands.h. The
 * caller owns it. */
char *docs_escape(const char *text, const char *letters);

/* TEXT as one word of a POSIX shell, in single quotes. The caller owns it. */
char *docs_quote(const char *text);
