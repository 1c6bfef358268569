/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

typedef struct {
    HostUses *uses;
    GHashTable *by_name; /* name to NetInterface */
    GHashTable *seen;    /* interfaces that were walked over */
} Walk;

static bool has_pci(const NetInterface *interface)
{
    return interface->pci != NULL && interface->pci[0] != '\0';
}

/* The cards that the default route by TOP uses: TOP's, and those of what it is made of. Where none
 * can be told (a tunnel), no network card is known to be free. */
static void hold_cards(Walk *walk, const NetInterface *top)
{
    g_autoptr(GQueue) queue = g_queue_new();

    g_queue_push_tail(queue, (gpointer)top);
    while (!g_queue_is_empty(queue)) {
        const NetInterface *interface = g_queue_pop_head(queue);
        bool leads_on = interface->below != NULL && interface->below[0] != NULL;

        if (!g_hash_table_add(walk->seen, (gpointer)interface))
            continue;
        if (has_pci(interface))
            host_uses_add(
                walk->uses, interface->pci, ANSWER_NO,
                say(walk->uses->verdict, "carries the default route (%s)", interface->name));
        else if (!leads_on)
            host_uses_doubt_network(walk->uses, say(walk->uses->verdict,
                                                    "The default route leaves by %s, whose card is "
                                                    "unknown: any network card may carry it",
                                                    interface->name));
        for (char **name = interface->below; leads_on && *name != NULL; name++) {
            const NetInterface *below = g_hash_table_lookup(walk->by_name, *name);
            if (below != NULL)
                g_queue_push_tail(queue, (gpointer)below);
            else
                host_uses_doubt_network(walk->uses, say(walk->uses->verdict,
                                                        "The default route leaves by %s, which is "
                                                        "unknown: any network card may carry it",
                                                        *name));
        }
    }
}

static void note_unknown(HostUses *uses, const NetInterface *interface)
{
    if (has_pci(interface))
        host_uses_add(uses, interface->pci, ANSWER_UNKNOWN,
                      say(uses->verdict,
                          "is a network card of which it is unknown whether the default route "
                          "leaves by it (%s)",
                          interface->name));
    else if (interface->pci == NULL)
        host_uses_doubt_network(
            uses,
            say(uses->verdict,
                "It is unknown whether the default route leaves by %s, and whose that is: any "
                "network card may carry it",
                interface->name));
}

void network_uses_find(HostUses *uses, const GPtrArray *network)
{
    if (network == NULL) {
        host_uses_doubt_network(
            uses, "The network cards of this host are unknown: any may carry the default route");
        return;
    }
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
    Walk walk = {uses, by_name, seen};

    for (guint i = 0; i < network->len; i++) {
        NetInterface *interface = g_ptr_array_index(network, i);
        g_hash_table_insert(by_name, interface->name, interface);
    }
    for (guint i = 0; i < network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(network, i);
        if (interface->default_route == TRI_YES)
            hold_cards(&walk, interface);
        else if (interface->default_route == TRI_UNKNOWN)
            note_unknown(uses, interface);
    }
}
