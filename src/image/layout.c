/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/layout.h"

#include "base/error.h"
#include "base/size.h"

#define FAT_COPIES 2
#define FAT_ENTRY_SIZE 4
#define FIRST_CLUSTER 2

/* The specification advises to stay 16 clusters away from the limit, because not every reader
 * counts right. */
#define CLUSTERS_MIN (65525 + 16)

/* The partition's first and last MiB around it. */
#define AROUND_SECTORS (2 * LAYOUT_ALIGN / SECTOR_SIZE)

#define IMAGE_MAX (G_GUINT64_CONSTANT(1) << 40)

/* DskTableFAT32: volumes up to so many sectors have clusters of so many sectors. */
static const struct {
    guint64 sectors_max;
    guint cluster_sectors;
} CLUSTER_TABLE[] = {
    {532480, 1}, {16777216, 8}, {33554432, 16}, {67108864, 32}, {G_MAXUINT32, 64},
};

static guint64 round_up(guint64 value, guint64 unit)
{
    return (value + unit - 1) / unit * unit;
}

/* The sectors of one FAT for CLUSTERS: a whole number of clusters, so that the data area is
 * aligned. */
static guint64 table_sectors(guint64 clusters, guint cluster_sectors)
{
    guint64 bytes = (clusters + FIRST_CLUSTER) * FAT_ENTRY_SIZE;
    return round_up(round_up(bytes, SECTOR_SIZE) / SECTOR_SIZE, cluster_sectors);
}

/* The sectors before the FATs, aligned in the same way. */
static guint64 reserved_sectors(guint cluster_sectors)
{
    return round_up(LAYOUT_RESERVED_SECTORS, cluster_sectors);
}

/* The sectors before the data area. */
static guint64 before_data(guint64 clusters, guint cluster_sectors)
{
    return reserved_sectors(cluster_sectors) +
           FAT_COPIES * table_sectors(clusters, cluster_sectors);
}

static guint64 clusters_needed(const Content *content, guint cluster_sectors)
{
    return MAX(content_clusters(content, cluster_sectors * SECTOR_SIZE), CLUSTERS_MIN);
}

/* The smallest partition that holds CONTENT with clusters of that size. */
static guint64 sectors_needed(const Content *content, guint cluster_sectors)
{
    guint64 clusters = clusters_needed(content, cluster_sectors);
    guint64 sectors = before_data(clusters, cluster_sectors) + clusters * cluster_sectors;
    return round_up(sectors, LAYOUT_ALIGN / SECTOR_SIZE);
}

/* The clusters that fit into a partition; the FATs are made for all of its sectors, which is a few
 * more than are left for data. */
static guint64 clusters_in(guint64 sectors, guint cluster_sectors)
{
    guint64 taken = before_data(sectors / cluster_sectors, cluster_sectors);
    return sectors > taken ? (sectors - taken) / cluster_sectors : 0;
}

/* Row of the table for the smallest image; its partition's sectors in RET_SECTORS. */
static bool choose_smallest(const Content *content, guint *ret_row, guint64 *ret_sectors)
{
    guint64 least = 0;
    for (guint row = 0; row < G_N_ELEMENTS(CLUSTER_TABLE); row++) {
        guint64 sectors = sectors_needed(content, CLUSTER_TABLE[row].cluster_sectors);
        sectors = MAX(sectors, least);
        if (sectors <= CLUSTER_TABLE[row].sectors_max) {
            *ret_row = row;
            *ret_sectors = sectors;
            return true;
        }
        least = round_up(CLUSTER_TABLE[row].sectors_max + 1, LAYOUT_ALIGN / SECTOR_SIZE);
    }
    return false;
}

static bool choose_for_size(const Content *content, guint64 size, guint *ret_row,
                            guint64 *ret_sectors)
{
    if (size < (guint64)AROUND_SECTORS * SECTOR_SIZE)
        return false;
    guint64 sectors = size / SECTOR_SIZE - AROUND_SECTORS;
    guint row = 0;
    while (row < G_N_ELEMENTS(CLUSTER_TABLE) && sectors > CLUSTER_TABLE[row].sectors_max)
        row++;
    if (row == G_N_ELEMENTS(CLUSTER_TABLE))
        return false;
    guint cluster_sectors = CLUSTER_TABLE[row].cluster_sectors;
    if (clusters_in(sectors, cluster_sectors) < clusters_needed(content, cluster_sectors))
        return false;
    *ret_row = row;
    *ret_sectors = sectors;
    return true;
}

static bool fail_size(const Content *content, guint64 size, GError **error)
{
    guint row = 0;
    guint64 sectors = 0;
    g_autofree char *asked = size_human(size);
    if (!choose_smallest(content, &row, &sectors))
        return fail(error, ERROR_INPUT, "The files are too large for one EFI system partition.");
    g_autofree char *least = size_exact((sectors + AROUND_SECTORS) * SECTOR_SIZE);
    return fail(
        error, ERROR_INPUT,
        "An image of %s cannot hold these files with FAT32. It must have %s or more, and at "
        "most 1T.",
        asked, least);
}

static void fill_layout(Layout *layout, const Content *content, guint64 sectors,
                        guint cluster_sectors)
{
    guint64 clusters_most = sectors / cluster_sectors;
    guint64 before = before_data(clusters_most, cluster_sectors);

    layout->first_sector = LAYOUT_ALIGN / SECTOR_SIZE;
    layout->sectors = sectors;
    layout->cluster_sectors = cluster_sectors;
    layout->reserved_sectors = (guint)reserved_sectors(cluster_sectors);
    layout->table_sectors = table_sectors(clusters_most, cluster_sectors);
    layout->clusters = clusters_in(sectors, cluster_sectors);
    layout->clusters_used = content_clusters(content, cluster_sectors * SECTOR_SIZE);
    layout->image_bytes = (sectors + AROUND_SECTORS) * SECTOR_SIZE;
    guint64 used = before + layout->clusters_used * cluster_sectors;
    layout->used_bytes = (layout->first_sector + used) * SECTOR_SIZE;
}

bool layout_make(Layout *layout, const Content *content, guint64 size, GError **error)
{
    guint row = 0;
    guint64 sectors = 0;
    if (size % LAYOUT_ALIGN != 0)
        return fail(error, ERROR_INPUT,
                    "An image of %" G_GUINT64_FORMAT " bytes cannot be made: the size must be a "
                    "whole number of MiB.",
                    size);
    bool fits = size > IMAGE_MAX ? false
                : size == 0      ? choose_smallest(content, &row, &sectors)
                                 : choose_for_size(content, size, &row, &sectors);
    if (!fits)
        return fail_size(content, size, error);
    fill_layout(layout, content, sectors, CLUSTER_TABLE[row].cluster_sectors);
    return true;
}
