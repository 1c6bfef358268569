/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "base/known.h"

#include <glib.h>
#include <stdbool.h>

/* What is held against the host before a change and after it; apply_check() is in apply.h. */

/* Whether the change took: its files, its target's state and its effects are as they were to be.
 * ERROR_FAILED, saying what is not. */
bool check_took(const ApplyHost *host, const Change *change, GError **error);

/* Whether the effect on a file is to be seen; unknown where no such file can be read. */
Tri check_shows(const OsRoot *root, const Effect *effect);
