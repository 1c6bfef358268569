/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"

#include "apply/host.h"
#include "apply/kind.h"
#include "base/error.h"

#include <string.h>

/*
 * The timer that takes the plan back unless somebody confirms it: units of our own, so that it does
 * not matter what becomes of this process, the terminal or the session it was called from. It is
 * enabled, so that a restart of the host, which forgets a transient timer, begins its time anew.
 */
#define UNIT "rootstock-takeback"
#define FOLDER "/etc/systemd/system/"

/* APPLY_CONFIRM_SECONDS: long enough to open another session from a distance and type a command,
 * short enough to be waited for. The switch itself may take up to a minute and a half of it. */
#define SECONDS G_STRINGIFY(APPLY_CONFIRM_SECONDS)

/* The file of this process, where systemd can run it with nothing to be quoted. */
static char *find_program(const ApplyHost *host, GError **error)
{
    g_autofree char *self =
        host->program != NULL ? g_strdup(host->program) : g_file_read_link("/proc/self/exe", NULL);
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "/._+-";
    if (self != NULL && self[0] == '/' && self[strspn(self, LETTERS)] == '\0')
        return g_steal_pointer(&self);
    return fail_null(error, ERROR_REFUSED,
                     "The bridge is not made: the timer that would take it back has to run this "
                     "program, and systemd cannot be told to run '%s'. Install rootstock in a "
                     "folder like /usr/local (`make install`) and run it from there.",
                     self != NULL ? self : "/proc/self/exe");
}

static char *service_text(const char *program)
{
    return g_strdup_printf("# Made by rootstock; gone once the change is confirmed.\n"
                           "[Unit]\n"
                           "Description=Take back what rootstock changed and nobody confirmed\n"
                           "Documentation=man:rootstock-confirm(1)\n"
                           "\n"
                           "[Service]\n"
                           "ExecStart=%s undo --unconfirmed --yes\n"
                           "Restart=on-failure\n"
                           "RestartSec=30\n",
                           program);
}

static const char TIMER_TEXT[] = "# Made by rootstock; gone once the change is confirmed.\n"
                                 "[Unit]\n"
                                 "Description=Take back what rootstock changed unless it is "
                                 "confirmed\n"
                                 "Documentation=man:rootstock-confirm(1)\n"
                                 "\n"
                                 "[Timer]\n"
                                 "OnActiveSec=" SECONDS "\n"
                                 "AccuracySec=1\n"
                                 "\n"
                                 "[Install]\n"
                                 "WantedBy=timers.target\n";

/* That systemd can run the program is tried before it is relied on: a folder of somebody's home or
 * a policy of SELinux may be in the way. */
static bool add_timer(const Bridge *bridge, const char *program, GError **error)
{
    static const char *const ENABLE[] = {"systemctl", "enable", "--now", UNIT ".timer", NULL};
    const char *const try_out[] = {"systemd-run", "--wait", "--pipe",    "--quiet",
                                   "--collect",   program,  "--version", NULL};
    Change *change = change_new(bridge->goal->step, CHANGE_SERVICE, UNIT ".timer");
    g_autofree char *now = NULL;
    change->rank = RANK_TAKEBACK;
    change->why = g_strdup("It takes all of this back in " SECONDS " seconds.");
    if (!KIND_SERVICE.state(bridge->resolver->host, change, &now, error)) {
        change_free(change);
        return false;
    }
    change_set_states(change, now, "enabled, running");
    change->command = g_strdupv((GStrv)ENABLE);
    change_add_effect_program(change, try_out, "rootstock", false);
    return plan_add(bridge->resolver->plan, change, error);
}

bool bridge_add_guard(const Bridge *bridge, GError **error)
{
    const ApplyHost *host = bridge->resolver->host;
    if (!os_exists(host->root, "run/systemd/system"))
        return fail(error, ERROR_REFUSED,
                    "The bridge is not made: this host does not run systemd, which would take the "
                    "change back if it cut you off. " BRIDGE_BY_HAND);
    g_autofree char *program = find_program(host, error);
    if (program == NULL)
        return false;
    g_autofree char *service = service_text(program);
    return bridge_add_file(bridge, RANK_TAKEBACK, FOLDER UNIT ".service", service, false, error) &&
           bridge_add_file(bridge, RANK_TAKEBACK, FOLDER UNIT ".timer", TIMER_TEXT, false, error) &&
           add_timer(bridge, program, error);
}
