/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/person.h"

#include <glib.h>
#include <pwd.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

uid_t os_person(void)
{
    const char *caller = g_getenv("SUDO_UID");
    guint64 uid = 0;

    if (geteuid() == 0 && caller != NULL &&
        g_ascii_string_to_unsigned(caller, 10, 0, (uid_t)-1 - 1, &uid, NULL))
        return (uid_t)uid;
    return getuid();
}

char *os_person_name(void)
{
    const struct passwd *account = getpwuid(os_person());
    return account != NULL ? g_strdup(account->pw_name) : NULL;
}

#define IMAGES "/var/lib/libvirt/images"

char *os_images_folder(const char *account)
{
    bool plain =
        account != NULL && *account != '\0' && *account != '.' && strchr(account, '/') == NULL;
    return plain ? g_strdup_printf(IMAGES "/rootstock-%s", account) : NULL;
}

static bool is_folder_of(const char *path, uid_t uid)
{
    struct stat status;
    return path != NULL && lstat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == uid;
}

static bool has_machines(const char *store)
{
    g_autofree char *machines = g_build_filename(store, "machines", NULL);
    return g_file_test(machines, G_FILE_TEST_IS_DIR);
}

/* Of another account the environment tells nothing. */
static char *data_folder(uid_t uid, const char *home)
{
    if (uid == geteuid())
        return g_build_filename(g_get_user_data_dir(), "rootstock", NULL);
    return g_build_filename(home, ".local/share/rootstock", NULL);
}

char *os_store_folder(uid_t uid)
{
    const struct passwd *account = getpwuid(uid);
    g_autofree char *images = os_images_folder(account != NULL ? account->pw_name : NULL);
    g_autofree char *own = data_folder(uid, account != NULL ? account->pw_dir : "/");

    if (is_folder_of(images, uid) && (has_machines(images) || !has_machines(own)))
        return g_steal_pointer(&images);
    return g_steal_pointer(&own);
}
