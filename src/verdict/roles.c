/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

static const char *const ROLE_NAMES[] = {
    [ROLE_OTHER] = "other",   [ROLE_GPU] = "gpu",           [ROLE_GPU_AUDIO] = "gpu-audio",
    [ROLE_AUDIO] = "audio",   [ROLE_USB] = "usb",           [ROLE_NVME] = "nvme",
    [ROLE_SATA] = "sata",     [ROLE_ETHERNET] = "ethernet", [ROLE_WIFI] = "wifi",
    [ROLE_BRIDGE] = "bridge",
};
G_STATIC_ASSERT(G_N_ELEMENTS(ROLE_NAMES) == ROLES);

const char *role_name(Role role)
{
    return ROLE_NAMES[role];
}

static Role role_of_class(int class)
{
    if (class_is_display(class))
        return ROLE_GPU;
    if (class_is_bridge(class))
        return ROLE_BRIDGE;
    switch (class) {
    case 0x0106:
        return ROLE_SATA;
    case 0x0108:
        return ROLE_NVME;
    case 0x0200:
        return ROLE_ETHERNET;
    case 0x0280: /* "other network controller": what Wi-Fi cards say that they are */
    case 0x0d20: /* 802.11a */
    case 0x0d21: /* 802.11b */
        return ROLE_WIFI;
    case 0x0401:
    case 0x0403:
        return ROLE_AUDIO;
    case 0x0c03:
        return ROLE_USB;
    default:
        return ROLE_OTHER;
    }
}

/* How the function comes back after a guest has ended, as far as the kernel's list tells. A reset
 * of the bus or by power state is known to be too little for many cards. */
static const char *reset_of_methods(const PciFunction *function)
{
    static const char *const OF_ITS_OWN[] = {"device_specific", "acpi", "flr", "af_flr", NULL};

    if (function->reset_methods == NULL)
        return "unknown";
    if (function->reset_methods[0] == NULL)
        return "none";
    for (guint i = 0; OF_ITS_OWN[i] != NULL; i++) {
        if (g_strv_contains((const char *const *)function->reset_methods, OF_ITS_OWN[i]))
            return "ok";
    }
    return "unknown";
}

static void find_wireless(Verdict *verdict, const Facts *facts)
{
    for (guint i = 0; facts->network != NULL && i < facts->network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(facts->network, i);
        if (interface->wireless != TRI_YES || interface->pci == NULL)
            continue;
        DeviceVerdict *device = g_hash_table_lookup(verdict->by_address, interface->pci);
        if (device != NULL && device->role == ROLE_ETHERNET)
            device->role = ROLE_WIFI;
    }
}

static void find_family(DeviceVerdict *device, const Catalog *catalog)
{
    const PciFunction *function = device->function;
    const GraphicsDevice *known =
        catalog_graphics_device(catalog, function->vendor, function->device, function->revision);

    if (known == NULL)
        return;
    device->family = known->family;
    device->spoof = known->spoof;
    if (function->revision == UNKNOWN)
        device->other = catalog_graphics_other(catalog, function->vendor, function->device);
    device->maker = catalog_graphics_maker(catalog, device->family, function->subsystem_vendor);
}

static DeviceVerdict *device_new(const PciFunction *function, const Catalog *catalog)
{
    DeviceVerdict *device = g_new0(DeviceVerdict, 1);

    device->function = function;
    device->role = role_of_class(pci_class(function));
    device->with = g_ptr_array_new();
    device->against = g_ptr_array_new();
    device->obstacles = g_ptr_array_new();
    device->reset = reset_of_methods(function);
    device->spoof = UNKNOWN;
    if (device->role == ROLE_GPU || pci_class(function) == UNKNOWN)
        find_family(device, catalog);
    /* text may give a card's numbers and not its class */
    if (device->family != NULL)
        device->role = ROLE_GPU;
    /* Cards claim more than they keep: what the tables say of a family counts, but not against a
     * kernel that knows no way at all. */
    if (device->family != NULL && strcmp(device->reset, "none") != 0)
        device->reset = device->family->reset;
    if (function->reset_failed == TRI_YES)
        device->reset = "bug";
    return device;
}

static void device_free(DeviceVerdict *device)
{
    g_ptr_array_unref(device->with);
    g_ptr_array_unref(device->against);
    g_ptr_array_unref(device->obstacles);
    g_clear_pointer(&device->claims, g_ptr_array_unref);
    g_clear_pointer(&device->macos.spans, g_array_unref);
    g_free(device);
}

/* With DEVICE UNKNOWN the key of the maker. */
static gpointer card_key(int vendor, int device)
{
    return GSIZE_TO_POINTER((gsize)vendor << 17 | (gsize)(device == UNKNOWN ? 0x10000 : device));
}

static void count_card(Verdict *verdict, int vendor, int device)
{
    gpointer key = card_key(vendor, device);
    guint count = GPOINTER_TO_UINT(g_hash_table_lookup(verdict->cards, key));
    g_hash_table_insert(verdict->cards, key, GUINT_TO_POINTER(count + 1));
}

static void count_cards(Verdict *verdict)
{
    for (guint i = 0; i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        const PciFunction *function = device->function;
        if (device->role != ROLE_GPU || function->vendor == UNKNOWN || function->device == UNKNOWN)
            continue;
        count_card(verdict, function->vendor, function->device);
        count_card(verdict, function->vendor, UNKNOWN);
    }
}

guint graphics_count(const Verdict *verdict, int vendor, int device)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(verdict->cards, card_key(vendor, device)));
}

void devices_make(Verdict *verdict, const Facts *facts, const Catalog *catalog)
{
    if (facts->pci == NULL)
        return;
    verdict->devices = g_ptr_array_new_full(facts->pci->len, (GDestroyNotify)device_free);
    for (guint i = 0; i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        DeviceVerdict *device = device_new(function, catalog);
        g_ptr_array_add(verdict->devices, device);
        g_hash_table_insert(verdict->by_address, function->address, device);
    }
    card_parts_find(verdict);
    find_wireless(verdict, facts);
    drivers_find(verdict, facts);
    count_cards(verdict);
}
