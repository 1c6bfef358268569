/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/files.h"

#include "base/error.h"
#include "os/cancel.h"
#include "os/directory.h"
#include "os/write.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Deeper trees than this are nothing that we made. Each level holds a descriptor. */
#define DEPTH_MAX 64

bool os_make_folders(const char *path, mode_t mode, GError **error)
{
    if (g_mkdir_with_parents(path, (int)mode) == 0)
        return true;
    int saved = errno;
    if (saved == ENOSPC || saved == EDQUOT)
        return os_fail_write(path, saved, error);
    return fail(error, ERROR_FAILED, "The folder '%s' cannot be made: %s.", path,
                g_strerror(saved));
}

char *os_make_temporary_folder(const char *parent, const char *prefix, GError **error)
{
    if (!os_make_folders(parent, 0755, error))
        return NULL;
    g_autofree char *path = g_strdup_printf("%s/%s-XXXXXX", parent, prefix);
    if (mkdtemp(path) == NULL) {
        os_fail_write(path, errno, error);
        return NULL;
    }
    return g_steal_pointer(&path);
}

static bool remove_at(int folder, const char *name, const char *path, guint depth, GError **error);

static bool fail_remove(const char *path, int error_number, GError **error)
{
    if (error_number == EXDEV || error_number == EBUSY)
        return fail(error, ERROR_FAILED,
                    "'%s' was not removed: another file system is mounted there. Unmount it first.",
                    path);
    return fail(error, ERROR_FAILED, "'%s' cannot be removed: %s.", path, g_strerror(error_number));
}

static bool remove_content(int folder, const char *path, guint depth, GError **error)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_auto(GStrv) names = fd >= 0 ? directory_names(fd) : NULL;
    if (names == NULL)
        return fail_remove(path, errno, error);
    for (guint i = 0; names[i] != NULL; i++) {
        g_autofree char *below = g_build_filename(path, names[i], NULL);
        if (!remove_at(folder, names[i], below, depth + 1, error))
            return false;
    }
    return true;
}

static bool remove_at(int folder, const char *name, const char *path, guint depth, GError **error)
{
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR)
        return fail_remove(path, errno, error);
    if (depth > DEPTH_MAX)
        return fail_remove(path, ELOOP, error);
    int fd = directory_open_at(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
                               RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS);
    if (fd < 0)
        return fail_remove(path, errno, error);
    bool emptied = remove_content(fd, path, depth, error);
    close(fd);
    if (!emptied)
        return false;
    if (unlinkat(folder, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
        return fail_remove(path, errno, error);
    return true;
}

bool os_remove(const char *path, GError **error)
{
    /* "link/" would be followed where "link" is not. */
    g_autofree char *plain = g_strdup(path);
    for (gsize length = strlen(plain); length > 1 && plain[length - 1] == '/'; length--)
        plain[length - 1] = '\0';
    g_autofree char *above = g_path_get_dirname(plain);
    g_autofree char *name = g_path_get_basename(plain);
    if (*plain == '\0' || strcmp(name, "/") == 0 || strcmp(name, ".") == 0 ||
        strcmp(name, "..") == 0)
        return fail_remove(path, EINVAL, error);
    int folder = open(above, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return errno == ENOENT ? true : fail_remove(path, errno, error);
    bool removed = remove_at(folder, name, plain, 0, error);
    close(folder);
    return removed;
}

/* Waits until there is something to read, so that Ctrl-C ends the wait for a terminal or a pipe. */
static bool wait_readable(int fd, const char *path, GError **error)
{
    struct pollfd polls[] = {{fd, POLLIN, 0}, {os_cancel_fd(), POLLIN, 0}};
    while (poll(polls, G_N_ELEMENTS(polls), -1) < 0 && errno == EINTR)
        ;
    return os_check_cancel(path, error);
}

static char *read_stream(int fd, const char *path, gsize max, gsize *ret_length, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char piece[16 * 1024];
    for (;;) {
        if (!wait_readable(fd, path, error))
            return NULL;
        ssize_t count = read(fd, piece, sizeof(piece));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail_null(error, ERROR_INPUT, "'%s' cannot be read: %s.", path,
                             g_strerror(errno));
        if (count == 0)
            break;
        g_string_append_len(text, piece, count);
        if (text->len > max)
            return fail_null(error, ERROR_INPUT,
                             "'%s' is longer than the %" G_GSIZE_FORMAT " bytes that are read of "
                             "such a file.",
                             path, max);
    }
    if (ret_length != NULL)
        *ret_length = text->len;
    return g_string_free(g_steal_pointer(&text), FALSE);
}

char *os_read_file(const char *path, gsize max, gsize *ret_length, GError **error)
{
    if (strcmp(path, "-") == 0)
        return read_stream(STDIN_FILENO, "standard input", max, ret_length, error);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail_null(error, ERROR_INPUT, "'%s' cannot be opened: %s.", path, g_strerror(errno));
    char *text = read_stream(fd, path, max, ret_length, error);
    close(fd);
    return text;
}
