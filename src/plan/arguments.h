/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Kernel command lines, as text: words with white space between, in which a word may have a quoted
 * part ("dyndbg=\"module vfio +p\""). What is not asked for stays as it is, to the letter.
 *
 * An argument is "KEY" or "KEY=VALUE". In keys `-` and `_` are the same, as for the kernel
 * (kernel/params.c, parameq). Where the value is a list of words that count each for itself
 * (intel_iommu=on,igfx_off), an argument is one of them: it is there beside others, is put beside
 * them and taken out from between them; "off" goes where another is wanted.
 */

/* Whether TEXT is an argument that may be written into a boot loader's configuration: a boot
 * loader's file may be a shell script, so nothing that a shell, GRUB or a quoted text would
 * understand is allowed. ERROR_INPUT. */
bool argument_check(const char *text, GError **error);

/* The key of ARGUMENT. The caller owns it. */
char *argument_key(const char *argument);

/* The arguments of LINE, in order. The caller owns them. */
GStrv arguments_of(const char *line);

/* The arguments of LINE that have ARGUMENT's key, with a space between; NULL when there are none.
 */
char *arguments_with_key(const char *line, const char *argument);

/* What the kernel takes of several arguments of one key is the last. Whether that is ARGUMENT. */
bool arguments_have(const char *line, const char *argument);

/* LINE with ARGUMENT in it: in the place of the first argument with its key, the others with that
 * key taken out; or at the end. LINE itself when it has ARGUMENT and no other with its key. */
char *arguments_set(const char *line, const char *argument);

/* The same where the key is there; LINE unchanged where it is not. */
char *arguments_replace(const char *line, const char *argument);

/* LINE without ARGUMENT: with a value that one alone, without one all of its key. */
char *arguments_drop(const char *line, const char *argument);
