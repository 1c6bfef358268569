/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/content.h"

/*
 * The folders of a FAT file system: which there are, where they and the files lie, and their bytes.
 * The folders come first, then the files in the order of the content, each in one piece, with no
 * cluster left out between them.
 */
enum { FAT_FIRST_CLUSTER = 2 };

typedef struct FatFolder FatFolder;

typedef struct {
    guint32 first; /* cluster */
    guint32 count; /* of clusters, at least 1 */
} FatRun;

typedef struct {
    FatFolder *top;
    GPtrArray *folders; /* of FatFolder *, in the order in which they lie; the top first */
    guint32 *starts;    /* for each file of the content its first cluster; 0 for an empty one */
    GArray *runs;       /* of FatRun: of the folders and then of the files */
} FatTree;

/* CLUSTER_SIZE is in bytes. CONTENT must outlive the tree. */
FatTree *fat_tree_new(const Content *content, guint cluster_size);
void fat_tree_free(FatTree *tree);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FatTree, fat_tree_free)

/* The entries of a folder, without what fills its last cluster. LABEL becomes one of the top's.
 * EPOCH is the time of all of them, in seconds since 1970. The caller owns it. */
GByteArray *fat_folder_bytes(const FatTree *tree, const FatFolder *folder, const Content *content,
                             const char *label, guint64 epoch);

/* Where a folder lies. */
guint32 fat_folder_start(const FatFolder *folder);
