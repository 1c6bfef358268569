/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"

/* How a command and its options are written. */

/* `rootstock COMMAND ARGUMENT [OPTIONS]`. The caller owns it. */
char *help_usage(const CliCommand *command);

/* The same for one action of a command. */
char *help_action_usage(const CliCommand *command, const CliAction *action);

/* `FILE KEY VALUE [KEY VALUE]...`, with a space before it. The caller owns it. */
char *help_action_arguments(const CliAction *action);

/* `-o, --output FILE`. The caller owns it. */
char *help_option(const CliOption *option);

/* TEXT without the marks of cli/commands.h. The caller owns it. */
char *help_plain(const char *text);
