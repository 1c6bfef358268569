/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/locks.h"

#include <glib.h>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCKS_PREFIX "LCK.."

/* The process number in the lock NAME, if this user made it; -1 else. */
static pid_t lock_owner(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return -1;
    struct stat status;
    char text[16];
    ssize_t got = -1;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid())
        got = read(fd, text, sizeof text - 1);
    close(fd);
    if (got <= 0)
        return -1;
    text[got] = '\0';
    return atoi(text);
}

void locks_remove(const char *folder, pid_t owner)
{
    g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const char *name;
    while (fd >= 0 && owner > 0 && names != NULL && (name = g_dir_read_name(names)) != NULL) {
        if (g_str_has_prefix(name, LOCKS_PREFIX) && lock_owner(fd, name) == owner)
            unlinkat(fd, name, 0);
    }
    if (fd >= 0)
        close(fd);
}
