/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-parts.h"

#include "facts/snapshot-fields.h"

/* Replaces each address by its full form. */
static void check_addresses(JsonDocument *document, GStrv addresses)
{
    for (; addresses != NULL && *addresses != NULL; addresses++) {
        char *full = pci_address_full(*addresses);
        if (full == NULL) {
            jr_fail(document, "'%.32s' in 'pci' is no PCI address.", *addresses);
            return;
        }
        g_free(*addresses);
        *addresses = full;
    }
}

static void read_block(JsonDocument *document, const JsonValue *object, BlockDevice *device)
{
    g_autofree char *kind = jr_string(document, object, "kind");

    device->number = jr_string(document, object, "number");
    if (!block_kind_from_name(kind, &device->kind))
        jr_fail(document, "block device '%.64s' has no kind that is known.", device->name);
    device->label = jr_string(document, object, "label");
    device->size = snapshot_size(document, object, "size");
    device->model = jr_string(document, object, "model");
    device->rotational = jr_tri(document, object, "rotational");
    device->pci = jr_strings(document, object, "pci");
    check_addresses(document, device->pci);
    device->below = jr_strings(document, object, "below");
    device->content = jr_string(document, object, "content");
    device->mounts = jr_strings(document, object, "mounts");
    device->swap = jr_tri(document, object, "swap");
}

static void read_devices(JsonDocument *document, const JsonValue *list, StorageFacts *storage)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    storage->devices = g_ptr_array_new_with_free_func((GDestroyNotify)block_device_free);
    for (guint i = 0; i < jr_length(list); i++) {
        const JsonValue *element = jr_element(list, i);
        if (!snapshot_is_object(document, element, "devices", i))
            return;
        const char *name = snapshot_take_name(document, jr_string(document, element, "name"),
                                              "a block device", seen);
        if (name == NULL)
            return;
        BlockDevice *device = block_device_new(name);
        g_ptr_array_add(storage->devices, device);
        read_block(document, element, device);
    }
}

static void read_interface(JsonDocument *document, const JsonValue *object, NetInterface *interface)
{
    interface->pci = snapshot_address(document, object, "pci", true);
    interface->driver = jr_string(document, object, "driver");
    interface->state = jr_string(document, object, "state");
    interface->wireless = jr_tri(document, object, "wireless");
    interface->below = jr_strings(document, object, "below");
    interface->default_route = jr_tri(document, object, "default_route");
    interface->mac = jr_string(document, object, "mac");
}

static void read_network(JsonDocument *document, const JsonValue *list, Facts *facts)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    facts->network = g_ptr_array_new_with_free_func((GDestroyNotify)net_interface_free);
    for (guint i = 0; i < jr_length(list); i++) {
        const JsonValue *element = jr_element(list, i);
        if (!snapshot_is_object(document, element, "network", i))
            return;
        const char *name = snapshot_take_name(document, jr_string(document, element, "name"),
                                              "a network interface", seen);
        if (name == NULL)
            return;
        NetInterface *interface = net_interface_new(name);
        g_ptr_array_add(facts->network, interface);
        read_interface(document, element, interface);
    }
}

static gpointer read_display(JsonDocument *document, const JsonValue *object)
{
    DisplayFacts *display = display_facts_new();
    display->pci = snapshot_address(document, object, "pci", true);
    display->name = jr_string(document, object, "name");
    display->connected = jr_strings(document, object, "connected");
    display->console = jr_tri(document, object, "console");
    display->session = jr_tri(document, object, "session");
    return display;
}

void snapshot_read_storage(JsonDocument *document, const JsonValue *top, Facts *facts)
{
    const JsonValue *storage = jr_object(document, top, "storage");
    const JsonValue *devices = jr_array(document, storage, "devices");
    const JsonValue *network = jr_array(document, top, "network");
    const JsonValue *displays = jr_array(document, top, "displays");

    if (devices != NULL)
        read_devices(document, devices, &facts->storage);
    facts->storage.unplaced = jr_strings(document, storage, "unplaced");
    if (network != NULL)
        read_network(document, network, facts);
    facts->displays = snapshot_list(document, displays, "displays", read_display,
                                    (GDestroyNotify)display_facts_free);
}
