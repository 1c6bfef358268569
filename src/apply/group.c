/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/host.h"
#include "apply/kind.h"
#include "base/error.h"

#include <string.h>

/* Columns of passwd(5) and group(5). */
enum { PASSWD_GID = 3, GROUP_GID = 2, GROUP_MEMBERS = 3 };

/* The columns of the line of NAME in a file like /etc/passwd; NULL when it has none. */
static GStrv entry_of(const OsRoot *root, const char *path, const char *name)
{
    g_autofree char *text = os_read_text(root, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) columns = g_strsplit(lines[i], ":", -1);
        if (g_strv_length(columns) > 3 && strcmp(columns[0], name) == 0)
            return g_steal_pointer(&columns);
    }
    return NULL;
}

/* "USER in GROUP" */
static GStrv names_of(const Change *change)
{
    return g_strsplit(change->target, " in ", 2);
}

static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    g_auto(GStrv) names = names_of(change);
    g_auto(GStrv) user = entry_of(host->root, "etc/passwd", names[0]);
    g_auto(GStrv) group = entry_of(host->root, "etc/group", names[1]);
    g_auto(GStrv) members = g_strsplit(group != NULL ? group[GROUP_MEMBERS] : "", ",", -1);
    bool first = user != NULL && group != NULL && strcmp(user[PASSWD_GID], group[GROUP_GID]) == 0;
    bool member = first || g_strv_contains((const char *const *)members, names[0]);
    *ret_state = member ? g_strdup("member") : NULL;
    return true;
}

static bool prepare(const ApplyHost *host, const Change *change, GError **error)
{
    g_auto(GStrv) names = names_of(change);
    g_auto(GStrv) user = entry_of(host->root, "etc/passwd", names[0]);
    return user != NULL ||
           fail(error, ERROR_REFUSED,
                "'%s' is no account of this host's own (it is not in /etc/passwd), so it is not "
                "put into the group '%s'. Ask who keeps your accounts.",
                names[0], names[1]);
}

/* What is to be done where /etc/group was changed by others since, so that the old file would take
 * their changes away. */
static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    g_auto(GStrv) names = names_of(change);
    g_autofree char *now = NULL;
    if (!state(host, change, &now, error))
        return false;
    if (change->before != NULL || now == NULL)
        return true;
    const char *const argv[] = {"gpasswd", "-d", names[0], names[1], NULL};
    g_autoptr(OsOutput) output = host_run(host, argv, 0, false, error);
    return output != NULL;
}

const Kind KIND_GROUP = {.state = state, .prepare = prepare, .revert = revert};
