/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/checks-parts.h"

#include "base/size.h"
#include "run/checks-list.h"

#include <string.h>

static const char *passed_kind(BarKind kind)
{
    switch (kind) {
    case BAR_MEMORY_32:
        return "memory32";
    case BAR_MEMORY_64:
        return "memory64";
    case BAR_IO:
        return "io";
    }
    return "unknown";
}

static void passed_append_bar(GString *text, int index, const char *kind, bool prefetchable,
                              guint64 size)
{
    g_autofree char *exact = size_exact(size);
    g_string_append_printf(text, "%s%d: %s %s%s", text->len > 0 ? ", " : "", index, exact, kind,
                           prefetchable ? " prefetchable" : "");
}

/* By number, kind and size; both lists are by number. */
static char *passed_host_bars(const MachineDevice *device)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < device->bars->len; i++) {
        const PciBar *bar = &g_array_index(device->bars, PciBar, i);
        passed_append_bar(text, bar->index, passed_kind(bar->kind), bar->prefetchable, bar->size);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *passed_guest_bars(const GuestFunction *function)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; function->bars != NULL && i < function->bars->len; i++) {
        const GuestBar *bar = g_ptr_array_index(function->bars, i);
        passed_append_bar(text, bar->index, bar->kind != NULL ? bar->kind : "unknown",
                          bar->prefetchable, bar->size < 0 ? 0 : (guint64)bar->size);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The SKIP-th function of the guest with the ids of DEVICE: cards of one model have the same. */
static const GuestFunction *passed_find(const GuestReport *guest, const MachineDevice *device,
                                        guint skip)
{
    for (guint i = 0; guest->functions != NULL && i < guest->functions->len; i++) {
        const GuestFunction *function = g_ptr_array_index(guest->functions, i);
        if (function->vendor == device->vendor && function->device == device->device && skip-- == 0)
            return function;
    }
    return NULL;
}

/* How many of the machine's devices before number END have the same ids. */
static guint passed_earlier(const Machine *machine, guint end)
{
    const MachineDevice *device = g_ptr_array_index(machine->devices, end);
    guint count = 0;
    for (guint i = 0; i < end; i++) {
        const MachineDevice *other = g_ptr_array_index(machine->devices, i);
        count += other->vendor == device->vendor && other->device == device->device;
    }
    return count;
}

static void passed_check_bars(GPtrArray *list, const MachineDevice *device,
                              const GuestFunction *function)
{
    if (device->bars == NULL) {
        check_add(list, "passed-bars", false,
                  g_strdup_printf("the BARs of %s, which this host does not tell", device->address),
                  passed_guest_bars(function));
        return;
    }
    g_autofree char *host = passed_host_bars(device);
    g_autofree char *guest = passed_guest_bars(function);
    check_add(list, "passed-bars", strcmp(host, guest) == 0,
              g_strdup_printf("%s: %s", device->address, host[0] != '\0' ? host : "no BAR"),
              g_strdup_printf("%s: %s", function->address, guest[0] != '\0' ? guest : "no BAR"));
}

/* A ROM that the host has must reach the guest. The host tells the size of its BAR, the guest's
 * firmware the size of the images in it (UEFI 2.10, 14.4: RomSize), which is no larger. */
static void passed_check_rom(GPtrArray *list, const MachineDevice *device,
                             const GuestFunction *function)
{
    if (device->rom_size <= 0)
        return;
    g_autofree char *host = size_exact((guint64)device->rom_size);
    g_autofree char *guest =
        function->rom_size > 0 ? size_exact((guint64)function->rom_size) : g_strdup("none");
    check_add(list, "passed-rom", function->rom_size > 0 && function->rom_size <= device->rom_size,
              g_strdup_printf("%s: an option ROM of at most %s", device->address, host),
              g_strdup_printf("%s: %s", function->address, guest));
}

void check_passed(GPtrArray *list, const Machine *machine, const GuestReport *guest)
{
    for (guint i = 0; machine->devices != NULL && i < machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(machine->devices, i);
        const GuestFunction *function = passed_find(guest, device, passed_earlier(machine, i));
        bool same = function != NULL && function->class_code == device->class_code;
        check_add(
            list, "passed-device", same,
            g_strdup_printf("%s: %04x:%04x of class %06x", device->address, (guint)device->vendor,
                            (guint)device->device, (guint)device->class_code),
            function == NULL ? g_strdup("no such PCI function")
                             : g_strdup_printf("%s: %04x:%04x of class %06x", function->address,
                                               (guint)function->vendor, (guint)function->device,
                                               (guint)function->class_code));
        if (function == NULL)
            continue;
        passed_check_bars(list, device, function);
        passed_check_rom(list, device, function);
    }
}
