/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/devices-parts.h"
#include "catalog/tables.h"

static void free_known(gpointer data)
{
    KnownDevice *known = data;
    g_free(known->name);
    g_free(known->needs);
    g_free(known->advice);
    g_free(known->source);
    g_free(known);
}

KnownDevices *known_devices_new(void)
{
    KnownDevices *devices = g_new0(KnownDevices, 1);
    devices->lines = g_ptr_array_new_with_free_func(free_known);
    devices->by_vendor = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);
    return devices;
}

void known_devices_free(KnownDevices *devices)
{
    if (devices == NULL)
        return;
    g_hash_table_unref(devices->by_vendor);
    g_ptr_array_unref(devices->lines);
    g_free(devices);
}

GArray *known_devices_of(const KnownDevices *devices, int vendor)
{
    return g_hash_table_lookup(devices->by_vendor, GINT_TO_POINTER(vendor));
}

int device_entry_rank(const DeviceEntry *entry)
{
    return (entry->subsystem_vendor != UNKNOWN ? 2 : 0) + (entry->first == entry->last ? 1 : 0);
}

static bool fits(const DeviceEntry *entry, const DeviceIds *ids)
{
    if (ids->device < entry->first || ids->device > entry->last)
        return false;
    if (entry->subsystem_vendor == UNKNOWN)
        return true;
    return entry->subsystem_vendor == ids->subsystem_vendor &&
           (entry->subsystem_device == UNKNOWN || entry->subsystem_device == ids->subsystem_device);
}

/* The lines are in the order of their releases: reading them makes sure of it. */
GPtrArray *known_device(const KnownDevices *devices, const DeviceIds *ids)
{
    const GArray *entries =
        ids->vendor >= 0 && ids->device >= 0 ? known_devices_of(devices, ids->vendor) : NULL;
    GPtrArray *found = NULL;
    int best = UNKNOWN;

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const DeviceEntry *entry = &g_array_index(entries, DeviceEntry, i);
        int rank = device_entry_rank(entry);
        if (rank < best || !fits(entry, ids))
            continue;
        if (found == NULL)
            found = g_ptr_array_new();
        if (rank > best)
            g_ptr_array_set_size(found, 0);
        best = rank;
        g_ptr_array_add(found, entry->known);
    }
    return found;
}

const KnownDevice *known_device_of_class(const KnownDevices *devices, int class)
{
    const GArray *entries = known_devices_of(devices, VENDOR_CLASS);

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const DeviceEntry *entry = &g_array_index(entries, DeviceEntry, i);
        if (entry->first == class)
            return entry->known;
    }
    return NULL;
}

GPtrArray *known_device_any(const KnownDevices *devices, int vendor, int device)
{
    const GArray *entries = vendor >= 0 && device >= 0 ? known_devices_of(devices, vendor) : NULL;
    GPtrArray *found = g_ptr_array_new();
    guint with_subsystem = 0;

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const DeviceEntry *entry = &g_array_index(entries, DeviceEntry, i);
        if (entry->first != device || entry->last != device)
            continue;
        bool has_subsystem = entry->subsystem_vendor != UNKNOWN;
        g_ptr_array_insert(found, has_subsystem ? (int)with_subsystem++ : -1, entry->known);
    }
    return found;
}
