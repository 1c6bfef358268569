/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"

/*
 * What rootstock-docs, a program of the build, writes from the table of commands to standard
 * output: the manual pages and the completions. One file a form.
 */

/* Source for scdoc(5): of the command's page, or with NULL of the program's. */
void docs_man(const CliCommand *command);

/* The completions of bash(1), zsh(1) and fish(1). */
void docs_bash(void);
void docs_zsh(void);
void docs_fish(void);
