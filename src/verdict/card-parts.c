/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * A graphics card has up to four functions: graphics, sound, a USB-C port and its controller
 * (UCSI). They are reset together, so that a guest gets all of them or none.
 */
enum {
    VENDOR_AMD = 0x1002,
    VENDOR_NVIDIA = 0x10de,
    VENDOR_INTEL = 0x8086,
};

enum {
    CLASS_SOUND = 0x0403,
    CLASS_USB = 0x0c03,
    CLASS_SERIAL = 0x0c80, /* serial bus controller of another kind: what UCSI says that it is */
};

/* On the root bus, where chipsets have sound of the same makers. */
static bool is_on_root_bus(const PciFunction *function)
{
    const char *colon = strchr(function->address, ':');
    return colon == NULL || g_str_has_prefix(colon, ":00:");
}

static void take_sound(DeviceVerdict *sound, const DeviceVerdict *gpu)
{
    sound->role = ROLE_GPU_AUDIO;
    sound->card = gpu;
}

/* The other functions of a card are in its slot and of its maker. Of sound only the first of a
 * slot: AMD's processors have the board's sound in the slot of their integrated graphics too. GPUS:
 * by slot; SILENT: those whose sound is not found yet. */
static void find_in_slot(Verdict *verdict, GHashTable *gpus, GHashTable *silent)
{
    for (guint i = 0; i < verdict->devices->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        int class = pci_class(device->function);
        g_autofree char *slot = pci_address_slot(device->function->address);
        const DeviceVerdict *gpu = g_hash_table_lookup(gpus, slot);

        if (gpu == NULL || gpu == device || gpu->function->vendor == UNKNOWN ||
            gpu->function->vendor != device->function->vendor)
            continue;
        if (class == CLASS_USB || class == CLASS_SERIAL)
            device->card = gpu;
        else if (class == CLASS_SOUND && g_hash_table_remove(silent, gpu))
            take_sound(device, gpu);
    }
}

/* Sound functions of Intel's cards DG1, Arc (DG2) and Battlemage (Linux include/linux/pci_ids.h,
 * include/sound/hdaudio.h: HDA_CONTROLLER_IN_GPU). The others of Intel's are the board's. */
static bool is_intel_card_sound(const PciFunction *function)
{
    static const int DEVICES[] = {0x490d, 0x4f90, 0x4f91, 0x4f92, 0xe2f7};

    for (guint i = 0; i < G_N_ELEMENTS(DEVICES); i++) {
        if (function->vendor == VENDOR_INTEL && function->device == DEVICES[i])
            return true;
    }
    return false;
}

/* Whether SOUND is a card's although no card of its maker is in its slot: where this host is a
 * virtual machine, each function can have a bus of its own, and on Intel's cards they are behind a
 * switch, each on a bus of its own. */
static bool is_stray(const DeviceVerdict *sound, GHashTable *gpus)
{
    g_autofree char *slot = pci_address_slot(sound->function->address);
    int vendor = sound->function->vendor;

    return sound->role == ROLE_AUDIO && pci_class(sound->function) == CLASS_SOUND &&
           (vendor == VENDOR_AMD || vendor == VENDOR_NVIDIA ||
            is_intel_card_sound(sound->function)) &&
           !is_on_root_bus(sound->function) && !g_hash_table_contains(gpus, slot);
}

/* Only where there is no choice. */
static void find_stray(Verdict *verdict, GHashTable *gpus, GHashTable *silent, int vendor)
{
    DeviceVerdict *sound = NULL;
    const DeviceVerdict *gpu = NULL;
    guint sounds = 0, cards = 0;
    GHashTableIter iter;
    gpointer key;

    for (guint i = 0; i < verdict->devices->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (device->function->vendor != vendor || !is_stray(device, gpus))
            continue;
        sound = device;
        sounds++;
    }
    g_hash_table_iter_init(&iter, silent);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const DeviceVerdict *candidate = key;
        bool built_in = is_on_root_bus(candidate->function);
        if (candidate->function->vendor != vendor || (vendor == VENDOR_INTEL && built_in))
            continue;
        gpu = candidate;
        cards++;
    }
    if (sounds == 1 && cards == 1)
        take_sound(sound, gpu);
}

void card_parts_find(Verdict *verdict)
{
    g_autoptr(GHashTable) gpus = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) silent = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < verdict->devices->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (device->role != ROLE_GPU)
            continue;
        char *slot = pci_address_slot(device->function->address);
        if (!g_hash_table_contains(gpus, slot))
            g_hash_table_add(silent, device);
        g_hash_table_insert(gpus, slot, device);
    }
    find_in_slot(verdict, gpus, silent);
    find_stray(verdict, gpus, silent, VENDOR_AMD);
    find_stray(verdict, gpus, silent, VENDOR_NVIDIA);
    find_stray(verdict, gpus, silent, VENDOR_INTEL);
}

static void add_all(GPtrArray *list, const GPtrArray *more)
{
    for (guint i = 0; i < more->len; i++) {
        if (!g_ptr_array_find(list, g_ptr_array_index(more, i), NULL))
            g_ptr_array_add(list, g_ptr_array_index(more, i));
    }
}

static bool in_one_group(const GPtrArray *parts)
{
    const DeviceVerdict *first = g_ptr_array_index(parts, 0);

    for (guint i = 0; i < parts->len; i++) {
        const DeviceVerdict *part = g_ptr_array_index(parts, i);
        if (part->function->iommu_group == UNKNOWN ||
            part->function->iommu_group != first->function->iommu_group)
            return false;
    }
    return true;
}

/* What keeps one of PARTS keeps all, and what goes with one goes with all. */
static void join(const GPtrArray *parts)
{
    g_autoptr(GPtrArray) against = g_ptr_array_new();
    g_autoptr(GPtrArray) obstacles = g_ptr_array_new();
    g_autoptr(GPtrArray) together = g_ptr_array_new();
    Answer answer = ANSWER_YES;

    for (guint i = 0; i < parts->len; i++) {
        const DeviceVerdict *part = g_ptr_array_index(parts, i);
        answer = answer_worst(answer, part->passable);
        add_all(against, part->against);
        add_all(obstacles, part->obstacles);
        if (!g_ptr_array_find(together, part->function, NULL))
            g_ptr_array_add(together, (gpointer)part->function);
    }
    for (guint i = 0; i < parts->len; i++)
        add_all(together, ((const DeviceVerdict *)g_ptr_array_index(parts, i))->with);
    for (guint i = 0; i < parts->len; i++) {
        DeviceVerdict *part = g_ptr_array_index(parts, i);
        part->passable = answer;
        g_ptr_array_unref(part->against);
        g_ptr_array_unref(part->obstacles);
        part->against = g_ptr_array_ref(against);
        part->obstacles = g_ptr_array_ref(obstacles);
        g_ptr_array_set_size(part->with, 0);
        add_all(part->with, together);
        g_ptr_array_remove(part->with, (gpointer)part->function);
    }
}

void card_parts_join(Verdict *verdict)
{
    g_autoptr(GHashTable) cards =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);

    for (guint i = 0; i < verdict->devices->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (device->card == NULL)
            continue;
        GPtrArray *parts = g_hash_table_lookup(cards, device->card);
        if (parts == NULL) {
            parts = g_ptr_array_new();
            g_ptr_array_add(parts, (gpointer)device->card);
            g_hash_table_insert(cards, (gpointer)device->card, parts);
        }
        g_ptr_array_add(parts, device);
    }
    for (guint i = 0; i < verdict->devices->len; i++) {
        const GPtrArray *parts = g_hash_table_lookup(cards, g_ptr_array_index(verdict->devices, i));
        if (parts != NULL && !in_one_group(parts))
            join(parts);
    }
}
