/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "tree.h"

#include <string.h>

#define IPV4_HEAD                                                                                  \
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
#define NO_ADDRESS "00000000000000000000000000000000"

static void add_interface(const Tree *tree, const char *name, const char *device, const char *lower)
{
    g_autofree char *place = device != NULL ? g_strdup_printf("sys/devices/%s/net/%s", device, name)
                                            : g_strdup_printf("sys/devices/virtual/net/%s", name);
    g_autofree char *link = g_strdup_printf("sys/class/net/%s", name);
    g_autofree char *target = g_strdup_printf("../../../%s", place);
    g_autofree char *state = g_strdup_printf("%s/operstate", place);
    g_autofree char *address = g_strdup_printf("%s/address", place);

    tree_link(tree, link, target);
    tree_write(tree, state, "up\n");
    tree_write(tree, address, "02:00:00:00:00:01\n");
    if (lower != NULL) {
        g_autofree char *below = g_strdup_printf("%s/lower_%s", place, lower);
        g_autofree char *below_target = g_strdup_printf("/sys/class/net/%s", lower);
        tree_link(tree, below, below_target);
    }
}

static void set_default_route(const Tree *tree, const char *interface)
{
    g_autofree char *text =
        g_strdup_printf(IPV4_HEAD "%s\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                                  "lan9\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n",
                        interface);
    tree_write(tree, "proc/net/route", text);
    tree_write(tree, "proc/net/if_inet6", "");
    tree_write(tree, "proc/net/ipv6_route",
               NO_ADDRESS " 00 " NO_ADDRESS " 00 " NO_ADDRESS
                          " ffffffff 00000001 00000000 00200200       lo\n");
}

static Facts *collect(const Tree *tree, bool private_too)
{
    FactsOptions options = {.private_too = private_too};
    Facts *facts = facts_new();
    facts_collect_network(tree->root, &options, facts);
    return facts;
}

static const NetInterface *interface(const Facts *facts, const char *name)
{
    for (guint i = 0; facts->network != NULL && i < facts->network->len; i++) {
        const NetInterface *found = g_ptr_array_index(facts->network, i);
        if (strcmp(found->name, name) == 0)
            return found;
    }
    g_error("no interface %s", name);
}

static void test_plain_cards(void)
{
    g_autoptr(Tree) tree = tree_new();
    const char *usb = "pci0000:00/0000:00:14.0/usb1/1-4/1-4:1.0";
    add_interface(tree, "enp3s0", "pci0000:00/0000:00:1c.0/0000:03:00.0", NULL);
    add_interface(tree, "wlp4s0", "pci0000:00/0000:00:1d.0/0000:04:00.0", NULL);
    add_interface(tree, "enx1", usb, NULL);
    add_interface(tree, "eth0", "pci0000:00/0000:00:05.0/virtio1", NULL);
    add_interface(tree, "lo", NULL, NULL);
    tree_write(tree, "sys/class/net/bonding_masters", "bond0\n");
    tree_folder(tree, "sys/class/net/wlp4s0/wireless");
    tree_link(tree, "sys/class/net/enp3s0/device", "../../../0000:03:00.0");
    tree_link(tree, "sys/devices/pci0000:00/0000:00:1c.0/0000:03:00.0/driver",
              "/sys/bus/pci/drivers/igc");
    set_default_route(tree, "enp3s0");
    g_autoptr(Facts) facts = collect(tree, false);

    g_assert_cmpuint(facts->network->len, ==, 5);
    const NetInterface *wired = interface(facts, "enp3s0");
    g_assert_cmpstr(wired->pci, ==, "0000:03:00.0");
    g_assert_cmpstr(wired->driver, ==, "igc");
    g_assert_cmpstr(wired->state, ==, "up");
    g_assert_cmpint(wired->wireless, ==, TRI_NO);
    g_assert_cmpint(wired->default_route, ==, TRI_YES);
    g_assert_null(wired->mac);
    g_assert_cmpint(interface(facts, "wlp4s0")->wireless, ==, TRI_YES);
    g_assert_cmpint(interface(facts, "wlp4s0")->default_route, ==, TRI_NO);
    g_assert_cmpstr(interface(facts, "enx1")->pci, ==, "0000:00:14.0");
    g_assert_cmpstr(interface(facts, "eth0")->pci, ==, "0000:00:05.0");
    g_assert_cmpstr(interface(facts, "lo")->pci, ==, "");

    g_autoptr(Facts) with_private = collect(tree, true);
    g_assert_cmpstr(interface(with_private, "lo")->mac, ==, "02:00:00:00:00:01");
}

static void test_bridge_on_vlan_on_bond(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_interface(tree, "eno1", "pci0000:00/0000:00:1f.6", NULL);
    add_interface(tree, "enp2s0", "pci0000:00/0000:00:1c.0/0000:02:00.0", NULL);
    add_interface(tree, "enp5s0", "pci0000:00/0000:00:1d.0/0000:05:00.0", NULL);
    add_interface(tree, "bond0", NULL, "eno1");
    tree_write(tree, "sys/devices/virtual/net/bond0/bonding/slaves", "eno1 enp2s0\n");
    add_interface(tree, "bond0.7", NULL, "bond0");
    add_interface(tree, "br0", NULL, NULL);
    tree_folder(tree, "sys/devices/virtual/net/br0/brif/bond0.7");
    set_default_route(tree, "br0");
    g_autoptr(Facts) facts = collect(tree, false);

    g_autofree char *ports = g_strjoinv(",", interface(facts, "bond0")->below);
    g_assert_cmpstr(ports, ==, "eno1,enp2s0");
    const char *const carriers[] = {"br0", "bond0.7", "bond0", "eno1", "enp2s0"};
    for (guint i = 0; i < G_N_ELEMENTS(carriers); i++)
        g_assert_cmpint(interface(facts, carriers[i])->default_route, ==, TRI_YES);
    g_assert_cmpint(interface(facts, "enp5s0")->default_route, ==, TRI_NO);
}

static void test_ipv6_only(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_interface(tree, "eno1", "pci0000:00/0000:00:1f.6", NULL);
    add_interface(tree, "eno2", "pci0000:00/0000:00:1f.7", NULL);
    tree_write(tree, "proc/net/route", IPV4_HEAD);
    tree_write(tree, "proc/net/ipv6_route",
               NO_ADDRESS " 00 " NO_ADDRESS " 00 fe800000000000000000000000000001"
                          " 00000400 00000005 00000000 00000003     eno2\n"
               /* "unreachable default" */
               NO_ADDRESS " 00 " NO_ADDRESS " 00 " NO_ADDRESS
                          " 00000400 00000005 00000000 00000203     eno1\n");
    g_autoptr(Facts) facts = collect(tree, false);

    g_assert_cmpint(interface(facts, "eno2")->default_route, ==, TRI_YES);
    g_assert_cmpint(interface(facts, "eno1")->default_route, ==, TRI_NO);
}

/* A tunnel sends through a card, and nothing says through which. */
static void test_tunnel_leaves_the_cards_unknown(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_interface(tree, "eno1", "pci0000:00/0000:00:1f.6", NULL);
    add_interface(tree, "tun0", NULL, NULL);
    set_default_route(tree, "tun0");
    g_autoptr(Facts) facts = collect(tree, false);

    g_assert_cmpint(interface(facts, "tun0")->default_route, ==, TRI_YES);
    g_assert_cmpint(interface(facts, "eno1")->default_route, ==, TRI_UNKNOWN);
}

static void test_missing_and_malformed(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = collect(tree, false);
    g_assert_null(nothing->network);

    add_interface(tree, "eno1", "pci0000:00/0000:00:1f.6", "br0");
    add_interface(tree, "br0", NULL, "eno1");
    g_autoptr(Facts) no_routes = collect(tree, false);
    g_assert_cmpint(interface(no_routes, "eno1")->default_route, ==, TRI_UNKNOWN);

    set_default_route(tree, "br0");
    g_autoptr(Facts) circle = collect(tree, false);
    g_assert_cmpint(interface(circle, "eno1")->default_route, ==, TRI_YES);

    tree_write(tree, "proc/net/route", "\n\t\t\nbr0\nbr0 00000000 0 zz 0 0 0 00000000\n\xff\xfe");
    tree_write(tree, "proc/net/ipv6_route", "0 0 0\n00 00 00 00 00 00 00 00 03 eno1\n");
    g_autoptr(Facts) broken = collect(tree, false);
    g_assert_cmpint(interface(broken, "eno1")->default_route, ==, TRI_NO);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/network/cards", test_plain_cards);
    g_test_add_func("/facts/network/bridge-vlan-bond", test_bridge_on_vlan_on_bond);
    g_test_add_func("/facts/network/ipv6", test_ipv6_only);
    g_test_add_func("/facts/network/tunnel", test_tunnel_leaves_the_cards_unknown);
    g_test_add_func("/facts/network/missing-malformed", test_missing_and_malformed);
    return g_test_run();
}
