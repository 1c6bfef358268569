/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/held.h"

#include <string.h>

static bool contains(GStrv list, const char *text)
{
    return list != NULL && text != NULL && g_strv_contains((const char *const *)list, text);
}

static const BlockDevice *find_block(const StorageFacts *storage, const char *name)
{
    for (guint i = 0; i < storage->devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(storage->devices, i);
        if (g_strcmp0(device->name, name) == 0)
            return device;
    }
    return NULL;
}

/* Whether DEVICE lies on a disk at ADDRESS. Each device is looked at once, so that a snapshot's
 * circles end, and from a list, so that its chains may be as long as they like. */
static bool lies_on(const StorageFacts *storage, const BlockDevice *device, const char *address)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) queue = g_ptr_array_new();

    g_ptr_array_add(queue, (gpointer)device);
    for (guint i = 0; i < queue->len; i++) {
        const BlockDevice *one = g_ptr_array_index(queue, i);
        if (one == NULL || !g_hash_table_add(seen, (gpointer)one))
            continue;
        if (contains(one->pci, address))
            return true;
        for (char **name = one->below; name != NULL && *name != NULL; name++)
            g_ptr_array_add(queue, (gpointer)find_block(storage, *name));
    }
    return false;
}

static char *held_by_storage(const StorageFacts *storage, const char *address)
{
    for (guint i = 0; storage->devices != NULL && i < storage->devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(storage->devices, i);
        bool mounted = device->mounts != NULL && device->mounts[0] != NULL;
        if (!mounted && device->swap != TRI_YES)
            continue;
        if (lies_on(storage, device, address))
            return mounted ? g_strdup_printf("%s holds %s (%s)", address, device->mounts[0],
                                             device->name)
                           : g_strdup_printf("%s holds swap space (%s)", address, device->name);
    }
    return NULL;
}

char *held_by_host(const Facts *facts, const char *address)
{
    char *held = held_by_storage(&facts->storage, address);
    for (guint i = 0; held == NULL && facts->network != NULL && i < facts->network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(facts->network, i);
        if (interface->default_route == TRI_YES && g_strcmp0(interface->pci, address) == 0)
            held = g_strdup_printf("%s carries the default route (%s)", address, interface->name);
    }
    return held;
}
