/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/context.h"
#include "plan/plan.h"

#include <glib.h>
#include <stdbool.h>

/* What is left to do after PLAN was applied as number ID: a confirmation, a restart, a new
 * login, the firmware's
 * set-up. The context has the path as it was before. For people, and as the document of `apply
 * --json`, where ID 0 is an apply of nothing. */
void left_print(const Context *context, guint id, const Plan *plan);
bool left_write(const Context *context, guint id, const Plan *plan, GError **error);
