/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/copy.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool copy_failed(const char *path, GError **error)
{
    int problem = errno;
    return fail(error, ERROR_FAILED, "%s cannot be written: %s.%s", path, g_strerror(problem),
                problem == ENOSPC ? " Free some space there, or choose another place with --store."
                                  : "");
}

/* Closes FD, which was opened for PATH (or is -1), and tells whether all went well. */
static bool copy_done(int fd, bool written, const char *path, GError **error)
{
    if (fd < 0 || !written) {
        copy_failed(path, error);
        if (fd >= 0)
            close(fd);
        return false;
    }
    return close(fd) == 0 || copy_failed(path, error);
}

static int copy_new(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* Copies the bytes START to END; both files are of their final size. */
static bool copy_range(int from, int to, off_t start, off_t end)
{
    off_t in = start, out = start;
    while (in < end) {
        ssize_t copied = copy_file_range(from, &in, to, &out, (size_t)(end - in), 0);
        if (copied > 0)
            continue;
        if (copied == 0 || (errno != EXDEV && errno != EINVAL && errno != ENOSYS))
            return copied == 0; /* the file was cut meanwhile: the rest is a hole */
        char buffer[65536];
        ssize_t got = pread(from, buffer, (size_t)MIN((off_t)sizeof buffer, end - in), in);
        if (got <= 0)
            return got == 0;
        ssize_t wrote = pwrite(to, buffer, (size_t)got, out);
        if (wrote <= 0)
            return false;
        in += wrote;
        out += wrote;
    }
    return true;
}

static bool copy_data(int from, int to, off_t size)
{
    if (ioctl(to, FICLONE, from) == 0)
        return true;
    if (ftruncate(to, size) != 0)
        return false;
    off_t data = 0;
    while (data < size && (data = lseek(from, data, SEEK_DATA)) >= 0) {
        off_t hole = lseek(from, data, SEEK_HOLE);
        if (hole < 0 || !copy_range(from, to, data, hole))
            return false;
        data = hole;
    }
    return data >= 0 || errno == ENXIO; /* ENXIO: only a hole is left */
}

bool copy_file(const char *from, const char *to, const char *what, GError **error)
{
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0)
        return fail(error, ERROR_MISSING, "%s, %s, cannot be opened: %s.", what, from,
                    g_strerror(errno));
    struct stat status;
    if (fstat(source, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(source);
        return fail(error, ERROR_MISSING, "%s, %s, is not a regular file.", what, from);
    }
    int target = copy_new(to);
    bool written = target >= 0 && copy_data(source, target, status.st_size);
    bool done = copy_done(target, written, to, error);
    close(source);
    return done;
}

bool copy_empty(const char *path, gint64 size, GError **error)
{
    int fd = copy_new(path);
    bool written = fd >= 0 && ftruncate(fd, size) == 0;
    return copy_done(fd, written, path, error);
}

bool copy_bytes(const char *path, const void *data, gsize length, GError **error)
{
    int fd = copy_new(path);
    bool written = fd >= 0;
    for (gsize done = 0; written && done < length;) {
        ssize_t wrote = write(fd, (const char *)data + done, length - done);
        written = wrote > 0;
        done += written ? (gsize)wrote : 0;
    }
    return copy_done(fd, written, path, error);
}
