/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/directory.h"

#include <dirent.h>
#include <errno.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How often an EAGAIN of openat2(2) is answered by another try. It comes when a rename anywhere on
 * the machine crosses the walk over a `..`. */
#define OPEN_TRIES 256

int directory_open_at(int folder, const char *path, int flags, guint64 resolve)
{
    struct open_how how = {.flags = (guint64)flags, .resolve = resolve};
    long fd = -1;
    for (guint i = 0; i < OPEN_TRIES; i++) {
        fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
            break;
    }
    return (int)fd;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GStrv directory_names(int fd)
{
    DIR *directory = fdopendir(fd);
    if (directory == NULL) {
        int saved = errno;
        close(fd);
        errno = saved;
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const struct dirent *entry;
    errno = 0;
    while ((entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            g_ptr_array_add(names, g_strdup(entry->d_name));
        errno = 0;
    }
    int saved = errno;
    closedir(directory);
    if (saved != 0) {
        g_ptr_array_unref(names);
        errno = saved;
        return NULL;
    }
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (GStrv)g_ptr_array_free(names, FALSE);
}

char *directory_path_of(int fd)
{
    char link[32];
    char path[4096];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof(path));
    if (length <= 0 || length == (ssize_t)sizeof(path) || path[0] != '/')
        return NULL;
    return g_strndup(path, (gsize)length);
}
