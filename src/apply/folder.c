/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/folder.h"

#include "apply/host.h"
#include "apply/kind.h"
#include "os/change.h"

#include <string.h>

bool folder_is(char *const *argv)
{
    return g_strv_length((GStrv)argv) >= 3 && strcmp(argv[0], "install") == 0 &&
           strcmp(argv[1], "-d") == 0;
}

char *folder_after(char *const *argv)
{
    return g_strdup("there");
}

static const char *path_of(const Change *change)
{
    return change->command[g_strv_length(change->command) - 1];
}

static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    *ret_state = os_exists(host->root, path_of(change)) ? g_strdup("there") : NULL;
    return true;
}

/* What somebody keeps in it by now stays, with the folder. */
static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    return change->before != NULL || os_drop_folder(host->root, path_of(change), error);
}

const Kind KIND_FOLDER = {.state = state, .revert = revert};
