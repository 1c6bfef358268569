/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "facts/place.h"

#include <string.h>

/* Flags of a route in proc/net/route and proc/net/ipv6_route (linux/route.h). */
#define ROUTE_UP 0x1
#define ROUTE_REJECT 0x200

/* Ports of a bridge, bond or team, and what a VLAN and its kind lie on: the kernel makes a link
 * `lower_NAME` for each (Linux Documentation/ABI/testing/sysfs-class-net, "upper and lower"). */
static GStrv read_below(const OsRoot *folder)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_auto(GStrv) entries = os_list(folder, "");
    g_auto(GStrv) ports = os_list(folder, "brif");
    g_autofree char *slave_line = os_read_line(folder, "bonding/slaves");
    g_auto(GStrv) slaves = g_strsplit(slave_line != NULL ? slave_line : "", " ", -1);
    char *const *const lists[] = {entries, ports, slaves};

    for (guint list = 0; list < G_N_ELEMENTS(lists); list++) {
        for (guint i = 0; lists[list] != NULL && lists[list][i] != NULL; i++) {
            const char *name = lists[list][i];
            if (list == 0 && !g_str_has_prefix(name, "lower_"))
                continue;
            name += list == 0 ? strlen("lower_") : 0;
            if (*name != '\0' && g_hash_table_add(seen, (gpointer)name))
                g_strv_builder_add(builder, name);
        }
    }
    return g_strv_builder_end(builder);
}

static NetInterface *read_interface(const OsRoot *root, const FactsOptions *options,
                                    const char *name)
{
    g_autofree char *path = g_build_filename("sys/class/net", name, NULL);
    g_autofree char *place = os_resolve(root, path);
    g_autoptr(OsRoot) folder = os_root_sub(root, path);
    if (place == NULL || !os_exists(folder, "operstate"))
        return NULL; /* bonding_masters is a file among them */

    NetInterface *interface = net_interface_new(name);
    interface->pci = place_pci_function(place);
    interface->driver = os_link_name(folder, "device/driver");
    interface->state = os_read_line(folder, "operstate");
    interface->wireless = tri(os_exists(folder, "wireless") || os_exists(folder, "phy80211"));
    interface->below = read_below(folder);
    if (options->private_too)
        interface->mac = os_read_line(folder, "address");
    return interface;
}

static NetInterface *find(const GPtrArray *network, const char *name)
{
    for (guint i = 0; i < network->len; i++) {
        NetInterface *interface = g_ptr_array_index(network, i);
        if (strcmp(interface->name, name) == 0)
            return interface;
    }
    return NULL;
}

static bool is_default(guint64 flags)
{
    return (flags & ROUTE_UP) != 0 && (flags & ROUTE_REJECT) == 0;
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask ..., numbers in hexadecimal. */
static void add_ipv4_route(char *const *fields, guint count, GPtrArray *names)
{
    if (count < 8 || strcmp(fields[1], "00000000") != 0 || strcmp(fields[7], "00000000") != 0)
        return;
    if (is_default(g_ascii_strtoull(fields[3], NULL, 16)))
        g_ptr_array_add(names, g_strdup(fields[0]));
}

/* destination length source length gateway metric refcount use flags Iface, all but the last in
 * hexadecimal. */
static void add_ipv6_route(char *const *fields, guint count, GPtrArray *names)
{
    if (count < 10 || strcmp(fields[1], "00") != 0 || strspn(fields[0], "0") != 32)
        return;
    if (is_default(g_ascii_strtoull(fields[8], NULL, 16)) && strcmp(fields[9], "lo") != 0)
        g_ptr_array_add(names, g_strdup(fields[9]));
}

static GStrv split_fields(const char *line)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) pieces = g_strsplit_set(line, " \t", -1);
    for (guint i = 0; pieces[i] != NULL; i++) {
        if (*pieces[i] != '\0')
            g_strv_builder_add(builder, pieces[i]);
    }
    return g_strv_builder_end(builder);
}

/* Adds the interfaces of the default routes in the file NAME; false when it cannot be read. */
static bool read_routes(const OsRoot *root, const char *name, GPtrArray *names,
                        void (*add)(char *const *fields, guint count, GPtrArray *names))
{
    g_autofree char *path = g_build_filename("proc/net", name, NULL);
    g_autofree char *init_path = g_build_filename("proc/1/net", name, NULL);
    g_autofree char *text = os_read_text(root, path, NULL);
    if (text == NULL)
        text = os_read_text(root, init_path, NULL);
    if (text == NULL)
        return false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) fields = split_fields(lines[i]);
        add(fields, g_strv_length(fields), names);
    }
    return true;
}

/* Marks the interface and all those that it uses. */
static void mark(const GPtrArray *network, NetInterface *interface)
{
    if (interface == NULL || interface->default_route == TRI_YES)
        return;
    interface->default_route = TRI_YES;
    for (guint i = 0; interface->below[i] != NULL; i++)
        mark(network, find(network, interface->below[i]));
}

/* A tunnel, a dial-up link or a switch in software (Open vSwitch) sends through other interfaces
 * and the kernel does not say which. */
static bool hides_what_it_uses(const NetInterface *interface, const OsRoot *root)
{
    g_autofree char *path = g_build_filename("sys/class/net", interface->name, NULL);
    g_autofree char *place = os_resolve(root, path);
    return interface->below[0] == NULL && (place == NULL || place_is_virtual(place));
}

static void mark_routes(const OsRoot *root, const GPtrArray *network)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    bool ipv4 = read_routes(root, "route", names, add_ipv4_route);
    bool ipv6 = read_routes(root, "ipv6_route", names, add_ipv6_route);
    /* A kernel without IPv6 has no such file. */
    bool complete = ipv4 && (ipv6 || !os_exists(root, "proc/net/if_inet6"));

    for (guint i = 0; i < names->len; i++) {
        NetInterface *interface = find(network, g_ptr_array_index(names, i));
        mark(network, interface);
        if (interface == NULL || hides_what_it_uses(interface, root))
            complete = false;
    }
    for (guint i = 0; complete && i < network->len; i++) {
        NetInterface *interface = g_ptr_array_index(network, i);
        if (interface->default_route == TRI_UNKNOWN)
            interface->default_route = TRI_NO;
    }
}

void facts_collect_network(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    g_auto(GStrv) names = os_list(root, "sys/class/net");
    if (names == NULL)
        return;
    facts->network = g_ptr_array_new_with_free_func((GDestroyNotify)net_interface_free);
    for (guint i = 0; names[i] != NULL; i++) {
        NetInterface *interface = read_interface(root, options, names[i]);
        if (interface != NULL)
            g_ptr_array_add(facts->network, interface);
    }
    mark_routes(root, facts->network);
}
