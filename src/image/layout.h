/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/content.h"

/*
 * Where everything lies in the image.
 *
 * FAT32 is what the number of clusters makes it: 65,525 and more. The size of a cluster for a size
 * of volume is that of the table DskTableFAT32. Source: Microsoft, "FAT: General Overview of
 * On-Disk Format", version 1.03 (2000), sections "FAT Type Determination" and "FAT Volume
 * Initialization". The partition begins at 1 MiB, as every partitioning program aligns it; the last
 * MiB holds the second GPT (33 sectors: UEFI specification 2.10, 5.3).
 */
#define SECTOR_SIZE 512
#define LAYOUT_ALIGN (1024 * 1024)
#define LAYOUT_RESERVED_SECTORS 32

typedef struct {
    guint64 image_bytes;
    guint64 first_sector; /* of the partition */
    guint64 sectors;      /* of the partition */
    guint cluster_sectors;
    guint reserved_sectors; /* before the allocation tables */
    guint64 table_sectors;  /* of each of the two allocation tables */
    guint64 clusters;       /* that the partition has */
    guint64 clusters_used;
    guint64 used_bytes; /* from the image's start to the end of the last cluster in use */
} Layout;

/* SIZE is ImageOptions.size. ERROR_INPUT when CONTENT does not fit, and says what would. */
bool layout_make(Layout *layout, const Content *content, guint64 size, GError **error);
