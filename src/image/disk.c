/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/image.h"

#include "base/error.h"
#include "os/command.h"
#include "os/replace.h"

#define SECTOR 512

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
