/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/attributes.h"

#include "base/error.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define NS_PER_S G_GINT64_CONSTANT(1000000000)

static void xattr_free(gpointer data)
{
    OsXattr *xattr = data;
    g_free(xattr->name);
    g_bytes_unref(xattr->value);
    g_free(xattr);
}

static int compare_xattrs(gconstpointer a, gconstpointer b)
{
    const OsXattr *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

OsAttributes *os_attributes_new(mode_t mode, uid_t uid, gid_t gid)
{
    OsAttributes *attributes = g_new0(OsAttributes, 1);
    attributes->mode = mode & 07777;
    attributes->uid = uid;
    attributes->gid = gid;
    attributes->mtime_ns = UNKNOWN;
    attributes->xattrs = g_ptr_array_new_with_free_func(xattr_free);
    return attributes;
}

void os_attributes_add(OsAttributes *attributes, const char *name, gconstpointer value,
                       gsize length)
{
    OsXattr *xattr = g_new0(OsXattr, 1);
    xattr->name = g_strdup(name);
    xattr->value = g_bytes_new(value, length);
    g_ptr_array_add(attributes->xattrs, xattr);
}

void os_attributes_free(OsAttributes *attributes)
{
    if (attributes == NULL)
        return;
    g_ptr_array_unref(attributes->xattrs);
    g_free(attributes);
}

/* The names, one after the other with a NUL behind each. A file system without extended attributes
 * has none. False with errno set. */
static bool list_xattrs(int fd, char **ret_names, gsize *ret_length)
{
    ssize_t size = flistxattr(fd, NULL, 0);
    if (size < 0 && errno != ENOTSUP)
        return false;
    g_autofree char *names = g_malloc0((gsize)MAX(size, 0) + 1);
    ssize_t length = size > 0 ? flistxattr(fd, names, (size_t)size) : 0;
    if (length < 0)
        return false;
    *ret_names = g_steal_pointer(&names);
    *ret_length = (gsize)length;
    return true;
}

/* The kernel itself keeps these for each file's bytes (integrity measurement). */
static bool is_kernels_own(const char *name)
{
    return strcmp(name, "security.ima") == 0 || strcmp(name, "security.evm") == 0;
}

static bool read_xattr(int fd, const char *name, OsAttributes *attributes)
{
    if (is_kernels_own(name))
        return true;
    ssize_t size = fgetxattr(fd, name, NULL, 0);
    if (size < 0)
        return false;
    g_autofree char *value = g_malloc0((gsize)size + 1);
    ssize_t length = fgetxattr(fd, name, value, (size_t)size);
    if (length < 0)
        return false;
    os_attributes_add(attributes, name, value, (gsize)length);
    return true;
}

OsAttributes *os_attributes_read(int fd, const char *path, GError **error)
{
    struct stat status;
    g_autofree char *names = NULL;
    gsize length = 0;
    if (fstat(fd, &status) != 0 || !list_xattrs(fd, &names, &length))
        return fail_null(error, ERROR_FAILED, "The attributes of '%s' cannot be read: %s.", path,
                         g_strerror(errno));
    g_autoptr(OsAttributes) attributes =
        os_attributes_new(status.st_mode, status.st_uid, status.st_gid);
    attributes->mtime_ns = (gint64)status.st_mtim.tv_sec * NS_PER_S + status.st_mtim.tv_nsec;
    for (gsize at = 0; at < length; at += strlen(names + at) + 1)
        if (!read_xattr(fd, names + at, attributes))
            return fail_null(error, ERROR_FAILED, "The attribute '%s' of '%s' cannot be read: %s.",
                             names + at, path, g_strerror(errno));
    g_ptr_array_sort(attributes->xattrs, compare_xattrs);
    return g_steal_pointer(&attributes);
}

/* Whether FD has the attribute with that value already, as a label that its folder passes on. */
static bool has_xattr(int fd, const OsXattr *xattr)
{
    gsize length = 0;
    const char *value = g_bytes_get_data(xattr->value, &length);
    g_autofree char *now = g_malloc0(length + 1);
    ssize_t found = fgetxattr(fd, xattr->name, now, length + 1);
    return found == (ssize_t)length && (length == 0 || memcmp(now, value, length) == 0);
}

static bool give_xattr(int fd, const OsXattr *xattr)
{
    gsize length = 0;
    gconstpointer value = g_bytes_get_data(xattr->value, &length);
    return has_xattr(fd, xattr) || fsetxattr(fd, xattr->name, value, length, 0) == 0;
}

bool os_attributes_give(const OsAttributes *attributes, int fd, const char *path, GError **error)
{
    struct stat status;
    if (fstat(fd, &status) != 0 ||
        ((status.st_uid != attributes->uid || status.st_gid != attributes->gid) &&
         fchown(fd, attributes->uid, attributes->gid) != 0))
        return fail(error, ERROR_FAILED, "'%s' cannot be given its owner %u:%u: %s.", path,
                    attributes->uid, attributes->gid, g_strerror(errno));
    for (guint i = 0; i < attributes->xattrs->len; i++) {
        const OsXattr *xattr = attributes->xattrs->pdata[i];
        if (!give_xattr(fd, xattr))
            return fail(error, ERROR_FAILED, "'%s' cannot be given its attribute '%s': %s.", path,
                        xattr->name, g_strerror(errno));
    }
    if (attributes->mtime_ns == UNKNOWN)
        return true;
    const struct timespec times[] = {
        {.tv_nsec = UTIME_OMIT},
        {.tv_sec = attributes->mtime_ns / NS_PER_S, .tv_nsec = attributes->mtime_ns % NS_PER_S}};
    if (futimens(fd, times) != 0)
        return fail(error, ERROR_FAILED, "'%s' cannot be given its time: %s.", path,
                    g_strerror(errno));
    return true;
}

bool os_attributes_equal(const OsAttributes *a, const OsAttributes *b)
{
    if (a->mode != b->mode || a->uid != b->uid || a->gid != b->gid ||
        a->xattrs->len != b->xattrs->len)
        return false;
    for (guint i = 0; i < a->xattrs->len; i++) {
        const OsXattr *left = a->xattrs->pdata[i], *right = b->xattrs->pdata[i];
        if (strcmp(left->name, right->name) != 0 || !g_bytes_equal(left->value, right->value))
            return false;
    }
    return true;
}
