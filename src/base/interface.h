/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether NAME can be the name of a network interface: 1 to 15 (linux/if.h, IFNAMSIZ) letters,
 * digits, '.', '_' and '-', of which neither '.' nor '-' is the first. The kernel allows more, and
 * the files of network managers do not. ERROR_INPUT, with NAME made printable. */
bool interface_check_name(const char *name, GError **error);
