/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* The assignments of an os-release file (os-release(5)): name -> value, with the shell's quotes and
 * backslashes resolved. A line that is no assignment is left out. */
GHashTable *os_release_parse(const char *text);
