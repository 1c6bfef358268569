/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"

#include "apply/host.h"
#include "apply/netplan-text.h"
#include "base/error.h"

#include <string.h>

/*
 * netplan (netplan-yaml, netplan-generate(8)): a file of our own, which comes after the others, has
 * the bridge with all that they say of the card's addresses. Files are put together: of a single
 * value the last counts, so that ours turns the card's DHCP off; but lists grow, and keys cannot be
 * taken back, so that a fixed address is taken out of the file where it stands.
 *
 * netplan writes files for networkd or NetworkManager, whose names tell that it runs a card.
 */
#define OWN_FILE "/etc/netplan/90-rootstock-bridge.yaml"

static const char *const FILES[] = {"/etc/netplan/*.yaml", "/run/netplan/*.yaml",
                                    "/usr/lib/netplan/*.yaml", "/lib/netplan/*.yaml"};

/* Keys that are about the card itself, and stay with it. */
static const char *const OF_CARD[] = {"match",
                                      "set-name",
                                      "wakeonlan",
                                      "macaddress",
                                      "mtu",
                                      "emit-lldp",
                                      "receive-checksum-offload",
                                      "transmit-checksum-offload",
                                      "tcp-segmentation-offload",
                                      "tcp6-segmentation-offload",
                                      "generic-segmentation-offload",
                                      "generic-receive-offload",
                                      "large-receive-offload",
                                      NULL};

/* Keys that may stay beside ours: of those that have a single value ours counts, and the rest is
 * about DHCP, which the card does no more. */
static const char *const MAY_STAY[] = {"dhcp4",
                                       "dhcp6",
                                       "optional",
                                       "dhcp-identifier",
                                       "critical",
                                       "ignore-carrier",
                                       "dhcp4-overrides",
                                       "dhcp6-overrides",
                                       "accept-ra",
                                       "renderer",
                                       NULL};

/* "ID" in ".../10-netplan-ID.network"; NULL when FILE is none of netplan's. The caller owns it. */
static char *id_in(const char *file, const char *before, const char *suffix)
{
    const char *at = file != NULL ? strstr(file, before) : NULL;
    if (at == NULL || !g_str_has_suffix(file, suffix))
        return NULL;
    at += strlen(before);
    return g_strndup(at, strlen(at) - strlen(suffix));
}

/* By which name netplan knows the interface. RET_NETWORKD: networkd runs it. NULL: not at all. The
 * caller owns it. */
static char *find_id(const Bridge *bridge, bool *ret_networkd)
{
    g_autofree char *network = networkd_link_value(bridge, "NETWORK_FILE");
    g_autofree char *uuid = NULL;
    g_autofree char *profile = network_manager_profile(bridge, &uuid);
    char *id = id_in(network, "/10-netplan-", ".network");
    *ret_networkd = id != NULL;
    if (id != NULL || profile == NULL || strstr(profile, "/netplan-NM-") != NULL)
        return id;
    return id_in(profile, "/netplan-", ".nmconnection");
}

static bool runs(const Bridge *bridge)
{
    bool networkd = false;
    g_autofree char *id = find_id(bridge, &networkd);
    return id != NULL;
}

/* The file that has the card, and its text. */
typedef struct {
    char *path, *text;
    NetplanCard card;
} Source;

static void source_clear(Source *source)
{
    g_free(source->path);
    g_free(source->text);
    netplan_card_clear(&source->card);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static bool not_understood(const Bridge *bridge, const char *path, GError *cause, GError **error)
{
    fail(error, ERROR_REFUSED, "The bridge %s is not made: in '%s', %s. " BRIDGE_BY_HAND,
         bridge->bridge, path, cause->message);
    g_error_free(cause);
    return false;
}

/* Looks into one file; RET_SOURCE is filled when it has the card. */
static bool look_into(const Bridge *bridge, const char *path, const char *id, Source *ret_source,
                      GError **error)
{
    g_autofree char *text = NULL;
    g_auto(NetplanCard) card = {0};
    GError *cause = NULL;
    bool found = false;
    if (!resolver_read(bridge->resolver, path, &text, error))
        return false;
    if (text == NULL)
        return true;
    if (!netplan_card_find(text, id, &found, &card, &cause))
        return not_understood(bridge, path, cause, error);
    if (!found)
        return true;
    if (ret_source->path != NULL)
        return fail(error, ERROR_REFUSED,
                    "The bridge %s is not made: both '%s' and '%s' set up %s. Put what they say of "
                    "it into one of them, and try again.",
                    bridge->bridge, ret_source->path, path, id);
    *ret_source = (Source){g_strdup(path), g_steal_pointer(&text), card};
    card.lines = NULL;
    return true;
}

static bool find_source(const Bridge *bridge, const char *id, Source *ret_source, GError **error)
{
    const OsRoot *root = bridge->resolver->host->root;
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_auto(GStrv) paths = host_match(root, FILES[i]);
        for (guint j = 0; paths[j] != NULL; j++)
            if (!look_into(bridge, paths[j], id, ret_source, error))
                return false;
    }
    if (ret_source->path != NULL && g_str_has_prefix(ret_source->path, "/etc/netplan/"))
        return true;
    return fail(error, ERROR_REFUSED,
                "The bridge %s is not made: netplan sets up %s, and no file in '/etc/netplan' says "
                "how. " BRIDGE_BY_HAND,
                bridge->bridge, id);
}

/* One definition may be for many cards ("match: name: en*"), and cannot be a port then. */
static bool check_match(const Bridge *bridge, const char *id, const Source *source, GError **error)
{
    g_autofree char *name = netplan_card_part(&source->card, "set-name", 0);
    if (strcmp(id, bridge->interface) == 0 || name != NULL)
        return true;
    return fail(error, ERROR_REFUSED,
                "The bridge %s is not made: '%s' sets up %s as '%s', which may be meant for more "
                "cards than this one. Give %s an entry of its own there, `netplan apply`, and try "
                "again.",
                bridge->bridge, source->path, bridge->interface, id, bridge->interface);
}

/* The keys that go to the bridge; RET_STAY: none of them has to leave the card's file. */
static GStrv moved_keys(const Source *source, bool *ret_stay)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) keys = netplan_card_keys(&source->card);
    *ret_stay = true;
    for (guint i = 0; keys[i] != NULL; i++) {
        if (g_strv_contains(OF_CARD, keys[i]))
            continue;
        g_strv_builder_add(builder, keys[i]);
        *ret_stay = *ret_stay && g_strv_contains(MAY_STAY, keys[i]);
    }
    return g_strv_builder_end(builder);
}

static char *own_text(const Bridge *bridge, const char *id, const Source *source, char *const *keys)
{
    GString *out = g_string_new("# Made by rootstock.\nnetwork:\n  version: 2\n  ethernets:\n");
    g_string_append_printf(out,
                           "    %s:\n      dhcp4: false\n      dhcp6: false\n"
                           "  bridges:\n    %s:\n      interfaces: [%s]\n"
                           "      macaddress: \"%s\"\n"
                           "      parameters:\n        stp: false\n        forward-delay: 0\n",
                           id, bridge->bridge, id, bridge->mac);
    for (guint i = 0; keys[i] != NULL; i++) {
        g_autofree char *part = netplan_card_part(&source->card, keys[i], 6);
        g_string_append(out, part);
    }
    return g_string_free(out, FALSE);
}

static bool add_source_edit(const Bridge *bridge, const char *id, const Source *source,
                            char *const *keys, GError **error)
{
    g_autofree char *text = netplan_card_without(&source->card, (const char *const *)keys);
    return bridge_add_edit(bridge, source->path, source->text, text, id, error);
}

/* netplan has no word for the number of an identity association. */
static bool add_identity(const Bridge *bridge, GError **error)
{
    gint64 iaid = networkd_iaid(bridge);
    g_autofree char *path = g_strdup_printf(
        "/etc/systemd/network/10-netplan-%s.network.d/rootstock.conf", bridge->bridge);
    g_autofree char *text = g_strdup_printf("# Made by rootstock. As the card had it: the DHCP "
                                            "server knows the host by it.\n"
                                            "[DHCPv4]\nIAID=%" G_GINT64_FORMAT "\n",
                                            iaid);
    return iaid < 0 || bridge_add_file(bridge, RANK_NETWORK, path, text, false, error);
}

static bool uses_mac(const Source *source)
{
    g_autofree char *part = netplan_card_part(&source->card, "dhcp-identifier", 0);
    return part != NULL && strstr(part, "mac") != NULL;
}

static bool add_commands(const Bridge *bridge, GError **error)
{
    static const char *const GENERATE[] = {"netplan", "generate", NULL};
    static const char *const APPLY[] = {"netplan", "apply", NULL};
    return bridge_add_command(bridge, RANK_NETWORK_LOAD, "netplan's files for the network manager",
                              GENERATE, GENERATE, error) &&
           bridge_add_switch(bridge, RANK_NETWORK_LOAD, APPLY, APPLY, error);
}

static bool change(const Bridge *bridge, GError **error)
{
    g_auto(Source) source = {0};
    bool networkd = false, stay = true;
    g_autofree char *id = find_id(bridge, &networkd);
    if (!find_source(bridge, id, &source, error) || !check_match(bridge, id, &source, error))
        return false;
    g_auto(GStrv) keys = moved_keys(&source, &stay);
    g_autofree char *text = own_text(bridge, id, &source, keys);
    return bridge_add_file(bridge, RANK_NETWORK, OWN_FILE, text, true, error) &&
           (stay || add_source_edit(bridge, id, &source, keys, error)) &&
           (!networkd || uses_mac(&source) || add_identity(bridge, error)) &&
           add_commands(bridge, error);
}

const BridgeManager BRIDGE_NETPLAN = {"netplan", runs, change};
