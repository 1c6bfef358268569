/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"

#include "apply/host.h"
#include "base/error.h"
#include "base/interface.h"

#include <string.h>

static const BridgeManager *const MANAGERS[] = {&BRIDGE_NETPLAN, &BRIDGE_NETWORKD,
                                                &BRIDGE_NETWORK_MANAGER, &BRIDGE_IFUPDOWN};

static const char WHY[] = "The guest is on the network of the host's card, and the host's own "
                          "address moves to the bridge.";

static const char WHY_TAKEBACK[] =
    "Whoever is cut off cannot undo it, so that a timer does unless you confirm that you still "
    "reach this host.";

static bool add(const Bridge *bridge, Change *change, ChangeRank rank, GError **error)
{
    change->rank = rank;
    change->why = g_strdup(rank == RANK_TAKEBACK       ? WHY_TAKEBACK
                           : bridge->goal->why != NULL ? bridge->goal->why
                                                       : WHY);
    return plan_add(bridge->resolver->plan, change, error);
}

bool bridge_add_file(const Bridge *bridge, ChangeRank rank, const char *path, const char *text,
                     bool secret, GError **error)
{
    g_autofree char *now = NULL;
    if (!resolver_read(bridge->resolver, path, &now, error))
        return false;
    if (g_strcmp0(now, text) == 0)
        return true;
    Change *change = change_new(bridge->goal->step, CHANGE_FILE, path);
    change_set_states(change, now, text);
    (secret ? change_add_secret : change_add_edit)(change, path, now, text);
    return add(bridge, change, rank, error);
}

bool bridge_add_edit(const Bridge *bridge, const char *path, const char *before, const char *after,
                     const char *name, GError **error)
{
    g_autofree char *target = g_strdup_printf("%s: %s", path, name);
    Change *change = change_new(bridge->goal->step, CHANGE_SETTING, target);
    change_set_states(change, bridge->interface, bridge->bridge);
    change_add_edit(change, path, before, after);
    return add(bridge, change, RANK_NETWORK, error);
}

bool bridge_add_command(const Bridge *bridge, ChangeRank rank, const char *target,
                        const char *const *argv, const char *const *revert, GError **error)
{
    Change *change = change_new(bridge->goal->step, CHANGE_COMMAND, target);
    change->command = g_strdupv((GStrv)argv);
    change->revert = g_strdupv((GStrv)revert);
    return add(bridge, change, rank, error);
}

bool bridge_add_switch(const Bridge *bridge, ChangeRank rank, const char *const *argv,
                       const char *const *revert, GError **error)
{
    const OsRoot *root = bridge->resolver->host->root;
    g_autofree char *target = g_strdup_printf("%s in %s", bridge->interface, bridge->bridge);
    g_autofree char *after = bridge_state_wanted(root, bridge->interface);
    Change *change = change_new(bridge->goal->step, CHANGE_COMMAND, target);
    change_set_states(change, NULL, after);
    change->command = g_strdupv((GStrv)argv);
    change->revert = g_strdupv((GStrv)revert);
    return add(bridge, change, rank, error);
}

static bool exists(const OsRoot *root, const char *interface, const char *what)
{
    g_autofree char *path = g_build_filename("sys/class/net", interface, what, NULL);
    return os_exists(root, path);
}

/* What lies on the interface: the kernel links each as upper_NAME (Linux
 * Documentation/ABI/testing/sysfs-class-net). NULL: nothing. The caller owns it. */
static char *find_upper(const OsRoot *root, const char *interface)
{
    g_autofree char *folder = g_build_filename("sys/class/net", interface, NULL);
    g_auto(GStrv) names = os_list(root, folder);
    for (guint i = 0; names != NULL && names[i] != NULL; i++)
        if (g_str_has_prefix(names[i], "upper_"))
            return g_strdup(names[i] + strlen("upper_"));
    return NULL;
}

/* Whether the interface can be a port of the bridge. */
static bool check_interface(const Bridge *bridge, GError **error)
{
    const OsRoot *root = bridge->resolver->host->root;
    const char *name = bridge->interface;
    g_autofree char *upper = find_upper(root, name);
    if (!exists(root, name, ""))
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: this host has no network interface %s. Name "
                    "another one in the machine file ([network] interface=NAME).",
                    bridge->bridge, name);
    if (exists(root, name, "wireless") || exists(root, name, "phy80211"))
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: %s is a wireless card, and an access point takes "
                    "frames from the card's own address alone, so that no guest behind a bridge "
                    "would get through. Use a wired card, or let the guest reach the network "
                    "through the host ([network] kind=default).",
                    bridge->bridge, name);
    if (upper != NULL)
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: %s is a part of %s already (a bridge, bond or "
                    "VLAN). If %s is a bridge, name it in the machine file ([network] bridge=%s). "
                    "Otherwise: " BRIDGE_BY_HAND,
                    bridge->bridge, name, upper, upper, upper);
    if (!exists(root, name, "device"))
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: %s is no card but a device of the kernel's (a "
                    "bond, a VLAN or a tunnel), whose parts would have to be looked after too. "
                    "" BRIDGE_BY_HAND,
                    bridge->bridge, name);
    if (exists(root, bridge->bridge, ""))
        return fail(error, ERROR_REFUSED,
                    "There is an interface %s already, and %s is no port of it. Name another "
                    "bridge in the machine file ([network] bridge=NAME), or put the card into it "
                    "by hand.",
                    bridge->bridge, name);
    return true;
}

static const BridgeManager *find_manager(const Bridge *bridge, GError **error)
{
    const BridgeManager *found = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(MANAGERS); i++) {
        if (!MANAGERS[i]->runs(bridge))
            continue;
        if (found != NULL)
            return fail_null(error, ERROR_REFUSED,
                             "Both %s and %s run %s, and each would undo what the other does. Take "
                             "it from one of them first, restart, and look that the network is "
                             "still there.",
                             found->name, MANAGERS[i]->name, bridge->interface);
        found = MANAGERS[i];
    }
    if (found == NULL)
        return fail_null(error, ERROR_REFUSED,
                         "Nothing that is known here runs %s (systemd-networkd, NetworkManager, "
                         "netplan, ifupdown), so that it is not known where the bridge has to be "
                         "written down. " BRIDGE_BY_HAND,
                         bridge->interface);
    return found;
}

static bool read_interface(Bridge *bridge, GError **error)
{
    const OsRoot *root = bridge->resolver->host->root;
    g_autofree char *folder = g_build_filename("sys/class/net", bridge->interface, NULL);
    g_autoptr(OsRoot) place = os_root_sub(root, folder);
    bridge->mac = os_read_line(place, "address");
    bridge->index = os_read_integer(place, "ifindex");
    if (bridge->mac != NULL && strlen(bridge->mac) == strlen("52:54:00:12:34:56") &&
        bridge->index > 0)
        return true;
    return fail(error, ERROR_REFUSED,
                "The bridge %s is not made: the kernel does not say which MAC address %s has, and "
                "the bridge is to have the same. " BRIDGE_BY_HAND,
                bridge->bridge, bridge->interface);
}

bool resolve_bridge(Resolver *resolver, const Goal *goal, GError **error)
{
    Bridge bridge = {
        .resolver = resolver, .goal = goal, .bridge = goal->target, .interface = goal->value};
    if (!interface_check_name(goal->target, error) || !interface_check_name(goal->value, error))
        return false;
    if (bridge_has_port(resolver->host->root, goal->target, goal->value))
        return true;
    if (!check_interface(&bridge, error))
        return false;
    bool made = read_interface(&bridge, error);
    const BridgeManager *manager = made ? find_manager(&bridge, error) : NULL;
    made = manager != NULL && bridge_add_guard(&bridge, error) && manager->change(&bridge, error);
    g_free(bridge.mac);
    return made;
}
