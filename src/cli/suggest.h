/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The one of NAMES (const char *) that WORD is most likely a misspelling of, or NULL when none is
 * near: at most a third of its letters wrong, missing, added or swapped. */
const char *suggest_nearest(const char *word, const GPtrArray *names);
