/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/private.h"

#include "base/error.h"
#include "image/image.h"
#include "store/opencore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    static const char *const IMAGES[] = {"disk.qcow2", "nvram.fd", OPENCORE_IMAGE};
    int fds[G_N_ELEMENTS(IMAGES)] = {-1, -1, -1};
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
        g_autofree char *what = g_strdup_printf("Machine '%s' was not removed", name);
        good = image_lock(path, what, &fds[i], error);
    }
    good = good && remove_machine(store, name, error);
    for (guint i = 0; i < G_N_ELEMENTS(IMAGES); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    return good;
}
