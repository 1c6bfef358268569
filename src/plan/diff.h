/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The difference of two texts as a unified diff with three lines around each change, as `patch`
 * takes it. NULL is a file that is not there (/dev/null). Empty when the texts are the same.
 * Control characters other than tabs are shown as `?`. The caller owns it.
 */
char *diff_text(const char *path, const char *before, const char *after);
