/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/setup-parts.h"
#include "os/person.h"

#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The nearest folder on the way to PATH that there is. */
static char *nearest_there(const char *path)
{
    char *folder = g_strdup(path);
    while (strlen(folder) > 1 && !g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        char *above = g_path_get_dirname(folder);
        g_free(folder);
        folder = above;
    }
    return folder;
}

/* Whether all others may enter FOLDER and every one above it. Access lists can grant more than the
 * mode says, so that a closed folder with one (its mask then is the mode's middle) is unknown. */
static Tri others_may_enter(const char *folder)
{
    g_autofree char *path = g_strdup(folder);
    Tri open = TRI_YES;

    for (;;) {
        struct stat status;
        if (stat(path, &status) != 0)
            return TRI_UNKNOWN;
        if ((status.st_mode & S_IXOTH) == 0)
            open = (status.st_mode & S_IXGRP) != 0 ? TRI_UNKNOWN : TRI_NO;
        if (open == TRI_NO || strcmp(path, "/") == 0)
            return open;
        char *above = g_path_get_dirname(path);
        g_free(path);
        path = above;
    }
}

static gint64 free_space(const char *folder)
{
    struct statvfs space;
    if (statvfs(folder, &space) != 0 || space.f_frsize == 0)
        return UNKNOWN;
    guint64 bytes = (guint64)space.f_bavail * space.f_frsize;
    return bytes > G_MAXINT64 ? G_MAXINT64 : (gint64)bytes;
}

/* PATH without the names of the person: "~" for their home folder, "$USER" for the account. */
static char *shown(const char *path, const struct passwd *account)
{
    const char *home = account != NULL ? account->pw_dir : NULL;
    gsize length = home != NULL ? strlen(home) : 0;
    g_autofree char *images = os_images_folder(account != NULL ? account->pw_name : NULL);

    if (length > 1 && strncmp(path, home, length) == 0 && path[length] == '/')
        return g_strconcat("~", path + length, NULL);
    return g_strcmp0(path, images) == 0 ? os_images_folder("$USER") : g_strdup(path);
}

/* The store that a command without --store uses (store_open()); where sudo asks, that of who called
 * it. */
void setup_read_store(const OsRoot *root, StoreSetup *store)
{
    if (!os_root_is_live(root))
        return;
    uid_t person = os_person();
    g_autofree char *path = person == 0 ? g_strdup("/var/lib/rootstock") : os_store_folder(person);
    g_autofree char *there = nearest_there(path);

    store->folder = shown(path, getpwuid(person));
    store->reachable = others_may_enter(there);
    store->free = free_space(there);
}
