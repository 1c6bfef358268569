/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/replace.h"

#include "base/error.h"
#include "os/directory.h"
#include "os/operation.h"
#include "os/write.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK ".rootstock-"

#define RANDOM_LETTERS 6
#define CREATE_TRIES 100

/* Of a long name only this much goes into the temporary one, which must not pass NAME_MAX (255). */
#define NAME_PART 200

/*
 * A lock on this one byte, far beyond any content, says that a process is at work on the temporary
 * file. It is an open file description lock on a byte, not flock(2), because mtools takes flock(2)
 * on an image that it writes, and QEMU takes byte locks near the beginning of its own.
 */
#define LOCK_BYTE (G_GINT64_CONSTANT(1) << 62)

struct OsReplace {
    char *path;      /* what will be replaced */
    char *temporary; /* its path */
    char *name;      /* its name in the folder */
    mode_t mode;
    int folder;
    int fd;
};

static int lock_byte(int fd, short type, int command)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = LOCK_BYTE, .l_len = 1};
    return fcntl(fd, command, &lock);
}

/* Whether NAME in FOLDER is the open file FD. */
static bool is_same_file(int folder, const char *name, int fd)
{
    struct stat by_name, by_fd;
    return fstatat(folder, name, &by_name, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &by_fd) == 0 &&
           by_name.st_dev == by_fd.st_dev && by_name.st_ino == by_fd.st_ino;
}

/* Removes the temporary file NAME unless a living process holds it. */
static void remove_stale(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    struct stat status;
    bool ours = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid();
    if (ours && lock_byte(fd, F_RDLCK, F_OFD_SETLK) == 0 && is_same_file(folder, name, fd))
        unlinkat(folder, name, 0);
    close(fd);
}

/* What a killed process left behind when it was replacing the same file. */
static void remove_all_stale(int folder, const char *prefix)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_auto(GStrv) names = fd >= 0 ? directory_names(fd) : NULL;
    gsize length = strlen(prefix) + RANDOM_LETTERS;
    for (guint i = 0; names != NULL && names[i] != NULL; i++)
        if (g_str_has_prefix(names[i], prefix) && strlen(names[i]) == length)
            remove_stale(folder, names[i]);
}

static char *temporary_prefix(const char *name)
{
    return g_strdup_printf(".%.*s" MARK, NAME_PART, name);
}

void os_replace_clear(const char *path)
{
    g_autofree char *above = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *prefix = temporary_prefix(name);
    int folder = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    remove_all_stale(folder, prefix);
    close(folder);
}

static char *make_name(const char *prefix)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    char random[RANDOM_LETTERS + 1] = "";
    for (guint i = 0; i < RANDOM_LETTERS; i++)
        random[i] = LETTERS[g_random_int_range(0, sizeof(LETTERS) - 1)];
    return g_strconcat(prefix, random, NULL);
}

/* Makes and locks the temporary file. Somebody who removes stale ones may get it between the two
 * steps; then it is no longer there under its name, and another one is made. */
static bool create_temporary(OsReplace *file, const char *prefix)
{
    for (guint i = 0; i < CREATE_TRIES; i++) {
        g_autofree char *name = make_name(prefix);
        int fd = openat(file->folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST)
            return false;
        if (fd < 0)
            continue;
        /* Where a file system has no locks, nobody can take the file for stale either. */
        lock_byte(fd, F_WRLCK, F_OFD_SETLKW);
        if (is_same_file(file->folder, name, fd)) {
            file->fd = fd;
            file->name = g_steal_pointer(&name);
            return true;
        }
        close(fd);
    }
    errno = EEXIST;
    return false;
}

/* What a rename would destroy without a word (a device node, a link) is refused. */
static bool check_target(int folder, const char *name, const char *path, GError **error)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || S_ISREG(status.st_mode))
        return true;
    if (S_ISLNK(status.st_mode))
        return fail(error, ERROR_INPUT,
                    "'%s' is a symbolic link and will not be replaced. Name the file that it "
                    "leads to.",
                    path);
    return fail(error, ERROR_INPUT, "'%s' is %s and will not be replaced. Name another file.", path,
                S_ISDIR(status.st_mode) ? "a folder" : "not an ordinary file");
}

static bool begin(OsReplace *file, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file->path);
    g_autofree char *name = g_path_get_basename(file->path);
    if (file->path[0] == '\0' || g_str_has_suffix(file->path, "/"))
        return fail(error, ERROR_INPUT, "'%s' is no name for a file.", file->path);
    file->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file->folder < 0)
        return fail(error, ERROR_FAILED, "The folder '%s' for '%s' cannot be opened: %s.", folder,
                    name, g_strerror(errno));
    if (!check_target(file->folder, name, file->path, error))
        return false;
    g_autofree char *prefix = temporary_prefix(name);
    remove_all_stale(file->folder, prefix);
    if (!os_operation("create", file->path) || !create_temporary(file, prefix))
        return os_fail_write(file->path, errno, error);
    file->temporary = g_build_filename(folder, file->name, NULL);
    return true;
}

OsReplace *os_replace_begin(const char *path, mode_t mode, GError **error)
{
    g_autoptr(OsReplace) file = g_new0(OsReplace, 1);
    file->path = g_strdup(path);
    file->mode = mode;
    file->folder = file->fd = -1;
    return begin(file, error) ? g_steal_pointer(&file) : NULL;
}

int os_replace_fd(const OsReplace *file)
{
    return file->fd;
}

const char *os_replace_target(const OsReplace *file)
{
    return file->path;
}

const char *os_replace_path(const OsReplace *file)
{
    return file->temporary;
}

/* Gives the temporary file its name if nothing has it; errno is EEXIST if something does. Not every
 * file system knows RENAME_NOREPLACE, but those without it know hard links. */
static int rename_new(const OsReplace *file, const char *name)
{
    if (renameat2(file->folder, file->name, file->folder, name, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    if (linkat(file->folder, file->name, file->folder, name, 0) != 0)
        return -1;
    return unlinkat(file->folder, file->name, 0);
}

static bool commit(OsReplace *file, bool must_be_new, GError **error)
{
    g_autofree char *name = g_path_get_basename(file->path);
    if (!is_same_file(file->folder, file->name, file->fd))
        return fail(error, ERROR_FAILED,
                    "'%s' was not replaced: its new content, '%s', is not there any more.",
                    file->path, file->temporary);
    if (fchmod(file->fd, file->mode) != 0 || fsync(file->fd) != 0 ||
        !os_operation("rename", file->path))
        return os_fail_write(file->path, errno, error);
    int result = must_be_new ? rename_new(file, name)
                             : renameat(file->folder, file->name, file->folder, name);
    if (result != 0 && errno == EEXIST)
        return fail(error, ERROR_FAILED, "'%s' is there already and was not overwritten.",
                    file->path);
    if (result != 0)
        return os_fail_write(file->path, errno, error);
    g_clear_pointer(&file->name, g_free);
    if (!os_operation("sync", file->path) || fsync(file->folder) != 0)
        return fail(error, ERROR_FAILED,
                    "'%s' was written, but its folder could not be synced (%s): after a power "
                    "failure it may be as it was before.",
                    file->path, g_strerror(errno));
    return true;
}

bool os_replace_commit(OsReplace *file, GError **error)
{
    return commit(file, false, error);
}

bool os_replace_commit_new(OsReplace *file, GError **error)
{
    return commit(file, true, error);
}

void os_replace_free(OsReplace *file)
{
    if (file == NULL)
        return;
    if (file->name != NULL && is_same_file(file->folder, file->name, file->fd))
        unlinkat(file->folder, file->name, 0);
    if (file->fd >= 0)
        close(file->fd);
    if (file->folder >= 0)
        close(file->folder);
    g_free(file->name);
    g_free(file->temporary);
    g_free(file->path);
    g_free(file);
}

bool os_replace_bytes(const char *path, const void *data, gsize length, mode_t mode, GError **error)
{
    g_autoptr(OsReplace) file = os_replace_begin(path, mode, error);
    return file != NULL && os_write(file->fd, data, length, path, error) &&
           os_replace_commit(file, error);
}

bool os_replace_content(const char *path, const void *data, gsize length, GError **error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return fail(error, ERROR_FAILED, "'%s' cannot be read any more: %s.", path,
                    g_strerror(errno));
    g_autoptr(OsReplace) file = os_replace_begin(path, status.st_mode & 07777, error);
    if (file == NULL)
        return false;
    if (geteuid() == 0 && fchown(file->fd, status.st_uid, status.st_gid) != 0)
        return fail(error, ERROR_FAILED, "'%s' cannot keep its owner: %s.", path,
                    g_strerror(errno));
    return os_write(file->fd, data, length, path, error) && os_replace_commit(file, error);
}
