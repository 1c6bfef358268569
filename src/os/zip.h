/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Zip archives that somebody else made. Nothing in them is trusted: an archive with a path that
 * leads out of the folder, a link, a device, two files of one name (also when they differ in case
 * alone: FAT knows no difference), more or larger files than the limits, a password, or an end that
 * is missing is refused as a whole, before anything of it is where it was wanted.
 */
typedef struct {
    guint files_max;    /* 0: 20,000 */
    guint64 file_max;   /* bytes of one file, unpacked; 0: 256 MiB */
    guint64 total_max;  /* bytes of all, unpacked; 0: 1 GiB */
    const char *within; /* only what is below this folder of the archive, without it: "X64/EFI";
                         * NULL: all */
} OsZipOptions;

/* Unpacks the zip archive at PATH into FOLDER, which is made and must not exist: complete and
 * synced, or not there at all. Files get mode 0644 (0755 where the archive says that they can be
 * run), folders 0755. ERROR_INPUT when the archive is refused or has nothing below WITHIN,
 * ERROR_FAILED when writing fails or is cancelled. OPTIONS may be NULL. */
bool os_unpack_zip(const char *path, const char *folder, const OsZipOptions *options,
                   GError **error);

/* The names of the archive's files, in its order, held against the same rules; for looking into one
 * without unpacking it. The caller frees them (g_strfreev()). */
GStrv os_list_zip(const char *path, const OsZipOptions *options, GError **error);
