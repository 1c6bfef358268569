/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/host.h"
#include "apply/kind.h"
#include "base/error.h"
#include "os/change.h"

#include <string.h>

/* A daemon that waits for others may take this long to start or stop; systemd's own limit is 90
 * seconds (DefaultTimeoutStartSec=). */
#define START_TIMEOUT_S 180

/* Where systemd keeps what is enabled: links in folders named UNIT.wants and UNIT.requires, and
 * aliases beside them (systemctl(1), enable). */
#define UNIT_FOLDER "/etc/systemd/system"

static char *ask(const ApplyHost *host, const char *verb, const char *unit, GError **error)
{
    const char *const argv[] = {"systemctl", verb, unit, NULL};
    g_autoptr(OsOutput) output = host_run(host, argv, 0, true, error);
    return output != NULL ? g_strdup(g_strstrip(output->out)) : NULL;
}

static const char *running_word(const char *active)
{
    static const char *const RUNNING[] = {"active", "activating", "reloading", NULL};
    if (g_strv_contains(RUNNING, active))
        return "running";
    return strcmp(active, "failed") == 0 ? "failed" : "stopped";
}

/* "enabled, running". An old systemctl prints nothing for a unit that it does not know, a newer one
 * "not-found". */
static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    g_autofree char *enabled = ask(host, "is-enabled", change->target, error);
    if (enabled == NULL)
        return false;
    *ret_state = NULL;
    if (*enabled == '\0' || strcmp(enabled, "not-found") == 0)
        return true;
    g_autofree char *active = ask(host, "is-active", change->target, error);
    if (active == NULL)
        return false;
    *ret_state = g_strdup_printf("%s, %s", enabled, running_word(active));
    return true;
}

static void add_links(const OsRoot *root, const char *folder, GString *text, bool deeper)
{
    g_auto(GStrv) names = os_list(root, folder);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        g_autofree char *target = os_read_link(root, path);
        bool wants =
            g_str_has_suffix(names[i], ".wants") || g_str_has_suffix(names[i], ".requires");
        if (target != NULL)
            g_string_append_printf(text, "%s\n", path);
        else if (deeper && wants)
            add_links(root, path, text, false);
    }
}

/* The first line is the state; the others are the links that say what is enabled. */
static bool inventory(const ApplyHost *host, const Change *change, char **ret_text, GError **error)
{
    g_autofree char *now = NULL;
    if (!state(host, change, &now, error))
        return false;
    GString *text = g_string_new(now != NULL ? now : "not there");
    g_string_append_c(text, '\n');
    add_links(host->root, UNIT_FOLDER, text, true);
    *ret_text = g_string_free(text, FALSE);
    return true;
}

/* `systemctl enable` may have enabled other units too (Also=), some of which were enabled before;
 * so the links that came are taken away, and `disable` is not asked. */
static bool remove_new_links(const ApplyHost *host, char **before, char **after, bool *ret_removed,
                             GError **error)
{
    for (guint i = 1; after[0] != NULL && after[i] != NULL; i++) {
        if (*after[i] == '\0' || g_strv_contains((const char *const *)before, after[i]))
            continue;
        g_autofree char *folder = g_path_get_dirname(after[i]);
        if (!os_unlink_link(host->root, after[i], error))
            return false;
        if (strcmp(folder, UNIT_FOLDER) != 0 && !os_drop_folder(host->root, folder, error))
            return false;
        *ret_removed = true;
    }
    return true;
}

static bool run(const ApplyHost *host, const char *verb, const char *unit, GError **error)
{
    const char *const argv[] = {"systemctl", verb, unit, NULL};
    g_autoptr(OsOutput) output = host_run(host, argv, START_TIMEOUT_S, false, error);
    return output != NULL;
}

static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    g_autofree char *now = NULL;
    g_autofree char *current = NULL;
    bool removed = false;
    if (!inventory(host, change, &current, error) || !state(host, change, &now, error))
        return false;
    g_auto(GStrv) old = g_strsplit(before != NULL ? before : "not there", "\n", -1);
    g_auto(GStrv) new = g_strsplit(after != NULL ? after : current, "\n", -1);
    bool was_running = g_str_has_suffix(old[0], ", running");
    if (!was_running && now != NULL && g_str_has_suffix(now, ", running") &&
        !run(host, "stop", change->target, error))
        return false;
    return remove_new_links(host, old, new, &removed, error) &&
           (!removed || run(host, "daemon-reload", NULL, error));
}

/* A unit that its administrator has masked is not to be started. */
static bool prepare(const ApplyHost *host, const Change *change, GError **error)
{
    if (change->before == NULL || !g_str_has_prefix(change->before, "masked"))
        return true;
    return fail(error, ERROR_REFUSED,
                "The unit '%s' is masked: somebody has forbidden to start it. If that is no longer "
                "wanted, run `systemctl unmask %s` and try again.",
                change->target, change->target);
}

const Kind KIND_SERVICE = {.state = state,
                           .prepare = prepare,
                           .inventory = inventory,
                           .revert = revert,
                           .timeout_s = START_TIMEOUT_S};
