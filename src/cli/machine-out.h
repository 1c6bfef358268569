/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/context.h"

#include <glib.h>
#include <stdbool.h>

/* Prints the machine of the store with the reason for each value, as text or JSON: `show`, and
 * `new` when it has written one. */
bool machine_print(Context *context, const Machine *machine, GError **error);
