/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/context.h"

#include <glib.h>
#include <stdbool.h>

/* `guide --html FILE`: writes the whole path as one page, and says where it is. */
bool handbook(Context *context, GError **error);
