/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The argument vector ARGV, which NULL ends, as a person types it in a terminal: quoted for the
 * shell where that is needed. The caller owns it. */
char *argv_line(const char *const *argv);
