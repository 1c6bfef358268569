/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/person.h"

#include <glib.h>
#include <pwd.h>
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
