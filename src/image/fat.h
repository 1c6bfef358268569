/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/digest.h"
#include "os/replace.h"

/* Makes the FAT32 file system of the partition and writes CONTENT into it, with mkfs.fat and mcopy.
 * EPOCH (seconds since 1970) is the time of every file. */
bool fat_write(OsReplace *image, const Content *content, const Layout *layout,
               const Identifiers *identifiers, const char *label, guint64 epoch, GError **error);
