/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/change.h"

#include "base/error.h"
#include "os/operation.h"
#include "os/replace.h"
#include "os/sha256.h"
#include "os/write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (1024 * 1024)

bool os_is_file(const OsRoot *root, const char *path, guint64 *ret_size)
{
    g_autofree char *full = os_locate(root, path, NULL);
    struct stat status;
    if (full == NULL || stat(full, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    if (ret_size != NULL)
        *ret_size = (guint64)status.st_size;
    return true;
}

/* The new file of PATH, and its full path for messages. */
static OsReplace *begin(const OsRoot *root, const char *path, const OsAttributes *attributes,
                        char **ret_full, GError **error)
{
    *ret_full = os_locate(root, path, error);
    return *ret_full != NULL ? os_replace_begin(*ret_full, attributes->mode, error) : NULL;
}

static bool finish(OsReplace *file, const OsAttributes *attributes, const char *full,
                   GError **error)
{
    return os_attributes_give(attributes, os_replace_fd(file), full, error) &&
           os_replace_commit(file, error);
}

bool os_put(const OsRoot *root, const char *path, gconstpointer data, gsize length,
            const OsAttributes *attributes, GError **error)
{
    g_autofree char *full = NULL;
    g_autoptr(OsReplace) file = begin(root, path, attributes, &full, error);
    return file != NULL && os_write(os_replace_fd(file), data, length, full, error) &&
           finish(file, attributes, full, error);
}

/* Of PIECE bytes at the most; -1 with errno set. */
static gssize read_piece(int from, char *buffer, off_t at)
{
    ssize_t count;
    do
        count = pread(from, buffer, PIECE, at);
    while (count < 0 && errno == EINTR);
    return count;
}

bool os_put_copy(const OsRoot *root, const char *path, int from, const OsAttributes *attributes,
                 GError **error)
{
    g_autofree char *full = NULL;
    g_autoptr(OsReplace) file = begin(root, path, attributes, &full, error);
    if (file == NULL)
        return false;
    g_autofree char *buffer = g_malloc(PIECE);
    gssize count;
    for (off_t at = 0; (count = read_piece(from, buffer, at)) > 0; at += count)
        if (!os_write(os_replace_fd(file), buffer, (gsize)count, full, error))
            return false;
    if (count < 0)
        return fail(error, ERROR_FAILED, "What '%s' is to hold cannot be read: %s.", full,
                    g_strerror(errno));
    return finish(file, attributes, full, error);
}

char *os_digest(int fd, const char *path, GError **error)
{
    g_autoptr(OsSha256) sum = os_sha256_new();
    g_autofree char *buffer = g_malloc(PIECE);
    gssize count;
    for (off_t at = 0; (count = read_piece(fd, buffer, at)) > 0; at += count)
        os_sha256_add(sum, buffer, (gsize)count);
    if (count < 0)
        return fail_null(error, ERROR_FAILED, "'%s' cannot be read: %s.", path, g_strerror(errno));
    return g_strdup(os_sha256_text(sum));
}

bool os_append(const OsRoot *root, const char *path, const char *text, GError **error)
{
    g_autofree char *full = os_locate(root, path, error);
    if (full == NULL)
        return false;
    int fd = open(full, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return os_fail_write(full, errno, error);
    bool written = os_write(fd, text, strlen(text), full, error);
    if (written && (!os_operation("sync", full) || fsync(fd) != 0))
        written = os_fail_write(full, errno, error);
    close(fd);
    return written;
}

/* A name that is gone or new is on disk only when its folder is synced. */
static bool sync_folder_of(const char *full, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(full);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && os_operation("sync", folder) && fsync(fd) == 0;
    int saved = errno;
    if (fd >= 0)
        close(fd);
    return synced || fail(error, ERROR_FAILED, "The folder '%s' cannot be synced to disk: %s.",
                          folder, g_strerror(saved));
}

bool os_unlink(const OsRoot *root, const char *path, GError **error)
{
    if (!os_exists(root, path))
        return true;
    g_autofree char *full = os_locate(root, path, error);
    if (full == NULL)
        return false;
    if (!os_operation("unlink", full) || (unlink(full) != 0 && errno != ENOENT))
        return fail(error, ERROR_FAILED, "'%s' cannot be removed: %s.", full, g_strerror(errno));
    return sync_folder_of(full, error);
}

bool os_make_folder(const OsRoot *root, const char *path, mode_t mode, GError **error)
{
    g_autofree char *full = os_locate(root, path, error);
    if (full == NULL)
        return false;
    if (os_operation("mkdir", full) && mkdir(full, 0700) == 0 && chmod(full, mode) == 0)
        return sync_folder_of(full, error);
    return (errno == EEXIST && g_file_test(full, G_FILE_TEST_IS_DIR)) ||
           fail(error, ERROR_FAILED, "The folder '%s' cannot be made: %s.", full,
                g_strerror(errno));
}

bool os_drop_folder(const OsRoot *root, const char *path, GError **error)
{
    if (!os_exists(root, path))
        return true;
    g_autofree char *full = os_locate(root, path, error);
    if (full == NULL)
        return false;
    if (os_operation("rmdir", full) && rmdir(full) == 0)
        return sync_folder_of(full, error);
    return errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST || errno == EBUSY ||
           fail(error, ERROR_FAILED, "The folder '%s' cannot be removed: %s.", full,
                g_strerror(errno));
}

void os_clear_leftovers(const OsRoot *root, const char *path)
{
    g_autofree char *full = os_locate(root, path, NULL);
    if (full != NULL)
        os_replace_clear(full);
}

bool os_unlink_link(const OsRoot *root, const char *path, GError **error)
{
    g_autofree char *target = os_read_link(root, path);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    if (target == NULL)
        return true;
    g_autofree char *above = os_locate(root, folder, error);
    if (above == NULL)
        return false;
    g_autofree char *full = g_build_filename(above, name, NULL);
    if (!os_operation("unlink", full) || (unlink(full) != 0 && errno != ENOENT))
        return fail(error, ERROR_FAILED, "'%s' cannot be removed: %s.", full, g_strerror(errno));
    return sync_folder_of(full, error);
}
