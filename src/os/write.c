/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/write.h"

#include "base/error.h"
#include "base/size.h"
#include "os/operation.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

bool os_free_space(const char *path, guint64 *ret_bytes)
{
    g_autofree char *at = g_strdup(path);
    struct statvfs status;
    while (statvfs(at, &status) != 0) {
        if ((errno != ENOENT && errno != ENOTDIR) || g_str_equal(at, "/") || g_str_equal(at, "."))
            return false;
        char *above = g_path_get_dirname(at);
        g_free(at);
        at = above;
    }
    /* What is set apart for root is free for root. */
    guint64 blocks = geteuid() == 0 ? status.f_bfree : status.f_bavail;
    *ret_bytes = blocks * status.f_frsize;
    return true;
}

bool os_fail_write(const char *path, int error_number, GError **error)
{
    guint64 bytes = 0;
    bool full = error_number == ENOSPC || error_number == EDQUOT;
    if (!full || !os_free_space(path, &bytes))
        return fail(error, ERROR_FAILED, "'%s' cannot be written: %s.", path,
                    g_strerror(error_number));
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *left = size_human(bytes);
    const char *why = error_number == EDQUOT ? "the disk quota is used up" : "the disk is full";
    return fail(error, ERROR_FAILED,
                "'%s' cannot be written: %s. The file system of '%s' has %s free now. Free some "
                "space there, or choose another folder, and try again.",
                path, why, folder, left);
}

bool os_write(int fd, const void *data, gsize length, const char *path, GError **error)
{
    const char *bytes = data;
    if (!os_operation("write", path))
        return os_fail_write(path, errno, error);
    while (length > 0) {
        ssize_t count = write(fd, bytes, length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return os_fail_write(path, errno, error);
        bytes += count;
        length -= (gsize)count;
    }
    return true;
}
