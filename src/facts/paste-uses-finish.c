/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-uses.h"

#include <string.h>

/*
 * What the pieces say together. A list of disks, network cards or displays becomes known only where
 * both its members and their places were told: of what is not in it, a verdict says that it is
 * free.
 */

/* A list without the root file system lacks more, or does not tell what is below its disks. */
static bool has_root(const PasteUses *uses)
{
    for (guint i = 0; i < uses->blocks->len; i++) {
        const BlockDevice *device = g_ptr_array_index(uses->blocks, i);
        if (device->mounts != NULL && g_strv_contains((const char *const *)device->mounts, "/"))
            return true;
    }
    return false;
}

/* Disks of which lsblk did not tell stay unknown, and so do those of which it did not know what is
 * in them, as it does without udev's data. */
static void finish_storage(PasteUses *uses, Facts *facts)
{
    if (g_hash_table_size(uses->linked) == 0 || !has_root(uses))
        return;
    for (guint i = 0; i < uses->blocks->len; i++) {
        BlockDevice *device = g_ptr_array_index(uses->blocks, i);
        bool listed = g_hash_table_contains(uses->listed, device->name);
        bool idle = device->mounts != NULL && device->mounts[0] == NULL;
        if (device->below == NULL)
            device->below = g_new0(char *, 1);
        if (idle && (!listed || !uses->contents))
            g_clear_pointer(&device->mounts, g_strfreev);
    }
    facts->storage.devices = g_steal_pointer(&uses->blocks);
    facts->storage.unplaced = g_new0(char *, 1);
}

static void finish_network(PasteUses *uses, Facts *facts)
{
    if (!uses->interface_links || g_hash_table_size(uses->routes) == 0)
        return;
    for (guint i = 0; i < uses->interfaces->len; i++) {
        NetInterface *interface = g_ptr_array_index(uses->interfaces, i);
        interface->default_route = tri(g_hash_table_contains(uses->routes, interface->name));
    }
    facts->network = g_steal_pointer(&uses->interfaces);
}

static const PciFunction *function_of(const Facts *facts, const DisplayFacts *display)
{
    return display->pci != NULL && display->pci[0] != '\0' ? facts_pci_function(facts, display->pci)
                                                           : NULL;
}

/* The kernel draws its consoles on fb0; without one, in text on the firmware's display. */
static Tri console_on(const PasteUses *uses, const Facts *facts, const DisplayFacts *display)
{
    const PciFunction *function = function_of(facts, display);

    if (uses->frame_buffer != NULL && uses->frame_buffer[0] != '\0' && display->pci != NULL)
        return tri(strcmp(uses->frame_buffer, display->pci) == 0);
    bool elsewhere = function != NULL && function->boot_vga == TRI_NO;
    bool firmware = uses->frame_buffer != NULL || uses->no_frame_buffer;
    return firmware && elsewhere ? TRI_NO : TRI_UNKNOWN;
}

/* NVIDIA's own X driver takes its card without asking logind. */
static Tri session_on(const PasteUses *uses, const Facts *facts, const DisplayFacts *display)
{
    const PciFunction *function = function_of(facts, display);
    bool hidden = function == NULL || function->driver == NULL ||
                  g_str_has_prefix(function->driver, "nvidia");
    g_autofree char *number = g_strdup_printf("226:%s", display->name + strlen("card"));

    if (g_hash_table_contains(uses->devices, number))
        return TRI_YES;
    return uses->sessions && !uses->untold && !hidden ? TRI_NO : TRI_UNKNOWN;
}

/* Whether all cards that a driver may show something on are among the displays. */
static bool has_all_displays(const PasteUses *uses, const Facts *facts)
{
    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        bool idle = function->driver != NULL &&
                    (function->driver[0] == '\0' || strcmp(function->driver, "vfio-pci") == 0 ||
                     strcmp(function->driver, "pci-stub") == 0);
        bool found = idle || function->class_code == UNKNOWN || function->class_code >> 16 != 0x03;
        for (guint j = 0; !found && j < uses->displays->len; j++) {
            const DisplayFacts *display = g_ptr_array_index(uses->displays, j);
            found = g_strcmp0(display->pci, function->address) == 0;
        }
        if (!found)
            return false;
    }
    return uses->displays->len > 0;
}

static void finish_displays(PasteUses *uses, Facts *facts)
{
    const PciFunction *firmware = facts_boot_display(facts);

    for (guint i = 0; i < uses->displays->len; i++) {
        DisplayFacts *display = g_ptr_array_index(uses->displays, i);
        if (display->pci == NULL && firmware != NULL)
            display->pci = g_strdup(firmware->address);
    }
    if (!has_all_displays(uses, facts))
        return;
    for (guint i = 0; i < uses->displays->len; i++) {
        DisplayFacts *display = g_ptr_array_index(uses->displays, i);
        display->console = console_on(uses, facts, display);
        display->session = session_on(uses, facts, display);
    }
    facts->displays = g_steal_pointer(&uses->displays);
}

void paste_uses_finish(PasteUses *uses, Facts *facts)
{
    uses->untold |= uses->open_session;
    finish_storage(uses, facts);
    finish_network(uses, facts);
    finish_displays(uses, facts);
}
