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
    /* A digest of all the content that the caller has anyway: identifiers are made from it, and the
     * files are read once. NULL: they are read for it. */
    const char *digest;
} ImageOptions;

/* Writes PATH: a GPT disk with one EFI system partition (FAT32) that holds FILES. Sparse; the same
 * files, targets and options give the same bytes (identifiers are made from a digest of the
 * content, times from SOURCE_DATE_EPOCH or 1980-01-01). PATH is replaced when all is written.
 * ERROR_INPUT for a target that FAT cannot hold or that is there twice, ERROR_FAILED for a full
 * disk. */
bool image_write_esp(const char *path, const ImageFile *files, guint count,
                     const ImageOptions *options, GError **error);

/* Makes a new, empty qcow2 disk of SIZE bytes. An existing PATH is never overwritten
 * (ERROR_FAILED). */
bool image_create_disk(const char *path, guint64 size, GError **error);

/* Copies the qcow2 disk FROM to TO, which must be new (ERROR_FAILED): in no time where the file
 * system can share the blocks, else only what is in use. ERROR_FAILED, beginning with WHAT, while a
 * QEMU has FROM open. */
bool image_copy_disk(const char *from, const char *to, const char *what, GError **error);

/* Makes a new qcow2 disk over the one at BACKING, which stays as it is: only what differs from it
 * is in PATH. */
bool image_create_overlay(const char *path, const char *backing, GError **error);

/* Keeps every QEMU from opening the image at PATH until RET_FD is closed. RET_FD is -1 when there
 * is no image. ERROR_FAILED, beginning with WHAT ("Machine 'demo' was not removed"), when a QEMU
 * has it open. */
bool image_lock(const char *path, const char *what, int *ret_fd, GError **error);

/*
 * Looking into an image with an EFI system partition (a GPT disk, or a FAT file system alone) and
 * changing it, by mtools. PATH is "EFI/OC/config.plist", with or without a slash before it; ""
 * names the top. ERROR_INPUT for an image that is none and a path that FAT cannot have,
 * ERROR_REFUSED when there is nothing at PATH.
 */

/* The paths of what is in the folder PATH, or with DEEP below it; folders end with a slash. */
GStrv image_efi_list(const char *image, const char *path, bool deep, GError **error);

/* The file at PATH, ended by NUL. The caller owns it. */
char *image_efi_read(const char *image, const char *path, gsize *ret_length, GError **error);

/* Writes the file PATH, and the folders above it; removes the file or folder PATH. The image is
 * replaced when that is done: it is as it was or as it was to be. ERROR_FAILED while a guest has it
 * open. */
bool image_efi_write(const char *image, const char *path, const void *bytes, gsize length,
                     GError **error);
bool image_efi_remove(const char *image, const char *path, GError **error);
