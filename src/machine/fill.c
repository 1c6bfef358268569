/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include "base/error.h"

#include <string.h>

static void machine_device_free(MachineDevice *device)
{
    g_free(device->address);
    g_free(device->name);
    g_free(device->layout_reason);
    g_clear_pointer(&device->bars, g_array_unref);
    g_free(device);
}

static Machine *machine_new(const char *name, const MachineIdentity *identity)
{
    Machine *machine = g_new0(Machine, 1);
    machine->name = g_strdup(name);
    machine->identity.uuid = g_strdup(identity->uuid);
    machine->identity.mac = g_strdup(identity->mac);
    machine->type = g_strdup("q35");
    machine->devices = g_ptr_array_new_with_free_func((GDestroyNotify)machine_device_free);
    machine->reasons = g_ptr_array_new_with_free_func((GDestroyNotify)machine_reason_free);
    return machine;
}

static void fill_release(Fill *fill)
{
    const Release *release = fill->machine->release;
    add_reason(fill, "os", true, g_strdup(release->name), "You chose it.");
    add_reason(fill, "machine.type", false, g_strdup(fill->machine->type),
               "QEMU's model of Intel's Q35 chipset: it has PCI Express, an AHCI controller and "
               "the ICH9 parts that macOS knows from real Macs.");
}

Machine *machine_fill(const char *name, const MachineChoices *choices,
                      const MachineIdentity *identity, const Facts *facts, const Catalog *catalog,
                      const Verdict *verdict, GError **error)
{
    if (!machine_check_name(name, error))
        return NULL;
    g_autoptr(Machine) machine = machine_new(name, identity);
    Fill fill = {choices, facts, catalog, verdict, machine};

    machine->release = validate_release(&fill, error);
    if (machine->release == NULL || !validate_verdict(&fill, error))
        return NULL;
    machine_opencore_copy(&machine->opencore, &choices->opencore);
    fill_release(&fill);
    fill_processor(&fill);
    if (!fill_cores(&fill, error) || !fill_memory(&fill, error) || !fill_huge_pages(&fill, error) ||
        !fill_firmware(&fill, error) || !fill_disk(&fill, error))
        return NULL;
    fill_emulated(&fill);
    if (!fill_devices(&fill, error) || !fill_network(&fill, error))
        return NULL;
    return g_steal_pointer(&machine);
}
