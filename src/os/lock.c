/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/cancel.h"
#include "os/files.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often a lock that is taken is tried again. */
#define TRY_EVERY_MS 50

struct OsLock {
    int fd;
};

/* One try. -1 with errno EWOULDBLOCK when it is taken. A file that was removed while we got hold of
 * it is nobody's lock: ESTALE. */
static int try_lock(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -1;
    struct stat by_name, by_fd;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        if (stat(path, &by_name) == 0 && fstat(fd, &by_fd) == 0 && by_name.st_dev == by_fd.st_dev &&
            by_name.st_ino == by_fd.st_ino)
            return fd;
        errno = ESTALE;
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

OsLock *os_lock(const char *path, guint wait_ms, const char *what, GError **error)
{
    gint64 deadline_us = g_get_monotonic_time() + wait_ms * G_GINT64_CONSTANT(1000);
    int fd;
    while ((fd = try_lock(path)) < 0) {
        if (errno == ESTALE || errno == EINTR)
            continue;
        if (errno != EWOULDBLOCK)
            return fail_null(error, ERROR_FAILED, "The lock '%s' for %s cannot be taken: %s.", path,
                             what, g_strerror(errno));
        if (!os_check_cancel(what, error))
            return NULL;
        if (g_get_monotonic_time() >= deadline_us)
            return fail_null(
                error, ERROR_FAILED,
                "Another rootstock is at work on %s (it holds the lock '%s'). Wait for "
                "it to end and try again.",
                what, path);
        struct pollfd wake = {os_cancel_fd(), POLLIN, 0};
        poll(&wake, 1, (int)MIN(wait_ms, TRY_EVERY_MS));
    }
    OsLock *lock = g_new0(OsLock, 1);
    lock->fd = fd;
    return lock;
}

void os_lock_free(OsLock *lock)
{
    if (lock == NULL)
        return;
    close(lock->fd);
    g_free(lock);
}
