/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Which names a FAT file system holds. Source: Microsoft, "FAT: General Overview of On-Disk
 * Format", version 1.03 (2000), sections "Long Directory Entries" and "Short Directory Entries".
 *
 * Stricter than FAT in one point: only ASCII, so that neither firmware nor tools have to agree on
 * the upper case of other letters, which decides what is the same file.
 */

/* Whether TARGET ("EFI/BOOT/BOOTX64.EFI") can be a file's path. ERROR_INPUT says what is wrong. */
bool target_check(const char *target, GError **error);

/* Checks and gives the volume's label, upper-case; NULL stands for the usual one. */
char *target_label(const char *label, GError **error);
