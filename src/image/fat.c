/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/fat.h"

#include "base/error.h"
#include "os/command.h"
#include "os/files.h"
#include "os/write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Far more than the slowest disk needs. */
#define MKFS_TIMEOUT_MS (60 * 1000)
#define BYTES_PER_SECOND (4 * 1024 * 1024)
#define COPY_TIMEOUT_LEAST_MS (60 * 1000)

/* FAT specification, "Boot Sector and BPB": where the copy of the first sector is, as mkfs.fat puts
 * it, and BS_VolID in both. */
#define BACKUP_SECTOR 6
#define SERIAL_OFFSET 67

/* Files that one mcopy gets; its argument list stays far below the kernel's limit. */
#define FILES_PER_COPY 4000

/* The image's name for mcopy, which runs in the stage folder. mtools takes the offset of a
 * partition as part of the name ("image@@1048576") and would find an "@@" of the path's own first.
 */
#define IMAGE_LINK "image"

/* Runs a program that writes into the image. Where the file system could not set the space apart
 * before, it may meet a full disk, which it says in its own words (strerror(3) in the C locale). */
static bool run_on(const OsReplace *image, const char *const *argv, const OsRunOptions *options,
                   GError **error)
{
    static const int FULL[] = {ENOSPC, EDQUOT};
    g_autoptr(GError) why = NULL;
    g_autoptr(OsOutput) output = os_run(argv, options, &why);
    if (output != NULL)
        return true;
    for (guint i = 0; i < G_N_ELEMENTS(FULL); i++)
        if (strstr(why->message, strerrordesc_np(FULL[i])) != NULL)
            return os_fail_write(os_replace_target(image), FULL[i], error);
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool make_file_system(const OsReplace *image, const Layout *layout, const char *label,
                             GError **error)
{
    const char *path = os_replace_path(image);
    g_autofree char *cluster = g_strdup_printf("%u", layout->cluster_sectors);
    g_autofree char *first = g_strdup_printf("%" G_GUINT64_FORMAT, layout->first_sector);
    g_autofree char *blocks = g_strdup_printf("%" G_GUINT64_FORMAT, layout->sectors / 2);
    g_autofree char *reserved = g_strdup_printf("%d", LAYOUT_RESERVED_SECTORS);
    const char *argv[] = {
        "mkfs.fat", "-F",  "32",    "--invariant", "-i",       "00000000", "-n", label,  "-S",
        "512",      "-s",  cluster, "-R",          reserved,   "-b",       "6",  "-f",   "2",
        "-h",       first, "-g",    "255/63",      "--offset", first,      path, blocks, NULL};
    const char *const environment[] = {"TZ=UTC", NULL};
    OsRunOptions options = {
        .package = "dosfstools", .timeout_ms = MKFS_TIMEOUT_MS, .env = environment};
    return run_on(image, argv, &options, error);
}

static bool stage_bytes(const char *path, const ContentFile *file, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return os_fail_write(path, errno, error);
    bool written = os_write(fd, file->bytes, file->length, path, error);
    close(fd);
    return written;
}

/*
 * mcopy copies a folder in the order in which readdir(3) gives its files, and that is another one
 * on another host. One mcopy for each folder would keep the order, but takes a process and a
 * reading of the FAT each time. So each file gets a path of folders of its own below STAGE
 * ("0007/EFI/OC/x"), with nothing else in them, and one mcopy lays them over each other in the
 * order of its arguments.
 */
static char *stage_file(const char *stage, guint index, const ContentFile *file, GError **error)
{
    g_autofree char *path = g_strdup_printf("%s/%04u/%s", stage, index, file->target);
    g_autofree char *folder = g_path_get_dirname(path);
    if (!os_make_folders(folder, 0700, error))
        return NULL;
    if (file->source != NULL && symlink(file->source, path) != 0) {
        os_fail_write(path, errno, error);
        return NULL;
    }
    if (file->source == NULL && !stage_bytes(path, file, error))
        return NULL;
    gsize top = strcspn(file->target, "/");
    return g_strdup_printf("%04u/%.*s", index, (int)top, file->target);
}

static bool copy_staged(const OsReplace *image, const char *stage, const Layout *layout,
                        GPtrArray *sources, guint64 bytes, guint64 epoch, GError **error)
{
    g_autofree char *partition =
        g_strdup_printf(IMAGE_LINK "@@%" G_GUINT64_FORMAT, layout->first_sector * SECTOR_SIZE);
    g_autofree char *time = g_strdup_printf("SOURCE_DATE_EPOCH=%" G_GUINT64_FORMAT, epoch);
    /* What a user may have set for mtools must not change the image. */
    const char *const environment[] = {time,
                                       "TZ=UTC",
                                       "MTOOLSRC=/dev/null",
                                       "MTOOLS_NO_VFAT=0",
                                       "MTOOLS_LOWER_CASE=0",
                                       "MTOOLS_NAME_NUMERIC_TAIL=1",
                                       "MTOOLS_FAT_COMPATIBILITY=0",
                                       "MTOOLS_SKIP_CHECK=0",
                                       NULL};
    OsRunOptions options = {.package = "mtools", .env = environment, .folder = stage};
    guint64 milliseconds = COPY_TIMEOUT_LEAST_MS + bytes / BYTES_PER_SECOND * 1000;
    options.timeout_ms = (guint)MIN(milliseconds, G_MAXINT);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    const char *const first[] = {"mcopy", "-Q", "-s", "-i", partition};
    for (guint i = 0; i < G_N_ELEMENTS(first); i++)
        g_ptr_array_add(argv, (gpointer)first[i]);
    g_ptr_array_extend(argv, sources, NULL, NULL);
    g_ptr_array_add(argv, (gpointer) "::/");
    g_ptr_array_add(argv, NULL);
    return run_on(image, (const char *const *)argv->pdata, &options, error);
}

static bool copy_files(OsReplace *image, const char *stage, const Content *content,
                       const Layout *layout, guint64 epoch, GError **error)
{
    g_autofree char *link = g_build_filename(stage, IMAGE_LINK, NULL);
    g_autofree char *target = g_canonicalize_filename(os_replace_path(image), NULL);
    if (symlink(target, link) != 0)
        return os_fail_write(link, errno, error);
    g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func(g_free);
    guint64 bytes = 0;
    for (guint i = 0; i < content->files->len; i++) {
        const ContentFile *file = &g_array_index(content->files, ContentFile, i);
        char *source = stage_file(stage, i, file, error);
        if (source == NULL)
            return false;
        g_ptr_array_add(sources, source);
        bytes += file->length;
        bool last = i + 1 == content->files->len;
        if (!last && sources->len < FILES_PER_COPY)
            continue;
        if (!copy_staged(image, stage, layout, sources, bytes, epoch, error))
            return false;
        g_ptr_array_set_size(sources, 0);
        bytes = 0;
    }
    return true;
}

bool fat_write(OsReplace *image, const Content *content, const Layout *layout, const char *label,
               guint64 epoch, GError **error)
{
    const char *stage = os_replace_folder(image, error);
    return stage != NULL && make_file_system(image, layout, label, error) &&
           copy_files(image, stage, content, layout, epoch, error);
}

bool fat_set_serial(OsReplace *image, const Layout *layout, guint32 serial, GError **error)
{
    static const guint64 SECTORS[] = {0, BACKUP_SECTOR};
    guint32 bytes = GUINT32_TO_LE(serial);
    for (guint i = 0; i < G_N_ELEMENTS(SECTORS); i++) {
        guint64 at = (layout->first_sector + SECTORS[i]) * SECTOR_SIZE + SERIAL_OFFSET;
        if (pwrite(os_replace_fd(image), &bytes, sizeof(bytes), (off_t)at) != sizeof(bytes))
            return os_fail_write(os_replace_target(image), errno, error);
    }
    return true;
}
