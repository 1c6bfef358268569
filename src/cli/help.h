/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"
#include "cli/output.h"

#include <glib.h>
#include <stdbool.h>

/* `rootstock COMMAND ARGUMENT [OPTIONS]`. The caller owns it. */
char *help_usage(const CliCommand *command);

/* `-o, --output FILE`. The caller owns it. */
char *help_option(const CliOption *option);

/* TEXT without the marks of cli/commands.h. The caller owns it. */
char *help_plain(const char *text);

/* Explains COMMAND, or with NULL the program. As JSON when OUTPUT says so. */
bool help_print(const Output *output, const CliCommand *command, GError **error);
