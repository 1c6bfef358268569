/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/tuned.h"

#include "apply/host.h"
#include "apply/kind.h"

#include <string.h>

/*
 * TuneD keeps the name of its profile in active_profile, and whether somebody chose it ("manual")
 * or it did itself ("auto") in profile_mode (tuned-adm(8); tuned's tuned/consts.py). `tuned-adm`
 * tells the daemon, which writes both.
 */
#define ACTIVE "etc/tuned/active_profile"
#define MODE "etc/tuned/profile_mode"

bool tuned_is(char *const *argv)
{
    return g_strv_length((GStrv)argv) == 3 && strcmp(argv[0], "tuned-adm") == 0 &&
           strcmp(argv[1], "profile") == 0;
}

char *tuned_after(char *const *argv)
{
    return g_strdup(argv[2]);
}

/* NULL: there is no such file, or nothing in it. */
static char *word_of(const ApplyHost *host, const char *path)
{
    g_autofree char *text = os_read_text(host->root, path, NULL);
    if (text == NULL || *g_strstrip(text) == '\0')
        return NULL;
    return g_steal_pointer(&text);
}

static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    *ret_state = word_of(host, ACTIVE);
    return true;
}

/* "PROFILE MODE"; without a mode where it is unknown. */
static bool inventory(const ApplyHost *host, const Change *change, char **ret_text, GError **error)
{
    g_autofree char *profile = word_of(host, ACTIVE);
    g_autofree char *mode = word_of(host, MODE);
    *ret_text =
        profile != NULL ? g_strdup_printf("%s\n%s", profile, mode != NULL ? mode : "") : NULL;
    return true;
}

static bool run(const ApplyHost *host, const char *verb, const char *profile, GError **error)
{
    const char *const argv[] = {"tuned-adm", verb, profile, NULL};
    g_autoptr(OsOutput) output = host_run(host, argv, 0, false, error);
    return output != NULL;
}

/* What TuneD had is given to it again, unless somebody has given it another one since. */
static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    g_autofree char *now = word_of(host, ACTIVE);
    g_auto(GStrv) old = g_strsplit(before != NULL ? before : "", "\n", 2);
    const char *profile = old[0] != NULL && *old[0] != '\0' ? old[0] : NULL;

    if (g_strcmp0(now, change->after) != 0 || g_strcmp0(now, profile) == 0)
        return true;
    if (profile == NULL)
        return run(host, "off", NULL, error);
    if (g_strcmp0(old[1], "auto") == 0)
        return run(host, "auto_profile", NULL, error);
    return run(host, "profile", profile, error);
}

const Kind KIND_TUNED = {.state = state, .inventory = inventory, .revert = revert};
