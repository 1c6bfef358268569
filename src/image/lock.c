/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/image.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/*
 * QEMU marks an image that it has open with read locks (of the open file description, fcntl(2)) on
 * single bytes: from 100 what it does with the file, from 200 what it lets nobody else do (QEMU,
 * block/file-posix.c, RAW_LOCK_PERM_BASE and RAW_LOCK_SHARED_BASE). A write lock on
 * both ranges is to be had only when no QEMU has it, and while it is held no QEMU gets it.
 */
#define QEMU_LOCK_START 100
#define QEMU_LOCK_LENGTH 200

bool image_lock(const char *path, const char *what, int *ret_fd, GError **error)
{
    struct flock range = {.l_type = F_WRLCK,
                          .l_whence = SEEK_SET,
                          .l_start = QEMU_LOCK_START,
                          .l_len = QEMU_LOCK_LENGTH};

    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        *ret_fd = -1;
        return true;
    }
    if (fd < 0)
        return fail(error, ERROR_FAILED,
                    "%s: '%s' cannot be opened to see whether a guest uses it: %s.", what, path,
                    g_strerror(errno));
    if (fcntl(fd, F_OFD_SETLK, &range) == 0) {
        *ret_fd = fd;
        return true;
    }
    int saved = errno;
    close(fd);
    if (saved == EAGAIN || saved == EACCES)
        return fail(error, ERROR_FAILED, "%s: QEMU has '%s' open. Shut the guest down first.", what,
                    path);
    return fail(error, ERROR_FAILED, "%s: '%s' cannot be locked: %s.", what, path,
                g_strerror(saved));
}
