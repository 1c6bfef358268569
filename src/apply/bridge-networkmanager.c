/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"

#include "apply/host.h"
#include "base/error.h"

#include <string.h>

/*
 * NetworkManager (nm-settings-keyfile(5), nm-settings-nmcli(5)): two profiles of our own, one for
 * the bridge with what the card's profile says of addresses, and one that makes the card its port.
 * The card's profile stays; ours have the higher priority for connecting by themselves.
 *
 * Which profile is active is in run/NetworkManager/devices/INDEX (nm-config.c,
 * nm_config_device_state_write), and profiles are kept in three folders.
 */
#define FOLDER "/etc/NetworkManager/system-connections/"

/* The highest (nm-settings-nmcli(5), connection.autoconnect-priority). */
#define PRIORITY 999

static const char *const PROFILES[] = {"/etc/NetworkManager/system-connections/*",
                                       "/run/NetworkManager/system-connections/*",
                                       "/usr/lib/NetworkManager/system-connections/*"};

static char *active_uuid(const Bridge *bridge)
{
    g_autofree char *path =
        g_strdup_printf("run/NetworkManager/devices/%" G_GINT64_FORMAT, bridge->index);
    g_autofree char *text = os_read_text(bridge->resolver->host->root, path, NULL);
    return text != NULL ? section_value(text, "device", "connection-uuid") : NULL;
}

/* A profile that shadows another one in a later folder has the same UUID. */
char *network_manager_profile(const Bridge *bridge, char **ret_uuid)
{
    const OsRoot *root = bridge->resolver->host->root;
    *ret_uuid = active_uuid(bridge);
    for (guint i = 0; *ret_uuid != NULL && i < G_N_ELEMENTS(PROFILES); i++) {
        g_auto(GStrv) paths = host_match(root, PROFILES[i]);
        for (guint j = 0; paths[j] != NULL; j++) {
            g_autofree char *text = os_read_text(root, paths[j], NULL);
            g_autofree char *uuid = text != NULL ? section_value(text, "connection", "uuid") : NULL;
            if (g_strcmp0(uuid, *ret_uuid) == 0)
                return g_strdup(paths[j]);
        }
    }
    return NULL;
}

/* Netplan writes its profiles with this prefix; those of NetworkManager's own that it keeps in
 * YAML are named netplan-NM-UUID. */
static bool is_netplan(const char *file)
{
    return file != NULL && strstr(file, "/netplan-") != NULL &&
           strstr(file, "/netplan-NM-") == NULL;
}

static bool runs(const Bridge *bridge)
{
    g_autofree char *uuid = NULL;
    g_autofree char *file = network_manager_profile(bridge, &uuid);
    return uuid != NULL && !is_netplan(file);
}

/* A UUID made from a name (RFC 9562, version 5, in the name space of DNS), so that the same bridge
 * has the same files. The caller owns it. */
static char *uuid_of(const Bridge *bridge, const char *part)
{
    static const guchar SPACE[] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                   0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    g_autofree char *name =
        g_strdup_printf("%s.%s.%s.rootstock", part, bridge->interface, bridge->bridge);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
    guint8 bytes[20];
    gsize length = sizeof bytes;
    g_checksum_update(sum, SPACE, sizeof SPACE);
    g_checksum_update(sum, (const guchar *)name, (gssize)strlen(name));
    g_checksum_get_digest(sum, bytes, &length);
    bytes[6] = (guint8)((bytes[6] & 0x0f) | 0x50);
    bytes[8] = (guint8)((bytes[8] & 0x3f) | 0x80);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < 16; i++)
        g_string_append_printf(text, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                               bytes[i]);
    return g_string_free(text, FALSE);
}

/* Keys of the card's connection that are about the network, and so go to the bridge. */
static void add_connection_keys(GString *out, const char *text)
{
    static const char *const KEYS[] = {"zone", "metered", "lldp", "mdns", "llmnr", "dns-over-tls"};
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        g_autofree char *value = section_value(text, "connection", KEYS[i]);
        if (value != NULL)
            g_string_append_printf(out, "%s=%s\n", KEYS[i], value);
    }
}

/* A section of addresses as the card's profile has it; without one the default of a wired
 * connection. */
static void add_addresses(GString *out, const char *text, const char *name)
{
    const char *const names[] = {name, NULL};
    g_autofree char *section = sections_of(text, names, false);
    if (*section != '\0')
        g_string_append(out, section);
    else
        g_string_append_printf(out, "\n[%s]\nmethod=auto\n", name);
}

static char *bridge_profile(const Bridge *bridge, const char *text)
{
    static const char *const PROXY[] = {"proxy", NULL};
    g_autofree char *uuid = uuid_of(bridge, "bridge");
    g_autofree char *proxy = sections_of(text, PROXY, false);
    GString *out = g_string_new("# Made by rootstock.\n");
    g_string_append_printf(out,
                           "[connection]\nid=rootstock-%s\nuuid=%s\ntype=bridge\n"
                           "interface-name=%s\nautoconnect-priority=%d\n",
                           bridge->bridge, uuid, bridge->bridge, PRIORITY);
    add_connection_keys(out, text);
    g_string_append_printf(out, "\n[ethernet]\ncloned-mac-address=%s\n\n[bridge]\nstp=false\n",
                           bridge->mac);
    add_addresses(out, text, "ipv4");
    add_addresses(out, text, "ipv6");
    g_string_append(out, proxy);
    return g_string_free(out, FALSE);
}

static char *port_profile(const Bridge *bridge, const char *text, const char *uuid)
{
    static const char *const ETHERNET[] = {"ethernet", "802-3-ethernet", NULL};
    g_autofree char *ethernet = sections_of(text, ETHERNET, false);
    return g_strdup_printf("# Made by rootstock.\n[connection]\nid=rootstock-%s-port\nuuid=%s\n"
                           "type=ethernet\ninterface-name=%s\nmaster=%s\nslave-type=bridge\n"
                           "autoconnect-priority=%d\n%s",
                           bridge->bridge, uuid, bridge->interface, bridge->bridge, PRIORITY,
                           ethernet);
}

static bool check_profile(const Bridge *bridge, const char *file, const char *text, GError **error)
{
    static const char *const SECURITY[] = {"802-1x", "macsec", NULL};
    g_autofree char *security = sections_of(text, SECURITY, false);
    g_autofree char *type = section_value(text, "connection", "type");
    g_autofree char *master = section_value(text, "connection", "master");
    g_autofree char *controller = section_value(text, "connection", "controller");
    if (*security != '\0')
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: %s signs on to the switch (802.1X), as '%s' says, "
                    "and the switch may then let no guest through. Ask who keeps the network.",
                    bridge->bridge, bridge->interface, file);
    if (type != NULL && strcmp(type, "ethernet") != 0 && strcmp(type, "802-3-ethernet") != 0)
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: '%s' is a connection of the kind '%s', and only a "
                    "wired one can be moved to a bridge. " BRIDGE_BY_HAND,
                    bridge->bridge, file, type);
    return (master == NULL && controller == NULL) ||
           fail(error, ERROR_REFUSED,
                "The bridge %s is not made: '%s' makes %s a part of %s already. " BRIDGE_BY_HAND,
                bridge->bridge, file, bridge->interface, master != NULL ? master : controller);
}

/* Old Fedora and RHEL keep profiles in files of another form; one that is in no file at all is
 * NetworkManager's own for a card that nobody has set up, which asks by DHCP. */
static bool read_profile(const Bridge *bridge, const char *file, char **ret_text, GError **error)
{
    if (file != NULL)
        return resolver_read(bridge->resolver, file, ret_text, error);
    g_autofree char *old =
        g_strdup_printf("/etc/sysconfig/network-scripts/ifcfg-%s", bridge->interface);
    if (os_exists(bridge->resolver->host->root, old))
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: the profile of %s is kept in '%s', a form that "
                    "NetworkManager has given up. `nmcli connection migrate` moves it to the new "
                    "one; then try again.",
                    bridge->bridge, bridge->interface, old);
    *ret_text = g_strdup("");
    return true;
}

/* The profiles are loaded first, which switches nothing; the port brings its bridge up with it. On
 * the way back they are gone from the folder, and the card's own profile is brought up. */
static bool add_commands(const Bridge *bridge, const char *bridge_path, const char *port_path,
                         const char *port_uuid, const char *old_uuid, bool in_file, GError **error)
{
    static const char *const RELOAD[] = {"nmcli", "connection", "reload", NULL};
    const char *const load[] = {"nmcli", "connection", "load", bridge_path, port_path, NULL};
    const char *const up[] = {"nmcli", "--wait", "60", "connection", "up", "uuid", port_uuid, NULL};
    const char *const old[] = {"nmcli", "--wait", "60", "connection", "up", "uuid", old_uuid, NULL};
    const char *const any[] = {"nmcli",   "--wait",          "60", "device",
                               "connect", bridge->interface, NULL};
    return bridge_add_command(bridge, RANK_NETWORK_LOAD, "NetworkManager's profiles", load, RELOAD,
                              error) &&
           bridge_add_switch(bridge, RANK_NETWORK_LOAD, up, in_file ? old : any, error);
}

static bool change(const Bridge *bridge, GError **error)
{
    g_autofree char *old_uuid = NULL;
    g_autofree char *file = network_manager_profile(bridge, &old_uuid);
    g_autofree char *text = NULL;
    if (!read_profile(bridge, file, &text, error) || !check_profile(bridge, file, text, error))
        return false;
    g_autofree char *port_uuid = uuid_of(bridge, "port");
    g_autofree char *bridge_path =
        g_strdup_printf(FOLDER "rootstock-%s.nmconnection", bridge->bridge);
    g_autofree char *port_path =
        g_strdup_printf(FOLDER "rootstock-%s-port.nmconnection", bridge->bridge);
    g_autofree char *bridge_text = bridge_profile(bridge, text);
    g_autofree char *port_text = port_profile(bridge, text, port_uuid);
    return bridge_add_file(bridge, RANK_NETWORK, bridge_path, bridge_text, true, error) &&
           bridge_add_file(bridge, RANK_NETWORK, port_path, port_text, true, error) &&
           add_commands(bridge, bridge_path, port_path, port_uuid, old_uuid, file != NULL, error);
}

const BridgeManager BRIDGE_NETWORK_MANAGER = {"NetworkManager", runs, change};
