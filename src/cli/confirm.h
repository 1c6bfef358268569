/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/context.h"

#include <glib.h>
#include <stdbool.h>

/* Whether the person agrees: --yes was given, or QUESTION is answered with yes on a terminal.
 * ERROR_REFUSED, saying OTHERWISE, when the answer is another; ERROR_INPUT, naming --yes, when
 * there is nobody to ask. */
bool confirm(const Context *context, const char *question, const char *otherwise, GError **error);
