/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/layout.h"
#include "os/replace.h"

/* Makes the FAT32 file system of the partition and writes CONTENT into it, with mkfs.fat and mcopy.
 * EPOCH (seconds since 1970) is the time of every file. The serial number is 0. */
bool fat_write(OsReplace *image, const Content *content, const Layout *layout, const char *label,
               guint64 epoch, GError **error);

/* Sets the serial number of the file system, in both copies of its first sector. */
bool fat_set_serial(OsReplace *image, const Layout *layout, guint32 serial, GError **error);
