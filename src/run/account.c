/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/account.h"

#include "base/error.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ACCOUNT_MAY, ACCOUNT_MAY_NOT, ACCOUNT_ERROR };

Tri account_may(const char *user, const char *path, int mode)
{
    if (geteuid() != 0)
        return tri(access(path, mode) == 0);
    const struct passwd *account = user == NULL ? NULL : getpwnam(user);
    if (account == NULL)
        return TRI_UNKNOWN;
    pid_t child = fork();
    if (child == 0) {
        if (initgroups(user, account->pw_gid) != 0 || setgid(account->pw_gid) != 0 ||
            setuid(account->pw_uid) != 0)
            _exit(ACCOUNT_ERROR);
        _exit(access(path, mode) == 0 ? ACCOUNT_MAY : ACCOUNT_MAY_NOT);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) == ACCOUNT_ERROR)
        return TRI_UNKNOWN;
    return tri(WEXITSTATUS(status) == ACCOUNT_MAY);
}

bool account_check_folder(const char *user, const char *path, GError **error)
{
    if (account_may(user, path, X_OK) != TRI_NO)
        return true;
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    g_autoptr(GString) folder = g_string_new(NULL);
    for (guint i = 0; parts[i] != NULL; i++) {
        g_string_append_printf(folder, "%s%s", i > 0 ? "/" : "", parts[i]);
        if (folder->len > 0 && account_may(user, folder->str, X_OK) == TRI_NO)
            break;
    }
    return fail(error, ERROR_FAILED,
                "QEMU runs as the account \"%s\", which cannot reach %s because it may not enter "
                "%s. Keep the machines in a folder that it can reach: --store DIR, for example "
                "/var/lib/rootstock.",
                user != NULL ? user : g_get_user_name(), path, folder->str);
}

char *account_group(const char *user)
{
    const struct passwd *account = getpwnam(user);
    if (account == NULL)
        return NULL;
    const struct group *same = getgrnam(user);
    const struct group *own = same != NULL ? same : getgrgid(account->pw_gid);
    return own == NULL ? NULL : g_strdup(own->gr_name);
}
