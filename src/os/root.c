/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/change.h"
#include "os/root.h"

#include "base/error.h"
#include "os/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One line of sysfs or procfs seldom fills a page; longer ones take the slow way. */
#define LINE_BUFFER 4096

/* Never wait for a peer (a FIFO), never get a controlling terminal. */
#define READ_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* What a root and the handles below it share. */
typedef struct {
    int fd;
    char *given;  /* the path as it was given */
    char *actual; /* the path as the kernel knows it */
    bool live;
} Base;

struct OsRoot {
    Base *base;   /* counted */
    char *prefix; /* where the handle stands below the root: "" or "sys/devices/" */
};

static void base_clear(gpointer data)
{
    Base *base = data;
    close(base->fd);
    g_free(base->given);
    g_free(base->actual);
}

static OsRoot *handle_new(Base *base, char *prefix)
{
    OsRoot *root = g_new0(OsRoot, 1);
    root->base = base;
    root->prefix = prefix;
    return root;
}

OsRoot *os_root_open(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_null(error, ERROR_INPUT,
                         "The root folder '%s' cannot be read: %s. Name the folder that holds the "
                         "host's files (etc, proc, sys).",
                         path, g_strerror(errno));
    g_autofree char *actual = directory_path_of(fd);
    bool live = g_strcmp0(actual, "/") == 0;
    int probe = live ? dup(fd) : directory_open_at(fd, ".", O_PATH | O_CLOEXEC, RESOLVE_IN_ROOT);
    if (probe < 0 || actual == NULL) {
        fail(error, ERROR_MISSING,
             "The folder '%s' cannot be used as a root: %s. This needs Linux 5.6 or newer "
             "(openat2) and a mounted /proc.",
             path, g_strerror(errno));
        close(fd);
        return NULL;
    }
    close(probe);
    Base *base = g_atomic_rc_box_new0(Base);
    *base = (Base){fd, g_strdup(path), g_steal_pointer(&actual), live};
    return handle_new(base, g_strdup(""));
}

/* The path that the system calls get, in BUFFER; false (ENAMETOOLONG) when it is too long. */
static bool build_path(const OsRoot *root, const char *path, char buffer[PATH_MAX])
{
    path += strspn(path, "/");
    gsize prefix = strlen(root->prefix), length = strlen(path);
    if (prefix + length + 2 > PATH_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (prefix + length == 0) {
        strcpy(buffer, ".");
        return true;
    }
    memcpy(buffer, root->prefix, prefix);
    memcpy(buffer + prefix, path, length + 1);
    return true;
}

static int open_under(const OsRoot *root, const char *path, int flags)
{
    char buffer[PATH_MAX];
    if (!build_path(root, path, buffer))
        return -1;
    if (root->base->live)
        return openat(root->base->fd, buffer, flags);
    return directory_open_at(root->base->fd, buffer, flags, RESOLVE_IN_ROOT);
}

/* A recorded tree may hold a device node or a FIFO under any name, and merely opening a node can
 * act on the host's hardware. So what PATH is gets known before it is opened. */
static int open_recorded(const OsRoot *root, const char *path)
{
    int fd = open_under(root, path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return -1;
    struct stat status;
    int opened = -1;
    if (fstat(fd, &status) == 0) {
        if (S_ISREG(status.st_mode)) {
            char name[32];
            snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
            opened = open(name, READ_FLAGS);
        } else {
            errno = S_ISDIR(status.st_mode) ? EISDIR : EACCES;
        }
    }
    int saved = errno;
    close(fd);
    errno = saved;
    return opened;
}

int os_open(const OsRoot *root, const char *path)
{
    return root->base->live ? open_under(root, path, READ_FLAGS) : open_recorded(root, path);
}

OsRoot *os_root_sub(const OsRoot *root, const char *path)
{
    path += strspn(path, "/");
    bool slash = *path != '\0' && !g_str_has_suffix(path, "/");
    char *prefix = g_strconcat(root->prefix, path, slash ? "/" : "", NULL);
    return handle_new(g_atomic_rc_box_acquire(root->base), prefix);
}

bool os_root_is_live(const OsRoot *root)
{
    return root->base->live;
}

const char *os_root_path(const OsRoot *root)
{
    return root->base->given;
}

void os_root_free(OsRoot *root)
{
    if (root == NULL)
        return;
    g_atomic_rc_box_release_full(root->base, base_clear);
    g_free(root->prefix);
    g_free(root);
}

/* Fills BUFFER as far as there is something to read; -1 on an error. Files of sysfs and procfs do
 * not know their size, and give what they have in several pieces: only 0 means the end. */
static gssize read_up_to(int fd, char *buffer, gsize size)
{
    gsize filled = 0;
    while (filled < size) {
        ssize_t count = read(fd, buffer + filled, size - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        filled += (gsize)count;
    }
    return (gssize)filled;
}

static char *read_all(int fd, gsize *ret_length)
{
    gsize size = LINE_BUFFER, filled = 0;
    char *text = g_malloc(size + 1);
    for (;;) {
        gssize count = read_up_to(fd, text + filled, size - filled);
        if (count < 0 || filled + (gsize)count > OS_READ_MAX) {
            g_free(text);
            return NULL;
        }
        filled += (gsize)count;
        if (filled < size)
            break;
        size *= 2;
        text = g_realloc(text, size + 1);
    }
    text[filled] = '\0';
    if (ret_length != NULL)
        *ret_length = filled;
    return text;
}

char *os_read_text(const OsRoot *root, const char *path, gsize *ret_length)
{
    int fd = os_open(root, path);
    if (fd < 0)
        return NULL;
    char *text = read_all(fd, ret_length);
    close(fd);
    return text;
}

/* Reads until BUFFER (ended by NUL) has a whole first line. False when the file cannot be read, or
 * its first line is longer. */
static bool read_line_into(int fd, char buffer[LINE_BUFFER + 1], bool *ret_too_long)
{
    gsize filled = 0;
    while (filled < LINE_BUFFER) {
        ssize_t count = read(fd, buffer + filled, LINE_BUFFER - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        const char *end = memchr(buffer + filled, '\n', (gsize)count);
        filled += (gsize)count;
        buffer[filled] = '\0';
        if (count == 0 || end != NULL)
            return true;
    }
    *ret_too_long = true;
    return false;
}

/* The first line of TEXT without white space at its ends, in place; NULL when nothing is left. */
static char *first_line(char *text)
{
    text[strcspn(text, "\n")] = '\0';
    g_strstrip(text);
    return *text != '\0' ? text : NULL;
}

char *os_read_line(const OsRoot *root, const char *path)
{
    int fd = os_open(root, path);
    if (fd < 0)
        return NULL;
    char buffer[LINE_BUFFER + 1] = "";
    bool too_long = false;
    bool found = read_line_into(fd, buffer, &too_long);
    close(fd);
    if (found)
        return g_strdup(first_line(buffer));
    if (!too_long)
        return NULL;
    g_autofree char *text = os_read_text(root, path, NULL);
    return text != NULL ? g_strdup(first_line(text)) : NULL;
}

gint64 os_read_integer(const OsRoot *root, const char *path)
{
    g_autofree char *line = os_read_line(root, path);
    if (line == NULL)
        return UNKNOWN;
    gint64 number = UNKNOWN;
    guint64 hexadecimal = 0;
    if (line[0] == '0' && (line[1] == 'x' || line[1] == 'X')) {
        if (g_ascii_string_to_unsigned(line + 2, 16, 0, G_MAXINT64, &hexadecimal, NULL))
            number = (gint64)hexadecimal;
    } else if (!g_ascii_string_to_signed(line, 10, G_MININT64, G_MAXINT64, &number, NULL)) {
        number = UNKNOWN;
    }
    return number;
}

Tri os_read_tri(const OsRoot *root, const char *path)
{
    g_autofree char *line = os_read_line(root, path);
    if (line == NULL || line[1] != '\0')
        return TRI_UNKNOWN;
    if (strchr("1Yy", line[0]) != NULL)
        return TRI_YES;
    return strchr("0Nn", line[0]) != NULL ? TRI_NO : TRI_UNKNOWN;
}

GStrv os_list(const OsRoot *root, const char *path)
{
    int fd = open_under(root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 ? directory_names(fd) : NULL;
}

char *os_read_link(const OsRoot *root, const char *path)
{
    int fd = open_under(root, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    char target[PATH_MAX];
    ssize_t length = readlinkat(fd, "", target, sizeof(target));
    close(fd);
    if (length <= 0 || length == (ssize_t)sizeof(target))
        return NULL;
    return g_strndup(target, (gsize)length);
}

char *os_link_name(const OsRoot *root, const char *path)
{
    g_autofree char *target = os_read_link(root, path);
    if (target == NULL)
        return NULL;
    g_autofree char *name = g_path_get_basename(target);
    bool none = strcmp(name, "/") == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
    return none ? NULL : g_steal_pointer(&name);
}

char *os_resolve(const OsRoot *root, const char *path)
{
    int fd = open_under(root, path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    g_autofree char *found = directory_path_of(fd);
    close(fd);
    if (found == NULL)
        return NULL;
    const char *top = root->base->live ? "" : root->base->actual;
    gsize length = strlen(top);
    if (strncmp(found, top, length) != 0 || (found[length] != '/' && found[length] != '\0'))
        return NULL;
    const char *below = found + length;
    return g_strdup(below + strspn(below, "/"));
}

bool os_exists(const OsRoot *root, const char *path)
{
    int fd = open_under(root, path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

/* The full path of FOUND, which os_resolve() gave. */
static char *absolute(const OsRoot *root, const char *found)
{
    return g_build_filename(root->base->actual, found, NULL);
}

char *os_locate(const OsRoot *root, const char *path, GError **error)
{
    g_autofree char *found = os_resolve(root, path);
    if (found != NULL)
        return absolute(root, found);
    g_autofree char *target = os_read_link(root, path);
    if (target != NULL)
        return fail_null(error, ERROR_REFUSED,
                         "'%s' is a link to '%s', which is not there. Remove the link or make what "
                         "it leads to, and try again.",
                         path, target);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *above = os_resolve(root, strcmp(folder, ".") == 0 ? "" : folder);
    if (above == NULL)
        return fail_null(error, ERROR_MISSING, "The folder '%s' is not there.", folder);
    g_autofree char *full = absolute(root, above);
    return g_build_filename(full, name, NULL);
}
