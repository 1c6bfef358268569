/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether ARGV starts a network of libvirt, or has it start with the daemon: KIND_NETWORK knows
 * what it is now and how it is taken back. Its states are "yes" and "no". */
bool network_is(char *const *argv);
char *network_after(char *const *argv);
