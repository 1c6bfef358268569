/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/resolver.h"

#include <glib.h>
#include <stdbool.h>

/*
 * GRUB's defaults (/etc/default/grub, a shell script of assignments), from which grub-mkconfig
 * writes grub.cfg: an ordinary entry gets GRUB_CMDLINE_LINUX and then GRUB_CMDLINE_LINUX_DEFAULT,
 * one for recovery the first alone (GRUB manual, "Simple configuration").
 */
#define GRUB_DEFAULTS "/etc/default/grub"

/* Takes the argument out, or puts it in the place of one with its key, in each file of FILES that
 * NULL ends. */
bool grub_edit_files(const Resolver *resolver, const ArgumentEdit *edit, const char *const *files,
                     Change *change, GError **error);

/* The command line that FILES, read one after the other, give an ordinary entry when CHANGE is made
 * too. NULL with an error when they are more than plain assignments. */
char *grub_effective(const Resolver *resolver, const char *const *files, const Change *change,
                     GError **error);

/* Puts the argument into the value of VARIABLE in the file PATH. COMMENT begins a file that is
 * new. */
bool grub_add(const Resolver *resolver, const ArgumentEdit *edit, const char *path,
              const char *variable, const char *comment, Change *change, GError **error);

/* The arguments of the `linux` lines of the menu in the file PATH, those for recovery left out. */
bool grub_menu_lines(const Resolver *resolver, const char *path, GPtrArray *lines, GError **error);

/* The command that makes the menu OUTPUT, with the argument to be seen in it. */
Change *grub_command(const ArgumentEdit *edit, const char *const *argv, const char *output);
