/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

#include <glib.h>

/*
 * From the path to the changes of the host: what its steps want, as apply_resolve() takes it.
 */

/* The goals (plan/goal.h) of the steps of PATH whose ids are in STEPS, or of all when STEPS is
 * empty. ERROR_INPUT names a step that there is not, and the nearest. The goals belong to PATH; the
 * caller owns the list. */
GPtrArray *goals_of_path(const Path *path, char *const *steps, GError **error);
