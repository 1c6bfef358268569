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

/* Whether DEVICE lies on a disk at ADDRESS. VISITED (names) ends a snapshot's circles. */
static bool lies_on(const StorageFacts *storage, const BlockDevice *device, const char *address,
                    GHashTable *visited)
{
    if (device == NULL || device->name == NULL || !g_hash_table_add(visited, device->name))
        return false;
    if (contains(device->pci, address))
        return true;
    for (char **name = device->below; name != NULL && *name != NULL; name++)
        if (lies_on(storage, find_block(storage, *name), address, visited))
            return true;
    return false;
}

static char *held_by_storage(const StorageFacts *storage, const char *address)
{
    for (guint i = 0; storage->devices != NULL && i < storage->devices->len; i++) {
        const BlockDevice *device = g_ptr_array_index(storage->devices, i);
        bool mounted = device->mounts != NULL && device->mounts[0] != NULL;
        if (!mounted && device->swap != TRI_YES)
            continue;
        g_autoptr(GHashTable) visited = g_hash_table_new(g_str_hash, g_str_equal);
        if (lies_on(storage, device, address, visited))
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
