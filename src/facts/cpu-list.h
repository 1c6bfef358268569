/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * The numbers of a list as the kernel writes it, "0-3,8" (Linux, Documentation/admin-guide/
 * kernel-parameters.rst, "cpu lists"): a GArray of int in the list's order. NULL when TEXT is NULL,
 * malformed, or names a number above CPU_LIST_MAX.
 */
#define CPU_LIST_MAX 65535
GArray *cpu_list_parse(const char *text);
