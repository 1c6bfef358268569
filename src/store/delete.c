/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/private.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * QEMU marks an image that it has open with read locks (of the open file description, fcntl(2)) on
 * single bytes: from 100 what it does with the file, from 200 what it lets nobody else do (QEMU,
 * block/file-posix.c, RAW_LOCK_PERM_BASE and RAW_LOCK_SHARED_BASE). A write lock on
 * both ranges is to be had only when no QEMU has it, and while it is held no QEMU gets it.
 */
#define QEMU_LOCK_START 100
#define QEMU_LOCK_LENGTH 200

static bool lock_image(const char *path, const char *name, int *ret_fd, GError **error)
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
                    "Machine '%s' was not removed: '%s' cannot be opened to see whether a guest "
                    "uses it: %s.",
                    name, path, g_strerror(errno));
    if (fcntl(fd, F_OFD_SETLK, &range) == 0) {
        *ret_fd = fd;
        return true;
    }
    int saved = errno;
    close(fd);
    if (saved == EAGAIN || saved == EACCES)
        return fail(error, ERROR_FAILED,
                    "Machine '%s' was not removed: QEMU has '%s' open. Shut the guest down first "
                    "(`rootstock stop %s`).",
                    name, path, name);
    return fail(error, ERROR_FAILED, "Machine '%s' was not removed: '%s' cannot be locked: %s.",
                name, path, g_strerror(saved));
}

/* Out of the list at once, so that what is half removed is never taken for a machine. */
static char *move_out(const Store *store, const char *name, GError **error)
{
    g_autofree char *machines = store_machines(store);
    g_autofree char *from = store_machine_folder(store, name);
    g_autofree char *gone = os_make_temporary_folder(machines, STORE_GONE_PREFIX, error);
    if (gone == NULL)
        return NULL;
    if (rename(from, gone) == 0) /* over the empty folder, rename(2) */
        return g_steal_pointer(&gone);
    fail(error, ERROR_FAILED, "Machine '%s' was not removed: its folder '%s' cannot be moved: %s.",
         name, from, g_strerror(errno));
    os_remove(gone, NULL);
    return NULL;
}

static bool remove_machine(const Store *store, const char *name, GError **error)
{
    g_autofree char *gone = move_out(store, name, error);
    g_autoptr(GError) cause = NULL;
    if (gone == NULL)
        return false;
    if (os_remove(gone, &cause))
        return true;
    return fail(error, ERROR_FAILED,
                "Machine '%s' is gone, but some of its files are still in '%s': %s Remove them by "
                "hand.",
                name, gone, cause->message);
}

bool store_delete(Store *store, const char *name, GError **error)
{
    static const char *const IMAGES[] = {"disk.qcow2", "nvram.fd"};
    int fds[G_N_ELEMENTS(IMAGES)] = {-1, -1};
    bool good = true;

    if (!store_is_taken(store, name))
        return store_check_has(store, name, error);
    g_autoptr(OsLock) list = store_lock_list(store, error);
    g_autoptr(OsLock) lock = list != NULL ? store_lock_machine(store, name, error) : NULL;
    if (lock == NULL)
        return false;
    store_sweep(store);
    for (guint i = 0; good && i < G_N_ELEMENTS(IMAGES); i++) {
        g_autofree char *path = store_machine_file(store, name, IMAGES[i]);
        good = lock_image(path, name, &fds[i], error);
    }
    good = good && remove_machine(store, name, error);
    for (guint i = 0; i < G_N_ELEMENTS(IMAGES); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    return good;
}
