/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/fat.h"

#include "base/error.h"
#include "image/fat-folder.h"
#include "image/put.h"
#include "os/cancel.h"
#include "os/write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE (256 * 1024)

/* FAT specification, "Boot Sector and BPB" and "FAT32 FSInfo Sector Structure and Backup Boot
 * Sector". */
#define INFORMATION_SECTOR 1
#define BACKUP_SECTOR 6
#define MEDIA_FIXED 0xf8
#define FAT_COPIES 2
#define TABLE_FIRST 0x0ffffff8 /* the medium's byte in its lowest */
#define TABLE_END 0x0fffffff   /* end of a file; the second entry: nothing was left undone */
#define TABLE_PIECE 16384

static guint64 cluster_place(const Layout *layout, guint32 cluster)
{
    guint64 sector = layout->first_sector + layout->reserved_sectors +
                     FAT_COPIES * layout->table_sectors +
                     (guint64)(cluster - FAT_FIRST_CLUSTER) * layout->cluster_sectors;
    return sector * SECTOR_SIZE;
}

/* --- the allocation table */

typedef struct {
    const OsReplace *image;
    guint64 place;
    guint32 *entries;
    guint count;
} Table;

static bool flush(Table *table, GError **error)
{
    gsize bytes = table->count * sizeof *table->entries;
    if (!put_bytes(table->image, table->entries, bytes, table->place, error))
        return false;
    table->place += bytes;
    table->count = 0;
    return true;
}

static bool add_link(Table *table, guint32 next, GError **error)
{
    table->entries[table->count++] = GUINT32_TO_LE(next);
    return table->count < TABLE_PIECE || flush(table, error);
}

static bool add_run(Table *table, const FatRun *run, GError **error)
{
    for (guint32 i = 1; i < run->count; i++)
        if (!add_link(table, run->first + i, error))
            return false;
    return add_link(table, TABLE_END, error);
}

/* Nothing lies between two runs, so that the table follows from them. */
static bool write_table(const OsReplace *image, const FatTree *tree, guint64 place, GError **error)
{
    g_autofree guint32 *entries = g_new(guint32, TABLE_PIECE);
    Table table = {image, place, entries, 0};
    if (!add_link(&table, TABLE_FIRST, error) || !add_link(&table, TABLE_END, error))
        return false;
    for (guint i = 0; i < tree->runs->len; i++)
        if (!add_run(&table, &g_array_index(tree->runs, FatRun, i), error))
            return false;
    return flush(&table, error);
}

/* --- folders and files */

static bool write_folders(const OsReplace *image, const FatTree *tree, const Content *content,
                          const Layout *layout, const char *label, guint64 epoch, GError **error)
{
    for (guint i = 0; i < tree->folders->len; i++) {
        const FatFolder *folder = g_ptr_array_index(tree->folders, i);
        g_autoptr(GByteArray) bytes = fat_folder_bytes(tree, folder, content, label, epoch);
        guint64 place = cluster_place(layout, fat_folder_start(folder));
        if (!put_bytes(image, bytes->data, bytes->len, place, error))
            return false;
    }
    return true;
}

/* Copies what FD has to PLACE: all of the file's length, and no byte more. */
static bool copy_source(const OsReplace *image, const ContentFile *file, int fd, guint64 place,
                        char *piece, GError **error)
{
    guint64 done = 0;
    for (;;) {
        ssize_t count = read(fd, piece, PIECE);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(error, ERROR_INPUT, "'%s' cannot be read: %s.", file->source,
                        g_strerror(errno));
        if (done + (gsize)count > file->length || (count == 0 && done < file->length))
            return fail(error, ERROR_FAILED, "'%s' changed while it was read. Try again.",
                        file->source);
        if (count == 0)
            return true;
        if (!put_bytes(image, piece, (gsize)count, place + done, error) ||
            !os_check_cancel(file->target, error))
            return false;
        done += (gsize)count;
    }
}

static bool write_file(const OsReplace *image, const ContentFile *file, guint64 place, char *piece,
                       GError **error)
{
    if (file->source == NULL)
        return put_bytes(image, file->bytes, file->length, place, error);
    int fd = open(file->source, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail(error, ERROR_INPUT, "'%s' cannot be read: %s.", file->source,
                    g_strerror(errno));
    bool done = copy_source(image, file, fd, place, piece, error);
    close(fd);
    return done;
}

static bool write_files(const OsReplace *image, const FatTree *tree, const Content *content,
                        const Layout *layout, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    for (guint i = 0; i < content->files->len; i++) {
        const ContentFile *file = &g_array_index(content->files, ContentFile, i);
        if (file->length > 0 &&
            !write_file(image, file, cluster_place(layout, tree->starts[i]), piece, error))
            return false;
    }
    return true;
}

bool fat_write(const OsReplace *image, const Content *content, const Layout *layout,
               const char *label, guint64 epoch, GError **error)
{
    g_autoptr(FatTree) tree = fat_tree_new(content, layout->cluster_sectors * SECTOR_SIZE);
    for (guint copy = 0; copy < FAT_COPIES; copy++) {
        guint64 sector =
            layout->first_sector + layout->reserved_sectors + copy * layout->table_sectors;
        if (!write_table(image, tree, sector * SECTOR_SIZE, error))
            return false;
    }
    return write_folders(image, tree, content, layout, label, epoch, error) &&
           write_files(image, tree, content, layout, error);
}

/* --- the first sectors */

static void fill_boot(guint8 sector[SECTOR_SIZE], const Layout *layout, const char *label,
                      guint32 serial)
{
    /* a jump over the fields, and the maker's name that the specification advises */
    static const char START[] = "\xeb\x58\x90MSWIN4.1";
    memcpy(sector, START, sizeof START - 1);
    put_number(sector + 11, SECTOR_SIZE, 2);
    put_number(sector + 13, layout->cluster_sectors, 1);
    put_number(sector + 14, layout->reserved_sectors, 2);
    put_number(sector + 16, FAT_COPIES, 1);
    put_number(sector + 21, MEDIA_FIXED, 1);
    put_number(sector + 24, 63, 2); /* sectors and heads of a disk that has none */
    put_number(sector + 26, 255, 2);
    put_number(sector + 28, layout->first_sector, 4);
    put_number(sector + 32, layout->sectors, 4);
    put_number(sector + 36, layout->table_sectors, 4);
    put_number(sector + 44, FAT_FIRST_CLUSTER, 4); /* where the top folder is */
    put_number(sector + 48, INFORMATION_SECTOR, 2);
    put_number(sector + 50, BACKUP_SECTOR, 2);
    put_number(sector + 64, 0x80, 1); /* the BIOS's number of the disk */
    put_number(sector + 66, 0x29, 1); /* the three fields that follow are there */
    put_number(sector + 67, serial, 4);
    memset(sector + 71, ' ', 11);
    memcpy(sector + 71, label, MIN(strlen(label), 11));
    memcpy(sector + 82, "FAT32   ", 8);
    put_number(sector + 510, 0xaa55, 2);
}

static void fill_information(guint8 sector[SECTOR_SIZE], const Layout *layout)
{
    put_number(sector, 0x41615252, 4);
    put_number(sector + 484, 0x61417272, 4);
    put_number(sector + 488, layout->clusters - layout->clusters_used, 4); /* that are free */
    put_number(sector + 492, FAT_FIRST_CLUSTER + layout->clusters_used, 4);
    put_number(sector + 508, 0xaa550000, 4);
}

bool fat_write_head(const OsReplace *image, const Layout *layout, const char *label, guint32 serial,
                    GError **error)
{
    static const guint64 PLACES[] = {0, BACKUP_SECTOR};
    guint8 sectors[2 * SECTOR_SIZE] = {0};
    fill_boot(sectors, layout, label, serial);
    fill_information(sectors + SECTOR_SIZE, layout);
    for (guint i = 0; i < G_N_ELEMENTS(PLACES); i++)
        if (!put_bytes(image, sectors, sizeof sectors,
                       (layout->first_sector + PLACES[i]) * SECTOR_SIZE, error))
            return false;
    return true;
}
