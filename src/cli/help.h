/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/commands.h"
#include "cli/output.h"

#include <glib.h>
#include <stdbool.h>

/* Explains COMMAND, or with NULL the program. As JSON when OUTPUT says so. */
bool help_print(const Output *output, const CliCommand *command, GError **error);
