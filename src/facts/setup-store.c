/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/setup-parts.h"

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

/* The store that a command without --store uses (store_open()). */
void setup_read_store(const OsRoot *root, StoreSetup *store)
{
    if (!os_root_is_live(root))
        return;
    bool system = geteuid() == 0;
    g_autofree char *path = system ? g_strdup("/var/lib/rootstock")
                                   : g_build_filename(g_get_user_data_dir(), "rootstock", NULL);
    g_autofree char *there = nearest_there(path);
    const char *home = g_get_home_dir();
    bool in_home = !system && g_str_has_prefix(path, home) && path[strlen(home)] == '/';

    store->folder = in_home ? g_strconcat("~", path + strlen(home), NULL) : g_strdup(path);
    store->reachable = others_may_enter(there);
    store->free = free_space(there);
}
