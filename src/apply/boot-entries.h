/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/record.h"
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

/* Whether kernel-install(8) made the entry (its 90-loaderentry writes `machine-id`), and makes it
 * anew with each kernel and initramfs; and the options of an entry. */
bool entry_is_installed(const char *text);
char *entry_options(const char *text);

/* TextEdit for one entry. */
char *entry_edit(const char *text, const ArgumentEdit *edit, GError **error);

/* TextEdit for a file that is a command line as a whole, as /etc/kernel/cmdline
 * (kernel-install(8)); lines that begin with `#` are comments. */
char *command_line_edit(const char *text, const ArgumentEdit *edit, GError **error);

/* Finds the command line that LINE, a line of a configuration file, has in it; false: none. */
typedef bool (*FindValue)(const char *line, const char **ret_start, gsize *ret_length);

/* The command lines of TEXT, one each. */
GStrv values_of(const char *text, FindValue find);

/* TEXT with the argument put into, or taken out of, each of its command lines; with REPLACE only
 * where its key is there. */
char *values_edit(const char *text, FindValue find, const ArgumentEdit *edit, bool replace);

/* Adds to LINES the one command line that those in FILES make together. */
bool files_line(const Resolver *resolver, char *const *files, FindValue find, GPtrArray *lines,
                GError **error);

/* A line that is a command line as a whole, and no comment; for values_of(). */
bool whole_line(const char *line, const char **ret_start, gsize *ret_length);

/* The file of that kind that every tool reads first. */
#define KERNEL_COMMAND_LINE "/etc/kernel/cmdline"

/* Adds the command line of KERNEL_COMMAND_LINE to LINES. */
bool command_line_lines(const Resolver *resolver, GPtrArray *lines, GError **error);

/* The command that copies kernels and their command line to Proxmox's ESPs, which are not mounted,
 * so that it is the only way back too. */
Change *proxmox_refresh(const Goal *goal);

/* Whether PATH is an entry: kernels come and go, and their entries with them. */
bool is_boot_entry(const char *path);

/* Takes CHANGE, an argument, out of the entries that were made since from what it left, beside
 * those of RECORD: they are in the folders of its edits. */
bool entries_revert_new(const OsRoot *root, const Change *change, const Record *record,
                        GError **error);
