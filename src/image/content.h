/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/image.h"

/*
 * What goes into an EFI system partition, checked, in the order in which it is written.
 */
typedef struct {
    const char *target; /* the caller's */
    const char *source; /* absolute path, or NULL for BYTES */
    const void *bytes;
    guint64 length;
    char *folded; /* the target as FAT compares names: upper-case */
    char *owned;  /* SOURCE's memory */
} ContentFile;

typedef struct {
    GArray *files; /* of ContentFile, sorted: the order of the caller's list does not matter */
    GHashTable *folders; /* folded path (the top is "") to the number of 32-byte entries in it */
} Content;

/* Checks COUNT files: names, that none is there twice or is a folder, too, that every source is a
 * file and its size one that FAT holds. ERROR_INPUT. */
Content *content_new(const ImageFile *files, guint count, GError **error);

/* The clusters of CLUSTER_SIZE bytes that files and folders take. */
guint64 content_clusters(const Content *content, guint cluster_size);

void content_free(Content *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Content, content_free)
