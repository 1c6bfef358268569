/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* What a guest needs of a libvirt with a daemon for each part: QEMU, logs, networks, devices, disks
 * (libvirt, docs/daemons.rst). */
static const char *const PARTS[] = {"virtqemud.socket",    "virtlogd.socket",
                                    "virtnetworkd.socket", "virtnodedevd.socket",
                                    "virtstoraged.socket", NULL};

static bool is_enabled(char *const *enabled)
{
    static const char *const STARTS[] = {"libvirtd.socket", "libvirtd.service", "virtqemud.socket",
                                         "virtqemud.service"};
    for (guint i = 0; i < G_N_ELEMENTS(STARTS); i++) {
        if (lookup_has(enabled, STARTS[i]))
            return true;
    }
    return false;
}

/* Debian and what is made from it build libvirt with its one daemon as the one that is used, so
 * that is what comes when nothing is installed yet. */
static bool has_one_daemon(const Path *path)
{
    const DistributionFacts *distribution = &path->facts->distribution;

    return lookup_has(path->facts->setup.libvirt.units, "libvirtd.socket") ||
           g_strcmp0(distribution->id, "debian") == 0 || lookup_has(distribution->like, "debian");
}

/* Of a libvirt with a daemon for each part, that for networks where it is installed and does not
 * start with the host, as then no guest has the network default; NULL: there is none. That for logs
 * comes with the one for QEMU, whose unit wants it. */
static const char *idle_part(const LibvirtSetup *libvirt)
{
    static const char NETWORKS[] = "virtnetworkd.socket";
    bool idle = lookup_has_modular_libvirt(libvirt->units) && libvirt->enabled != NULL &&
                lookup_has(libvirt->units, NETWORKS) && !lookup_has(libvirt->enabled, NETWORKS) &&
                !lookup_has(libvirt->enabled, "virtnetworkd.service");
    return idle ? NETWORKS : NULL;
}

/* Distributions have one daemon or one for each part; some have both, and are left at the first. */
static void want_daemons(const Path *path, PathStep *step)
{
    static const char *const ONE[] = {"libvirtd.socket", NULL};
    static const char *const EITHER[] = {"virtqemud.socket libvirtd.socket",
                                         "virtnetworkd.socket libvirtd.socket", NULL};
    char *const *units = path->facts->setup.libvirt.units;
    const char *const *wanted = lookup_has_modular_libvirt(units) ? PARTS
                                : has_one_daemon(path)            ? ONE
                                                                  : EITHER;

    bool some_only = wanted == PARTS; /* not every distribution has a part for each */
    for (; *wanted != NULL; wanted++) {
        if (!some_only || lookup_has(units, *wanted))
            step_wants(step, goal_service(step_id(step->step), *wanted,
                                          "systemd starts libvirt when somebody speaks to it."));
    }
}

static void judge_daemon(const Path *path, PathStep *step)
{
    const SoftwareFacts *software = &path->facts->software;
    const LibvirtSetup *libvirt = &path->facts->setup.libvirt;
    bool runs = software->libvirt_daemon == TRI_YES;
    const char *idle = idle_part(libvirt);

    if (runs)
        step_saw(step, "The socket %s is there.", software->libvirt_socket);
    if (runs && idle != NULL) {
        step_todo(step, "%s does not start with the host: a guest needs it, too.", idle);
        want_daemons(path, step);
        return;
    }
    if (runs && (libvirt->enabled == NULL || is_enabled(libvirt->enabled))) {
        step_done(step, "%s%s", step->evidence,
                  libvirt->enabled != NULL ? " systemd opens it at each start." : "");
    } else if (software->libvirt_daemon == TRI_UNKNOWN) {
        step_unknown(step, "Whether libvirt runs is unknown. `virsh -c qemu:///system version` "
                           "says it.");
    } else {
        step_todo(step, runs ? "It was started by hand and does not start with the host."
                             : "libvirt's daemon does not run: none of its sockets is there.");
        want_daemons(path, step);
    }
}

static void want_group(const Path *path, PathStep *step)
{
    if (path->state.account != NULL)
        step_wants(step, goal_group(step_id(step->step), path->state.account, "libvirt",
                                    "You may use libvirt's system connection without a password."));
}

/* Root asks for somebody (sudo), whose sessions are not to be seen from here. */
static void judge_account(const Path *path, PathStep *step)
{
    const char *account = path->state.account;
    char *const *assigned = path->facts->setup.person.assigned;

    if (lookup_has(assigned, "libvirt")) {
        step_done(step, "The account %s has the group libvirt.", account);
    } else if (assigned == NULL) {
        step_unknown(step, "The groups of the account %s are unknown. `id -nG %s` lists them.",
                     account, account);
    } else {
        step_todo(step, "The account %s does not have the group libvirt.", account);
        want_group(path, step);
    }
}

static void judge_access(const Path *path, PathStep *step)
{
    const PersonFacts *person = &path->facts->setup.person;
    bool in_libvirt = lookup_has(person->groups, "libvirt");

    if (person->root == TRI_YES && path->state.account != NULL &&
        strcmp(path->state.account, "root") != 0) {
        judge_account(path, step);
    } else if (person->root == TRI_YES) {
        step_not_needed(step, "You are root, who needs no group. Guests are better looked after "
                              "as an ordinary user in the group libvirt.");
    } else if (in_libvirt) {
        step_done(step, "Your session has the group libvirt%s.",
                  lookup_has(person->groups, "kvm") ? ", and kvm" : "");
    } else if (person->groups == NULL) {
        step_unknown(step, "Your groups are unknown. `id -nG` lists them.");
    } else if (lookup_has(person->assigned, "libvirt")) {
        step_saw(step, "The accounts give you the group libvirt, and this session does not have it "
                       "yet.");
        step_for_person(step, "Log out and in again.");
    } else {
        step_todo(step, "Your session does not have the group libvirt.");
        want_group(path, step);
    }
}

/* A machine on another network needs none of libvirt's. */
static bool needs_network(const Path *path)
{
    return path->machine == NULL || strcmp(path->machine->network, "default") == 0;
}

static void want_network(const LibvirtSetup *libvirt, PathStep *step)
{
    const char *effect = "Guests reach the network through the host (NAT).";

    if (libvirt->network_active != TRI_YES)
        step_wants(step, goal_command(step_id(step->step), "network default",
                                      (const char *const[]){"virsh", "-c", "qemu:///system",
                                                            "net-start", "default", NULL},
                                      effect));
    step_wants(step, goal_command(step_id(step->step), "network default",
                                  (const char *const[]){"virsh", "-c", "qemu:///system",
                                                        "net-autostart", "default", NULL},
                                  "The network starts with libvirt's daemon."));
}

static void judge_network(const Path *path, PathStep *step)
{
    const LibvirtSetup *libvirt = &path->facts->setup.libvirt;

    if (!needs_network(path)) {
        step_not_needed(step,
                        "The machine %s uses %s, which needs nothing of libvirt's networks.",
                        path->machine->name,
                        strcmp(path->machine->network, "bridge") == 0 ? "a bridge of the host's"
                                                                      : "QEMU's user network");
    } else if (libvirt->network_active == TRI_YES && libvirt->network_autostart != TRI_NO) {
        step_done(step, "The bridge of libvirt's network default is there.");
        if (libvirt->network_autostart == TRI_UNKNOWN)
            step_because(step, "Whether it starts with the daemon, only root may see.");
    } else if (libvirt->network_active == TRI_UNKNOWN) {
        step_unknown(step, "libvirt's networks are unknown. `virsh -c qemu:///system net-list "
                           "--all` lists them.");
    } else if (libvirt->network_defined == TRI_NO) {
        step_saw(step, "libvirt has no network default.");
        step_for_person(step, "Install what the distribution keeps it in, or define one: see the "
                              "text of this step.");
    } else {
        step_todo(step, libvirt->network_active == TRI_YES
                            ? "libvirt's network default runs, and does not start with the daemon."
                            : "libvirt's network default does not run.");
        want_network(libvirt, step);
    }
}

/* A folder of the person's own in libvirt's folder for images, which is open to QEMU's account and
 * has SELinux's label for images. Nothing of a home folder is changed. */
static void want_folder(const Path *path, PathStep *step)
{
    const char *account = path->state.account;

    if (account == NULL || strcmp(account, "root") == 0) {
        step_for_person(step, "Keep machines in a folder of your own below "
                              "/var/lib/libvirt/images, or in /var/lib/rootstock (`--store`). Do "
                              "not open your home folder.");
        return;
    }
    g_autofree char *folder = g_strdup_printf("/var/lib/libvirt/images/rootstock-%s", account);
    g_autofree char *target = g_strdup_printf("folder %s", folder);
    const char *const argv[] = {"install", "-d", "-m", "0711", "-o", account, folder, NULL};

    step->state = STEP_TODO;
    step->needed = TRI_YES;
    step_wants(step, goal_command(step_id(step->step), target, argv,
                                  "Machines that you make from then on are kept there, where "
                                  "QEMU may enter; those in your home folder are moved by hand."));
}

static void judge_storage(const Path *path, PathStep *step)
{
    const StoreSetup *store = &path->facts->setup.store;
    const char *account = path->facts->software.qemu_user;

    if (store->folder == NULL || store->reachable == TRI_UNKNOWN) {
        step_unknown(step, "Whether QEMU's account may enter the folder where machines are kept "
                           "is unknown. `namei -l` on that folder says it: each line needs an x at "
                           "the end of its mode.");
    } else if (store->reachable == TRI_YES) {
        step_done(step, "Every folder on the way to %s lets QEMU's account pass.", store->folder);
    } else {
        step_saw(step, "A folder on the way to %s is closed to others.", store->folder);
        step_because(step,
                     "QEMU runs as %s under libvirt's system connection, and finds no disk "
                     "there.",
                     account != NULL ? account : "an account of its own");
        want_folder(path, step);
    }
}

static void judge_confinement(const Path *path, PathStep *step)
{
    const SetupFacts *setup = &path->facts->setup;
    const char *kind = setup->selinux == TRI_YES ? "SELinux" : "AppArmor";

    if (setup->apparmor == TRI_UNKNOWN && setup->selinux == TRI_UNKNOWN) {
        step_unknown(step, "Whether the kernel confines programs is unknown. `cat "
                           "/sys/kernel/security/lsm` says it.");
    } else if (setup->apparmor != TRI_YES && setup->selinux != TRI_YES) {
        step_not_needed(step, "This kernel confines no programs by AppArmor or SELinux. QEMU still "
                              "runs as an account of its own.");
    } else if (g_strcmp0(setup->libvirt.security_driver, "none") == 0) {
        step_saw(step, "/etc/libvirt/qemu.conf has security_driver = \"none\".");
        step_for_person(step, "Take that line out again and restart libvirt's daemon: it lets a "
                              "guest's QEMU at every file that its account may read.");
    } else {
        step_done(step, "%s is on, and libvirt confines each guest with it.", kind);
    }
}

const Step STEPS_LIBVIRT[] = {
    {"libvirt-daemon", SECTION_LIBVIRT, "Daemon", judge_daemon, {"package-libvirt", NULL}},
    {"libvirt-access", SECTION_LIBVIRT, "Your groups", judge_access, {"package-libvirt", NULL}},
    {"libvirt-network",
     SECTION_LIBVIRT,
     "Network for guests",
     judge_network,
     {"libvirt-daemon", "package-tools", NULL}},
    {"storage-access",
     SECTION_LIBVIRT,
     "Access to storage",
     judge_storage,
     {"package-libvirt", NULL}},
    {"confinement", SECTION_LIBVIRT, "Confinement", judge_confinement, {NULL}},
    {0},
};
