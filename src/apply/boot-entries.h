/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/resolver.h"

#include <glib.h>
#include <stdbool.h>

/* Boot Loader Specification, Type 1: loader/entries/NAME.conf with lines "KEY VALUE"; the values of
 * several `options` lines are put together
 * (https://uapi-group.org/specifications/specs/boot_loader_specification/). */

/* The entries below FOLDER that start a kernel, by name. Those for rescue are left out: they are to
 * start as they always did. */
GStrv entries_below(const Resolver *resolver, const char *folder, GError **error);

/* Adds the options of each entry to LINES. */
bool entries_lines(const Resolver *resolver, char *const *entries, GPtrArray *lines,
                   GError **error);

/* TextEdit for one entry. */
char *entry_edit(const char *text, const ArgumentEdit *edit, GError **error);

/* TextEdit for a file that is a command line as a whole, as /etc/kernel/cmdline
 * (kernel-install(8)); lines that begin with `#` are comments. */
char *command_line_edit(const char *text, const ArgumentEdit *edit, GError **error);
