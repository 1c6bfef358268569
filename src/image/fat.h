/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/layout.h"
#include "os/replace.h"

/*
 * The FAT32 file system of an image, written in one pass from its allocation tables to its last
 * file. The image is sparse and new: what is 0 is not written. Source: Microsoft, "FAT: General
 * Overview of On-Disk Format", version 1.03 (2000).
 */

/* Writes all but the first sectors. EPOCH (seconds since 1970) is the time of every file.
 * ERROR_INPUT for a source that cannot be read, ERROR_FAILED for one that changed and when the
 * image cannot be written or the program is cancelled. */
bool fat_write(const OsReplace *image, const Content *content, const Layout *layout,
               const char *label, guint64 epoch, GError **error);

/* Writes the first sectors, which say what the file system is, and their copies. SERIAL is its
 * serial number. */
bool fat_write_head(const OsReplace *image, const Layout *layout, const char *label, guint32 serial,
                    GError **error);
