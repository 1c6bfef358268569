/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Disk images, made without root, mounts or loop devices.
 */

/* One file of an EFI system partition. Folders above it are made. */
typedef struct {
    const char *target; /* "EFI/BOOT/BOOTX64.EFI" */
    const char *source; /* path of the file whose content it gets; NULL: see bytes */
    const void *bytes;  /* content in memory */
    gsize length;
} ImageFile;

typedef struct {
    guint64 size;      /* of the whole image in bytes; 0: as small as its content lets it be */
    const char *label; /* of the file system, 11 characters at the most; NULL: "ROOTSTOCK" */
} ImageOptions;

/* Writes PATH: a GPT disk with one EFI system partition (FAT32) that holds FILES. Sparse; the same
 * files, targets and options give the same bytes (identifiers are made from a digest of the
 * content, times from SOURCE_DATE_EPOCH or 1980-01-01). PATH is replaced when all is written.
 * ERROR_INPUT for a target that FAT cannot hold or that is there twice, ERROR_FAILED for a full
 * disk, ERROR_MISSING without mkfs.fat and mtools. */
bool image_write_esp(const char *path, const ImageFile *files, guint count,
                     const ImageOptions *options, GError **error);

/* Makes a new, empty qcow2 disk of SIZE bytes. An existing PATH is never overwritten
 * (ERROR_FAILED). */
bool image_create_disk(const char *path, guint64 size, GError **error);
