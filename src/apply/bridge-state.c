/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"
#include "apply/host.h"
#include "apply/kind.h"
#include "base/error.h"

#include <string.h>

/* How long a bridge may take to get its address: a DHCP server on a slow switch answers within half
 * a minute. */
#define SETTLE_S 45

/* As in kind.c: a program of the network's that does not end is not waited for longer. */
#define COMMAND_TIMEOUT_S 90

#define PORT_ONLY "port"
#define PORT_IPV4 "port, default route"
#define PORT_IPV6 "port, default route (IPv6)"

/* The columns of proc/net/route and proc/net/ipv6_route (kernel net/ipv4/fib_trie.c,
 * net/ipv6/route.c). */
enum { IPV4_NAME, IPV4_DESTINATION, IPV4_MASK = 7, IPV4_COLUMNS };
enum { IPV6_DESTINATION, IPV6_LENGTH, IPV6_NAME = 9, IPV6_COLUMNS };

static bool is_default_ipv4(char *const *columns, guint count, const char *name)
{
    return count >= IPV4_COLUMNS && strcmp(columns[IPV4_NAME], name) == 0 &&
           strspn(columns[IPV4_DESTINATION], "0") == 8 && strspn(columns[IPV4_MASK], "0") == 8;
}

static bool is_default_ipv6(char *const *columns, guint count, const char *name)
{
    return count >= IPV6_COLUMNS && strcmp(columns[IPV6_NAME], name) == 0 &&
           strspn(columns[IPV6_DESTINATION], "0") == 32 && strcmp(columns[IPV6_LENGTH], "00") == 0;
}

static bool has_route(const OsRoot *root, const char *path, const char *name,
                      bool (*is_default)(char *const *columns, guint count, const char *name))
{
    g_autofree char *text = os_read_text(root, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autoptr(GPtrArray) columns = g_ptr_array_new();
        g_auto(GStrv) words = g_strsplit_set(lines[i], " \t", -1);
        for (guint j = 0; words[j] != NULL; j++)
            if (*words[j] != '\0')
                g_ptr_array_add(columns, words[j]);
        if (is_default((char *const *)columns->pdata, columns->len, name))
            return true;
    }
    return false;
}

char *bridge_state_wanted(const OsRoot *root, const char *interface)
{
    if (has_route(root, "proc/net/route", interface, is_default_ipv4))
        return g_strdup(PORT_IPV4);
    if (has_route(root, "proc/net/ipv6_route", interface, is_default_ipv6))
        return g_strdup(PORT_IPV6);
    return g_strdup(PORT_ONLY);
}

bool bridge_has_port(const OsRoot *root, const char *bridge, const char *interface)
{
    g_autofree char *folder = g_build_filename("sys/class/net", bridge, "brif", NULL);
    g_auto(GStrv) ports = os_list(root, folder);
    return ports != NULL && g_strv_contains((const char *const *)ports, interface);
}

/* "enp3s0 in br0" */
static GStrv names_of(const Change *change)
{
    return g_strsplit(change->target, " in ", 2);
}

static bool has_wanted_route(const OsRoot *root, const Change *change, const char *bridge)
{
    if (strcmp(change->after, PORT_IPV4) == 0)
        return has_route(root, "proc/net/route", bridge, is_default_ipv4);
    return strcmp(change->after, PORT_IPV6) != 0 ||
           has_route(root, "proc/net/ipv6_route", bridge, is_default_ipv6);
}

static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    g_auto(GStrv) names = names_of(change);
    g_autofree char *folder = g_build_filename("sys/class/net", names[1], NULL);
    *ret_state = NULL;
    if (!os_exists(host->root, folder))
        return true;
    if (!bridge_has_port(host->root, names[1], names[0]))
        *ret_state = g_strdup("bridge without its port");
    else if (has_wanted_route(host->root, change, names[1]))
        *ret_state = g_strdup(change->after);
    else
        *ret_state = g_strdup("port, and no route yet");
    return true;
}

/* A bridge that no file asks for any more stays all the same, with its port in it: managers make
 * such devices and do not remove them (systemd-networkd.service(8)). One that does may do so just
 * now. */
static bool remove_bridge(const ApplyHost *host, const char *bridge, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *folder = g_build_filename("sys/class/net", bridge, NULL);
    if (!os_exists(host->root, folder))
        return true;
    const char *const argv[] = {"ip", "link", "delete", "dev", bridge, "type", "bridge", NULL};
    g_autoptr(OsOutput) output = host_run(host, argv, 0, false, &fault);
    if (output != NULL || !os_exists(host->root, folder))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static bool run_revert(const ApplyHost *host, const Change *change, bool any_status, GError **error)
{
    if (change->revert == NULL)
        return true;
    g_autoptr(OsOutput) output =
        host_run(host, (const char *const *)change->revert, COMMAND_TIMEOUT_S, any_status, error);
    return output != NULL;
}

/* The manager's way back comes first: while it still takes the card for a port it would have that
 * fail when the bridge is gone, and systemd-networkd gives a link up on which anything failed. What
 * takes a bridge down may say no, as it may never have been up, and what is left of it is removed
 * all the same; what reads the restored files again has to work, or the card stays without its
 * address. */
static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    g_auto(GStrv) names = names_of(change);
    bool any_status = change->rank != RANK_NETWORK_LOAD;
    return run_revert(host, change, any_status, error) && remove_bridge(host, names[1], error);
}

const Kind KIND_BRIDGE = {
    .state = state, .revert = revert, .timeout_s = COMMAND_TIMEOUT_S, .settle_s = SETTLE_S};
