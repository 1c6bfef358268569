/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"

#include "apply/host.h"
#include "base/error.h"

#include <string.h>

/*
 * ifupdown (interfaces(5)) with bridge-utils (bridge-utils-interfaces(5)): the stanzas of the card
 * become those of the bridge, with the card as its port. The card goes down with the files as they
 * were, as its DHCP client is known by them, and the bridge comes up with those that are.
 *
 * What is up is in run/network/ifstate, in lines NAME=STANZA.
 */
#define INTERFACES "/etc/network/interfaces"
#define INTERFACES_FOLDER "/etc/network/interfaces.d/*"

static bool runs(const Bridge *bridge)
{
    g_autofree char *text = os_read_text(bridge->resolver->host->root, "run/network/ifstate", NULL);
    g_autofree char *stanza = text != NULL ? line_value(text, bridge->interface) : NULL;
    return stanza != NULL;
}

static GStrv words_of(const char *line)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
    for (guint i = 0; words[i] != NULL; i++)
        if (*words[i] != '\0')
            g_strv_builder_add(builder, words[i]);
    return g_strv_builder_end(builder);
}

static bool is_word(char *const *words, guint index, const char *word)
{
    return g_strv_length((GStrv)words) > index && strcmp(words[index], word) == 0;
}

/* `auto` and its kind: `allow-hotplug enp3s0`. */
static bool is_start(char *const *words)
{
    return words[0] != NULL &&
           (strcmp(words[0], "auto") == 0 || g_str_has_prefix(words[0], "allow-"));
}

static bool begins_stanza(char *const *words)
{
    static const char *const WORDS[] = {"iface",        "mapping", "source",     "source-directory",
                                        "no-auto-down", "rename",  "no-scripts", NULL};
    return words[0] != NULL && (is_start(words) || g_strv_contains(WORDS, words[0]));
}

/* Options that tie a stanza to the card itself. */
static const char *find_obstacle(const Bridge *bridge, char *const *words)
{
    static const char *const PREFIXES[] = {"bridge_",   "bridge-", "bond-", "bond_",   "wpa-",
                                           "wireless-", "vlan-",   "vlan_", "inherits"};
    for (guint i = 0; i < G_N_ELEMENTS(PREFIXES); i++)
        if (g_str_has_prefix(words[0], PREFIXES[i]))
            return words[0];
    for (guint i = 1; words[i] != NULL; i++)
        if (strstr(words[i], bridge->interface) != NULL)
            return words[0];
    return NULL;
}

/* One file that is being rewritten. */
typedef struct {
    const Bridge *bridge;
    const char *path;
    GString *out;
    bool *first; /* no stanza of the card was met yet, in any file */
    bool within; /* the lines are those of a stanza of the card */
    bool changed;
} Rewrite;

static bool refuse(const Rewrite *rewrite, const char *line, GError **error)
{
    g_autofree char *text = g_strstrip(g_strdup(line));
    return fail(error, ERROR_REFUSED,
                "The bridge %s is not made: '%s' has the line '%s', which would have to be thought "
                "over for a bridge. " BRIDGE_BY_HAND,
                rewrite->bridge->bridge, rewrite->path, text);
}

/* The bridge comes up at each start, and the card with it. */
static void rewrite_start(Rewrite *rewrite, char *const *words)
{
    const Bridge *bridge = rewrite->bridge;
    bool others = g_strv_length((GStrv)words) > 2;
    if (others) {
        g_string_append(rewrite->out, words[0]);
        for (guint i = 1; words[i] != NULL; i++)
            if (strcmp(words[i], bridge->interface) != 0)
                g_string_append_printf(rewrite->out, " %s", words[i]);
        g_string_append_c(rewrite->out, '\n');
    }
    g_string_append_printf(rewrite->out, "auto %s\n", bridge->bridge);
}

/* A stanza for the card stays, or NetworkManager, where it runs too, would take the card. */
static void rewrite_stanza(Rewrite *rewrite, char *const *words)
{
    const Bridge *bridge = rewrite->bridge;
    if (*rewrite->first)
        g_string_append_printf(rewrite->out, "iface %s inet manual\n\n", bridge->interface);
    g_string_append_printf(rewrite->out, "iface %s", bridge->bridge);
    for (guint i = 2; words[i] != NULL; i++)
        g_string_append_printf(rewrite->out, " %s", words[i]);
    g_string_append_c(rewrite->out, '\n');
    if (*rewrite->first)
        g_string_append_printf(rewrite->out,
                               "    bridge_ports %s\n    bridge_hw %s\n    bridge_stp off\n"
                               "    bridge_fd 0\n    bridge_maxwait 0\n",
                               bridge->interface, bridge->mac);
    *rewrite->first = false;
}

static bool is_known_method(char *const *words)
{
    static const char *const METHODS[] = {"dhcp", "static", "auto", "manual", NULL};
    return g_strv_length((GStrv)words) == 4 && g_strv_contains(METHODS, words[3]);
}

/* An alias of the card: "enp3s0:1". */
static bool is_alias(const Bridge *bridge, char *const *words)
{
    gsize length = strlen(bridge->interface);
    return words[0] != NULL && words[1] != NULL &&
           strncmp(words[1], bridge->interface, length) == 0 && words[1][length] == ':';
}

static bool rewrite_line(Rewrite *rewrite, const char *line, GError **error)
{
    const Bridge *bridge = rewrite->bridge;
    g_auto(GStrv) words = words_of(line);
    bool ours = is_word(words, 1, bridge->interface);
    bool iface = is_word(words, 0, "iface");
    bool stanza = begins_stanza(words);
    if (stanza)
        rewrite->within = ours && iface;
    if (is_alias(bridge, words) || (ours && stanza && !iface && !is_start(words)) ||
        (ours && iface && !is_known_method(words)))
        return refuse(rewrite, line, error);
    if (rewrite->within && !stanza && words[0] != NULL && words[0][0] != '#' &&
        find_obstacle(bridge, words) != NULL)
        return refuse(rewrite, line, error);
    bool starts =
        is_start(words) && g_strv_contains((const char *const *)words + 1, bridge->interface);
    if ((starts || (ours && iface)) && g_str_has_suffix(line, "\\"))
        return refuse(rewrite, line, error);
    if (starts)
        rewrite_start(rewrite, words);
    else if (ours && iface)
        rewrite_stanza(rewrite, words);
    else
        g_string_append_printf(rewrite->out, "%s\n", line);
    rewrite->changed = rewrite->changed || starts || (ours && iface);
    return true;
}

static bool rewrite_file(const Bridge *bridge, const char *path, bool *first, GError **error)
{
    g_autofree char *text = NULL;
    if (!resolver_read(bridge->resolver, path, &text, error))
        return false;
    if (text == NULL)
        return true;
    g_autoptr(GString) out = g_string_new(NULL);
    Rewrite rewrite = {.bridge = bridge, .path = path, .out = out, .first = first};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if ((lines[i + 1] != NULL || *lines[i] != '\0') && !rewrite_line(&rewrite, lines[i], error))
            return false;
    return !rewrite.changed ||
           bridge_add_edit(bridge, path, text, out->str, bridge->interface, error);
}

static bool rewrite_files(const Bridge *bridge, GError **error)
{
    g_auto(GStrv) paths = host_match(bridge->resolver->host->root, INTERFACES_FOLDER);
    bool first = true;
    if (!rewrite_file(bridge, INTERFACES, &first, error))
        return false;
    for (guint i = 0; paths[i] != NULL; i++)
        if (!rewrite_file(bridge, paths[i], &first, error))
            return false;
    return !first || fail(error, ERROR_REFUSED,
                          "The bridge %s is not made: %s is up by ifupdown, and neither "
                          "'" INTERFACES "' nor a file in '/etc/network/interfaces.d' has a "
                          "stanza for it. " BRIDGE_BY_HAND,
                          bridge->bridge, bridge->interface);
}

/* ifupdown2, which Proxmox has, knows bridges itself, and takes its files anew as a whole. */
static bool check_kind(const Bridge *bridge, GError **error)
{
    return !host_has_program(bridge->resolver->host, "ifreload") ||
           fail(error, ERROR_REFUSED,
                "The bridge %s is not made: this host has ifupdown2. Make the bridge with its own "
                "tools (on Proxmox: Node, Network, Create), or by hand in '" INTERFACES "' and "
                "`ifreload -a`; then name it in the machine file ([network] bridge=NAME).",
                bridge->bridge);
}

static bool add_bridge_utils(const Bridge *bridge, GError **error)
{
    g_autoptr(Goal) goal =
        goal_packages(bridge->goal->step, "bridge-utils", "ifupdown makes bridges by its scripts.");
    return host_has_program(bridge->resolver->host, "brctl") ||
           resolve_packages(bridge->resolver, goal, error);
}

/* ISC dhclient, as ifupdown calls it, identifies the host by a DUID that it keeps in the lease file
 * of the interface (-lf); where that has none it looks into another one (-df), which it only writes
 * to for IPv6 (dhclient(8)). With another DUID the server would give another address. */
static bool add_identity(const Bridge *bridge, GError **error)
{
    const OsRoot *root = bridge->resolver->host->root;
    g_autofree char *leases = g_strdup_printf("var/lib/dhcp/dhclient.%s.leases", bridge->interface);
    g_autofree char *ipv6 = g_strdup_printf("var/lib/dhcp/dhclient6.%s.leases", bridge->interface);
    g_autofree char *own = g_strdup_printf("/var/lib/dhcp/dhclient6.%s.leases", bridge->bridge);
    g_autofree char *text = os_read_text(root, leases, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (guint i = 0; !os_exists(root, ipv6) && lines[i] != NULL; i++) {
        if (!g_str_has_prefix(lines[i], "default-duid ") || !g_str_is_ascii(lines[i]))
            continue;
        g_autofree char *line = g_strconcat(lines[i], "\n", NULL);
        return bridge_add_file(bridge, RANK_NETWORK, own, line, false, error);
    }
    return true;
}

static bool change(const Bridge *bridge, GError **error)
{
    const char *const down[] = {"ifdown", bridge->interface, NULL};
    const char *const up_again[] = {"ifup", bridge->interface, NULL};
    const char *const up[] = {"ifup", bridge->bridge, NULL};
    const char *const down_again[] = {"ifdown", bridge->bridge, NULL};
    g_autofree char *target = g_strdup_printf("%s without an address", bridge->interface);
    return check_kind(bridge, error) && add_bridge_utils(bridge, error) &&
           bridge_add_command(bridge, RANK_NETWORK, target, down, up_again, error) &&
           rewrite_files(bridge, error) && add_identity(bridge, error) &&
           bridge_add_switch(bridge, RANK_NETWORK, up, down_again, error);
}

const BridgeManager BRIDGE_IFUPDOWN = {"ifupdown", runs, change};
