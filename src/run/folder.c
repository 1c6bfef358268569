/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/folder.h"

#include "base/error.h"
#include "os/files.h"
#include "run/users.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_NAME "p"
#define FOLDER_PREFIX "p-" /* as os_make_temporary_folder() goes on from the name */
#define FOLDER_MODE 0711
#define FOLDER_LOCK_WAIT_MS 30000

struct RunFolder {
    char *path;
    OsLock *lock;
};

/* Removes the folder NAME below PARENT unless somebody holds its lock. */
static void folder_sweep_one(const char *parent, const char *name)
{
    g_autofree char *path = g_build_filename(parent, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR) || g_file_test(path, G_FILE_TEST_IS_SYMLINK))
        return;
    g_autofree char *lock_path = g_build_filename(path, "lock", NULL);
    g_autoptr(OsLock) lock = os_lock(lock_path, 0, path, NULL);
    if (lock == NULL)
        return;
    users_kill_all(path);
    os_remove(path, NULL);
}

static void folder_sweep(const char *parent)
{
    g_autoptr(GDir) names = g_dir_open(parent, 0, NULL);
    const char *name;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        if (g_str_has_prefix(name, FOLDER_PREFIX))
            folder_sweep_one(parent, name);
    }
}

static bool folder_fill(RunFolder *folder, GError **error)
{
    if (strlen(folder->path) > RUN_FOLDER_MAX)
        return fail(error, ERROR_INPUT,
                    "The path %s is too long: libvirt makes sockets below it, and only %d bytes "
                    "are left for the folder. Choose a shorter one with --store.",
                    folder->path, RUN_FOLDER_MAX);
    if (chmod(folder->path, FOLDER_MODE) != 0)
        return fail(error, ERROR_FAILED, "The mode of %s cannot be set: %s.", folder->path,
                    g_strerror(errno));
    g_autofree char *lock_path = run_folder_file(folder, "lock");
    folder->lock = os_lock(lock_path, 0, folder->path, error);
    return folder->lock != NULL;
}

RunFolder *run_folder_make(const char *parent, GError **error)
{
    if (!os_make_folders(parent, FOLDER_MODE, error))
        return NULL;
    /* Held until the new folder has its own lock: else another run could take it for a left one. */
    g_autofree char *lock_path = g_build_filename(parent, ".lock", NULL);
    g_autoptr(OsLock) lock =
        os_lock(lock_path, FOLDER_LOCK_WAIT_MS, "the folder of runs under way", error);
    if (lock == NULL)
        return NULL;
    folder_sweep(parent);
    char *path = os_make_temporary_folder(parent, FOLDER_NAME, error);
    if (path == NULL)
        return NULL;
    g_autoptr(RunFolder) folder = g_new0(RunFolder, 1);
    folder->path = path;
    return folder_fill(folder, error) ? g_steal_pointer(&folder) : NULL;
}

const char *run_folder_path(const RunFolder *folder)
{
    return folder->path;
}

char *run_folder_file(const RunFolder *folder, const char *name)
{
    return g_build_filename(folder->path, name, NULL);
}

void run_folder_free(RunFolder *folder)
{
    if (folder == NULL)
        return;
    os_remove(folder->path, NULL);
    os_lock_free(folder->lock);
    g_free(folder->path);
    g_free(folder);
}
