/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

/*
 * Versions of installed programs, found without running them: `scan` is to be about as fast as
 * `lspci`, and a recorded host has nothing to run.
 */

/* "7.2.22" of a QEMU program: the words "QEMU emulator version 7.2.22 (...)" that it would print
 * are in its read-only data (ELF section .rodata). NULL when they are not found. */
char *qemu_version_inside(const OsRoot *root, const char *path);

/* The version of the package NAME as dpkg's and pacman's databases have it, without what the
 * distribution adds: "1:7.2+dfsg-7+deb12u7" is "7.2". NULL when it is not installed there. */
char *package_version(const OsRoot *root, const char *name);
