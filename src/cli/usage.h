/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"

/* How a command and its options are written. */

/* `rootstock COMMAND ARGUMENT [OPTIONS]`. The caller owns it. */
char *help_usage(const CliCommand *command);

/* `-o, --output FILE`. The caller owns it. */
char *help_option(const CliOption *option);

/* TEXT without the marks of cli/commands.h. The caller owns it. */
char *help_plain(const char *text);
