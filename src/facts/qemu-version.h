/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

/*
 * The version of an installed QEMU, found without running it: `scan` is to be about as fast as
 * `lspci`, and a recorded host has nothing to run.
 */

/* "7.2.22" of a QEMU program: the words "QEMU emulator version 7.2.22 (...)" that it would print
 * are in its read-only data (ELF section .rodata). NULL when they are not found. */
char *qemu_version_inside(const OsRoot *root, const char *path);
