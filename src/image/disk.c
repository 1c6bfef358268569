/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/image.h"

#include "base/error.h"
#include "os/command.h"
#include "os/replace.h"

#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512

/* Far slower than any disk is. */
#define COPY_TIMEOUT_LEAST_MS (60 * 1000)
#define COPY_BYTES_PER_SECOND (4 * 1024 * 1024)

bool image_create_disk(const char *path, guint64 size, GError **error)
{
    if (size == 0 || size % SECTOR != 0 || size > G_MAXINT64)
        return fail(error, ERROR_INPUT,
                    "A disk of %" G_GUINT64_FORMAT
                    " bytes cannot be made: the size must be a whole "
                    "number of sectors of 512 bytes, and not 0.",
                    size);
    if (g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return fail(error, ERROR_FAILED, "'%s' is there already and was not overwritten.", path);
    g_autoptr(OsReplace) disk = os_replace_begin(path, 0600, error);
    if (disk == NULL)
        return false;
    g_autofree char *bytes = g_strdup_printf("%" G_GUINT64_FORMAT, size);
    const char *argv[] = {"qemu-img", "create", "-q", "-f", "qcow2", os_replace_path(disk),
                          bytes,      NULL};
    OsRunOptions options = {.package = "qemu-utils"};
    g_autoptr(OsOutput) output = os_run(argv, &options, error);
    return output != NULL && os_replace_commit_new(disk, error);
}

/* Whether the new file shares the blocks of the old one now. */
static bool share_blocks(const OsReplace *disk, int from)
{
    return ioctl(os_replace_fd(disk), FICLONE, from) == 0;
}

/* qemu-img takes QEMU's own locks, so that nothing writes to FROM meanwhile. */
static bool convert(const OsReplace *disk, const char *from, guint64 bytes, GError **error)
{
    const char *argv[] = {
        "qemu-img", "convert", "-q", "-f", "qcow2", "-O", "qcow2", from, os_replace_path(disk),
        NULL};
    guint64 milliseconds = COPY_TIMEOUT_LEAST_MS + bytes / COPY_BYTES_PER_SECOND * 1000;
    OsRunOptions options = {.package = "qemu-utils",
                            .timeout_ms = (guint)MIN(milliseconds, G_MAXINT)};
    g_autoptr(OsOutput) output = os_run(argv, &options, error);
    return output != NULL;
}

bool image_copy_disk(const char *from, const char *to, const char *what, GError **error)
{
    int fd = -1;
    struct stat status;
    if (!image_lock(from, what, &fd, error))
        return false;
    if (fd < 0 || fstat(fd, &status) != 0)
        return fail(error, ERROR_INPUT, "%s: there is no disk '%s'.", what, from);
    g_autoptr(OsReplace) disk = os_replace_begin(to, 0600, error);
    bool shared = disk != NULL && share_blocks(disk, fd);
    close(fd);
    return disk != NULL &&
           (shared || convert(disk, from, (guint64)status.st_blocks * SECTOR, error)) &&
           os_replace_commit_new(disk, error);
}

bool image_create_overlay(const char *path, const char *backing, GError **error)
{
    const char *argv[] = {"qemu-img", "create", "-q",    "-f", "qcow2", "-b",
                          backing,    "-F",     "qcow2", path, NULL};
    OsRunOptions options = {.package = "qemu-utils"};
    g_autoptr(OsOutput) output = os_run(argv, &options, error);
    return output != NULL;
}
