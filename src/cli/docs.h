/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"

#include <stdbool.h>

/*
 * rootstock-docs, a program of the build: writes the manual pages and the completions from the
 * table of commands to standard output.
 */

/* Source for scdoc(5): of the command's page, or with NULL of the program's. */
void docs_man(const CliCommand *command);

void docs_bash(void);
void docs_zsh(void);
void docs_fish(void);

/* What `rootstock __complete` is asked for to complete an argument of KIND; NULL where a fixed
 * list, files or nothing is offered. */
const char *docs_candidates(ArgumentKind kind);

/* TEXT with a backslash before each letter of LETTERS, and without the marks of cli/commands.h. The
 * caller owns it. */
char *docs_escape(const char *text, const char *letters);

/* TEXT as one word of a POSIX shell, in single quotes. The caller owns it. */
char *docs_quote(const char *text);
