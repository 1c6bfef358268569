/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"

#include "apply/host.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/*
 * systemd-networkd (systemd.network(5), systemd.netdev(5)): the first file by name that matches an
 * interface counts. Ours come before the one that the card has now, which stays as it is; what it
 * says is said of the bridge.
 *
 * What networkd knows of an interface is in run/systemd/netif/links/INDEX, in lines KEY=VALUE
 * (systemd, src/network/networkd-state-file.c), and its DHCP lease in leases/INDEX.
 */
#define FOLDER "/etc/systemd/network/"

/* In the order of preference: what sorts before nearly everything, and before all. */
static const char *const PREFIXES[] = {"05", "00"};

static char *read_state(const Bridge *bridge, const char *kind)
{
    g_autofree char *path =
        g_strdup_printf("run/systemd/netif/%s/%" G_GINT64_FORMAT, kind, bridge->index);
    return os_read_text(bridge->resolver->host->root, path, NULL);
}

char *networkd_link_value(const Bridge *bridge, const char *key)
{
    g_autofree char *text = read_state(bridge, "links");
    return text != NULL ? line_value(text, key) : NULL;
}

/* The identifier that its DHCP client sends is a byte 255, four of the identity association, which
 * it makes from the interface's name, and the host's DUID (RFC 4361, section 6.1). With another
 * association the server would take the bridge for another host. */
gint64 networkd_iaid(const Bridge *bridge)
{
    g_autofree char *text = read_state(bridge, "leases");
    g_autofree char *client = text != NULL ? line_value(text, "CLIENTID") : NULL;
    char digits[9] = "";
    guint64 number = 0;
    if (client == NULL || strlen(client) < 10 || g_ascii_strncasecmp(client, "ff", 2) != 0)
        return -1;
    memcpy(digits, client + 2, 8);
    return g_ascii_string_to_unsigned(digits, 16, 0, G_MAXUINT32, &number, NULL) ? (gint64)number
                                                                                 : -1;
}

static bool is_netplan(const char *file)
{
    return file != NULL && strstr(file, "/10-netplan-") != NULL;
}

static bool runs(const Bridge *bridge)
{
    g_autofree char *state = networkd_link_value(bridge, "ADMIN_STATE");
    g_autofree char *file = networkd_link_value(bridge, "NETWORK_FILE");
    return state != NULL && file != NULL && strcmp(state, "unmanaged") != 0 && !is_netplan(file);
}

/* Devices that lie on the card would not find it any more; a master would not be a bridge of ours.
 */
static bool check_network(const Bridge *bridge, const char *file, const char *text, GError **error)
{
    static const char *const KEYS[] = {"Bridge",  "Bond",   "VRF",           "VLAN",  "MACVLAN",
                                       "MACVTAP", "IPVLAN", "IPVTAP",        "VXLAN", "Tunnel",
                                       "MACsec",  "Xfrm",   "BatmanAdvanced"};
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        g_autofree char *value = section_value(text, "Network", KEYS[i]);
        if (value != NULL)
            return fail(error, ERROR_REFUSED,
                        "The bridge %s is not made: '%s' has '%s=%s', a device that goes with %s "
                        "and would have to be moved. " BRIDGE_BY_HAND,
                        bridge->bridge, file, KEYS[i], value, bridge->interface);
    }
    return true;
}

/* Drop-ins say more of the interface than the file does. */
static bool check_drop_ins(const Bridge *bridge, const char *file, GError **error)
{
    static const char *const FOLDERS[] = {"/etc/systemd/network", "/run/systemd/network",
                                          "/usr/lib/systemd/network", "/lib/systemd/network"};
    g_autofree char *name = g_path_get_basename(file);
    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *pattern = g_strdup_printf("%s/%s.d/*.conf", FOLDERS[i], name);
        g_auto(GStrv) found = host_match(bridge->resolver->host->root, pattern);
        if (found[0] != NULL)
            return fail(error, ERROR_REFUSED,
                        "The bridge %s is not made: '%s' adds to '%s', and both together would "
                        "have to be said of the bridge. Put them into one file, or do it by hand: "
                        "" BRIDGE_BY_HAND,
                        bridge->bridge, found[0], file);
    }
    return true;
}

/* NULL with an error when no name of ours comes before FILE. */
static const char *choose_prefix(const Bridge *bridge, const char *file, GError **error)
{
    g_autofree char *name = g_path_get_basename(file);
    for (guint i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
        g_autofree char *ours = g_strconcat(PREFIXES[i], "-rootstock", NULL);
        if (strcmp(ours, name) < 0)
            return PREFIXES[i];
    }
    return fail_null(error, ERROR_REFUSED,
                     "The bridge %s is not made: '%s' sorts before every file that would be "
                     "written for it, and the first one counts. Give it a name that begins with a "
                     "number from 10 on, and try again.",
                     bridge->bridge, file);
}

/* What FILE says of the card, of the bridge; with the identity that the card had. */
static char *network_of_bridge(const Bridge *bridge, const char *file, const char *text)
{
    static const char *const OWN[] = {"Match", "Link", NULL};
    static const char *const DHCP[] = {"DHCP", "DHCPv4", NULL};
    g_autofree char *rest = sections_of(text, OWN, true);
    g_autofree char *dhcp = sections_of(text, DHCP, false);
    g_autofree char *required = section_value(text, "Link", "RequiredForOnline");
    gint64 iaid = networkd_iaid(bridge);
    GString *out = g_string_new("# Made by rootstock from ");
    g_string_append_printf(out, "%s.\n[Match]\nName=%s\n", file, bridge->bridge);
    if (required != NULL)
        g_string_append_printf(out, "\n[Link]\nRequiredForOnline=%s\n", required);
    g_string_append(out, rest);
    if (iaid >= 0 && strstr(dhcp, "IAID=") == NULL && strstr(dhcp, "ClientIdentifier=") == NULL)
        g_string_append_printf(out,
                               "\n# As the card had it: the DHCP server knows the host by it.\n"
                               "[DHCPv4]\nIAID=%" G_GINT64_FORMAT "\n",
                               iaid);
    return g_string_free(out, FALSE);
}

/* What is to be waited for at the start is the bridge: a port gets no address. */
static char *link_of_port(const char *text)
{
    static const char *const LINK[] = {"Link", NULL};
    g_autofree char *link = sections_of(text, LINK, false);
    g_auto(GStrv) lines = g_strsplit(link, "\n", -1);
    GString *out = g_string_new(NULL);
    for (guint i = 0; lines[i] != NULL; i++)
        if (*lines[i] != '\0' && *lines[i] != '#' && !g_str_has_prefix(lines[i], "Required"))
            g_string_append_printf(out, "%s%s\n", *lines[i] == '[' ? "\n" : "", lines[i]);
    return g_string_free(out, FALSE);
}

static char *network_of_port(const Bridge *bridge, const char *text)
{
    g_autofree char *link = link_of_port(text);
    return g_strdup_printf("# Made by rootstock.\n[Match]\nName=%s\n%s\n[Network]\nBridge=%s\n"
                           "LinkLocalAddressing=no\nIPv6AcceptRA=no\n",
                           bridge->interface, link, bridge->bridge);
}

static char *netdev_of(const Bridge *bridge)
{
    return g_strdup_printf("# Made by rootstock.\n[NetDev]\nName=%s\nKind=bridge\nMACAddress=%s\n"
                           "\n[Bridge]\nSTP=no\nForwardDelaySec=0\n",
                           bridge->bridge, bridge->mac);
}

static bool add_files(const Bridge *bridge, const char *prefix, const char *file, const char *text,
                      GError **error)
{
    g_autofree char *netdev_path =
        g_strdup_printf(FOLDER "%s-rootstock-%s.netdev", prefix, bridge->bridge);
    g_autofree char *bridge_path =
        g_strdup_printf(FOLDER "%s-rootstock-%s.network", prefix, bridge->bridge);
    g_autofree char *port_path =
        g_strdup_printf(FOLDER "%s-rootstock-%s-port.network", prefix, bridge->bridge);
    g_autofree char *netdev = netdev_of(bridge);
    g_autofree char *bridge_text = network_of_bridge(bridge, file, text);
    g_autofree char *port_text = network_of_port(bridge, text);
    return bridge_add_file(bridge, RANK_NETWORK, netdev_path, netdev, false, error) &&
           bridge_add_file(bridge, RANK_NETWORK, bridge_path, bridge_text, false, error) &&
           bridge_add_file(bridge, RANK_NETWORK, port_path, port_text, false, error);
}

/* A reload makes the devices of new .netdev files, and sets up anew the links whose .network file
 * is another one now (networkctl(1)): it is the switch, and what takes it back removes the bridge.
 */
static bool change(const Bridge *bridge, GError **error)
{
    static const char *const RELOAD[] = {"networkctl", "reload", NULL};
    g_autofree char *file = networkd_link_value(bridge, "NETWORK_FILE");
    g_autofree char *text = NULL;
    if (!resolver_read(bridge->resolver, file, &text, error))
        return false;
    if (text == NULL)
        return fail(error, ERROR_REFUSED,
                    "systemd-networkd says that %s is set up by '%s', which is not there. Restart "
                    "systemd-networkd, and try again.",
                    bridge->interface, file);
    const char *prefix = choose_prefix(bridge, file, error);
    return prefix != NULL && check_network(bridge, file, text, error) &&
           check_drop_ins(bridge, file, error) && add_files(bridge, prefix, file, text, error) &&
           bridge_add_switch(bridge, RANK_NETWORK_LOAD, RELOAD, RELOAD, error);
}

const BridgeManager BRIDGE_NETWORKD = {"systemd-networkd", runs, change};
