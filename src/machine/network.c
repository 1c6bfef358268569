/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include "base/error.h"
#include "base/interface.h"
#include "machine/choices.h"

#include <string.h>

/* The name of a bridge that is to be made. */
#define NEW_BRIDGE "br0"

bool read_network_kind(Reader *reader, const char *value, GError **error)
{
    static const char *const KINDS[] = {"user", "default", "bridge", NULL};
    if (!g_strv_contains(KINDS, value))
        return fail(error, ERROR_INPUT,
                    "'%s' is no kind of network: user, default (libvirt's network of that name) or "
                    "bridge.",
                    value);
    reader->choices->network = g_strdup(value);
    return true;
}

bool read_network_bridge(Reader *reader, const char *value, GError **error)
{
    reader->choices->bridge = g_strdup(value);
    return interface_check_name(value, error);
}

bool read_network_interface(Reader *reader, const char *value, GError **error)
{
    reader->choices->interface = g_strdup(value);
    return interface_check_name(value, error);
}

void format_network(GString *text, const MachineChoices *choices)
{
    if (choices->network == NULL && choices->bridge == NULL && choices->interface == NULL)
        return;
    g_string_append(text, "\n[network]\n");
    if (choices->network != NULL)
        g_string_append_printf(text, "kind=%s\n", choices->network);
    if (choices->bridge != NULL)
        g_string_append_printf(text, "bridge=%s\n", choices->bridge);
    if (choices->interface != NULL)
        g_string_append_printf(text, "interface=%s\n", choices->interface);
}

static const NetInterface *find(const Facts *facts, const char *name)
{
    for (guint i = 0; facts->network != NULL && i < facts->network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(facts->network, i);
        if (strcmp(interface->name, name) == 0)
            return interface;
    }
    return NULL;
}

/* A device of its own, and no bridge, bond, VLAN or tunnel: those have nothing that drives them. */
static bool is_card(const NetInterface *interface)
{
    bool driven = interface->driver != NULL && *interface->driver != '\0';
    bool pci = interface->pci != NULL && *interface->pci != '\0';
    return (driven || pci) && (interface->below == NULL || interface->below[0] == NULL);
}

/* A wired card that is a port of the bridge; NULL: none is. */
static const NetInterface *find_port(const Facts *facts, const char *bridge)
{
    const NetInterface *found = find(facts, bridge);
    for (char **name = found != NULL ? found->below : NULL; name != NULL && *name != NULL; name++) {
        const NetInterface *port = find(facts, *name);
        if (port != NULL && is_card(port))
            return port;
    }
    return NULL;
}

/* A bridge of the host's that is on its network; those of libvirt's have guests alone in them. */
static const char *find_bridge(const Facts *facts)
{
    char *const *bridges = facts->setup.bridges;
    for (; bridges != NULL && *bridges != NULL; bridges++)
        if (!g_str_has_prefix(*bridges, "virbr") && find_port(facts, *bridges) != NULL)
            return *bridges;
    return NULL;
}

/* The wired card by which the default route leaves. */
static const NetInterface *find_uplink(const Facts *facts)
{
    for (guint i = 0; facts->network != NULL && i < facts->network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(facts->network, i);
        if (is_card(interface) && interface->default_route == TRI_YES &&
            interface->wireless != TRI_YES)
            return interface;
    }
    return NULL;
}

static bool goes_to_guest(const Machine *machine, const char *pci)
{
    for (guint i = 0; pci != NULL && i < machine->devices->len; i++)
        if (strcmp(((const MachineDevice *)machine->devices->pdata[i])->address, pci) == 0)
            return true;
    return false;
}

static bool check_chosen_interface(const Fill *fill, GError **error)
{
    const char *name = fill->choices->interface;
    const NetInterface *interface = find(fill->facts, name);
    if (!interface_check_name(name, error))
        return false;
    if (interface == NULL && fill->facts->network != NULL)
        return fail(error, ERROR_INPUT,
                    "This host has no network interface %s. `ip link` lists those it has.", name);
    if (interface != NULL && interface->wireless == TRI_YES)
        return fail(error, ERROR_INPUT,
                    "%s is a wireless card, and an access point takes frames from the card's own "
                    "address alone: it cannot be the port of a bridge. Name a wired one, or choose "
                    "the network `default`.",
                    name);
    return interface == NULL || !goes_to_guest(fill->machine, interface->pci) ||
           fail(error, ERROR_INPUT,
                "%s (%s) goes to the guest, and cannot be the port of a bridge of the host's. The "
                "guest has it for itself and needs no bridge.",
                name, interface->pci);
}

static bool check_choices(const Fill *fill, GError **error)
{
    const MachineChoices *choices = fill->choices;
    bool other = choices->network != NULL && strcmp(choices->network, "bridge") != 0;
    if (other && (choices->bridge != NULL || choices->interface != NULL))
        return fail(error, ERROR_INPUT,
                    "A bridge was chosen, and the network '%s', which has none. Choose the network "
                    "`bridge`, or leave the bridge out.",
                    choices->network);
    if (choices->bridge != NULL && !interface_check_name(choices->bridge, error))
        return false;
    if (choices->bridge != NULL && g_str_has_prefix(choices->bridge, "virbr"))
        return fail(error, ERROR_INPUT,
                    "%s is a bridge of libvirt's own, behind which no other machine reaches the "
                    "guest. Choose the network `default` for it, or another name.",
                    choices->bridge);
    return choices->interface == NULL || check_chosen_interface(fill, error);
}

static void fill_bridge(Fill *fill)
{
    Machine *machine = fill->machine;
    const char *chosen = fill->choices->bridge;
    const char *there = find_bridge(fill->facts);

    machine->bridge = g_strdup(chosen != NULL ? chosen : there != NULL ? there : NEW_BRIDGE);
    if (chosen != NULL)
        add_reason(fill, "network.bridge", true, g_strdup(machine->bridge), "You chose it.");
    else
        add_reason(fill, "network.bridge", false, g_strdup(machine->bridge), "%s",
                   there != NULL ? "This host has it, with a card of its own as a port."
                                 : "The usual name. This host has no bridge yet; the step `bridge` "
                                   "of the path makes it.");
}

/* Which card becomes the port. One that is a port already is not to be said. */
static void fill_interface(Fill *fill)
{
    Machine *machine = fill->machine;
    const NetInterface *uplink = find_uplink(fill->facts);
    bool made = find_port(fill->facts, machine->bridge) != NULL;
    const char *chosen = fill->choices->interface;

    if (chosen == NULL && (made || uplink == NULL))
        return;
    machine->interface = g_strdup(chosen != NULL ? chosen : uplink->name);
    add_reason(fill, "network.interface", chosen != NULL, g_strdup(machine->interface), "%s",
               chosen != NULL ? "You chose it for the bridge's port."
                              : "The wired card by which this host reaches the network: it becomes "
                                "the bridge's port.");
}

bool fill_network(Fill *fill, GError **error)
{
    static const char USER[] =
        "QEMU's own network: the guest reaches the Internet without any change to this host's "
        "network, and nobody reaches the guest.";
    static const char NAT[] = "You chose it. libvirt's network: the guest reaches the Internet "
                              "through the host, and the host and its other guests reach it.";
    static const char BRIDGE[] = "You chose it. The guest is on the network of this host's card, "
                                 "and all who are on it reach the guest.";
    Machine *machine = fill->machine;
    const char *kind = fill->choices->network;

    if (!check_choices(fill, error))
        return false;
    bool named = fill->choices->bridge != NULL || fill->choices->interface != NULL;
    machine->network = g_strdup(kind != NULL ? kind : named ? "bridge" : "user");
    bool bridge = strcmp(machine->network, "bridge") == 0;
    bool nat = strcmp(machine->network, "default") == 0;
    add_reason(fill, "network.kind", kind != NULL || named, g_strdup(machine->network), "%s",
               bridge ? BRIDGE
               : nat  ? NAT
                      : USER);
    if (bridge) {
        fill_bridge(fill);
        fill_interface(fill);
    }
    return true;
}
