/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/setup.h"

#include <string.h>

enum { CLASS_IDE = 0x0101, CLASS_RAID = 0x0104, CLASS_AHCI = 0x010601 };

/* Linux, drivers/pci/controller/vmd.c (vmd_ids), and the placeholder that RST shows for the disks
 * that it has taken over (drivers/ata/ahci.c knows it as intel-nvme-remap's). */
static const int VMD_DEVICES[] = {0x201d, 0x28c0, 0x467f, 0x4c3d, 0xa77f, 0x7d0b,
                                  0xad0b, 0x9a0b, 0xb60b, 0xb06f, 0x09ab};

static bool is_vmd(const DeviceVerdict *device)
{
    const PciFunction *function = device->function;

    if (function->vendor != 0x8086)
        return false;
    for (guint i = 0; i < G_N_ELEMENTS(VMD_DEVICES); i++) {
        if (function->device == VMD_DEVICES[i])
            return true;
    }
    return g_strcmp0(function->driver, "vmd") == 0;
}

/* The kernel numbers the domains that VMD makes from 0x10000. */
static bool is_behind_vmd(const DeviceVerdict *device)
{
    return strchr(device->function->address, ':') - device->function->address > 4;
}

void setup_vmd(const SetupHost *host, SetupVerdict *setup)
{
    const DeviceVerdict *vmd = setup_find(host->verdict, is_vmd);
    const DeviceVerdict *behind = setup_find(host->verdict, is_behind_vmd);

    if (vmd != NULL || behind != NULL) {
        setup->state = TRI_YES;
        setup->needed = true;
        setup->evidence =
            behind != NULL
                ? say(host->verdict, "%s lies in a PCI domain that it made.",
                      behind->function->address)
                : say(host->verdict, "Its controller %s is there.", vmd->function->address);
        setup->why = say(host->verdict, "%s Other systems on these disks may not start without it.",
                         setup->option->why);
    } else if (host->facts->pci_complete == TRI_YES) {
        setup->state = TRI_NO;
        setup->evidence = "Its controller is not among the PCI functions.";
    }
}

static bool is_of_chipset(const PciFunction *function)
{
    return function->vendor == 0x8086 || function->vendor == 0x1022;
}

static bool is_raid(const DeviceVerdict *device)
{
    return pci_class(device->function) == CLASS_RAID && is_of_chipset(device->function) &&
           !is_vmd(device);
}

static bool is_ide(const DeviceVerdict *device)
{
    return pci_class(device->function) == CLASS_IDE && is_of_chipset(device->function);
}

static bool is_ahci(const DeviceVerdict *device)
{
    return device->role == ROLE_SATA;
}

void setup_sata_mode(const SetupHost *host, SetupVerdict *setup)
{
    const DeviceVerdict *ahci = setup_find(host->verdict, is_ahci);
    const DeviceVerdict *other = setup_find(host->verdict, is_raid);

    if (other == NULL && ahci == NULL)
        other = setup_find(host->verdict, is_ide);
    if (other != NULL) {
        setup->state = TRI_NO;
        setup->needed = true;
        setup->evidence = say(host->verdict, "%s is in %s mode.", other->function->address,
                              pci_class(other->function) == CLASS_RAID ? "RAID" : "IDE");
        setup->why =
            say(host->verdict, "%s Other systems on these disks may not start after a change.",
                setup->option->why);
    } else if (ahci != NULL) {
        setup->state = TRI_YES;
        setup->evidence = say(host->verdict, "%s is in AHCI mode.", ahci->function->address);
    }
}

static const PciFunction *above(const Facts *facts, const PciFunction *function)
{
    return function->parent != NULL && *function->parent != '\0'
               ? facts_pci_function(facts, function->parent)
               : NULL;
}

/* The bridge by Thunderbolt that FUNCTION hangs on, or NULL. */
static const PciFunction *thunderbolt_above(const Facts *facts, const PciFunction *function)
{
    const PciFunction *bridge = above(facts, function);

    for (guint depth = 0; bridge != NULL && depth < 32; depth++) {
        if (bridge->device_name != NULL && strstr(bridge->device_name, "Thunderbolt") != NULL)
            return bridge;
        bridge = above(facts, bridge);
    }
    return NULL;
}

void setup_thunderbolt_security(const SetupHost *host, SetupVerdict *setup)
{
    const GPtrArray *devices = host->verdict->devices;

    setup->why = "No card that a guest could have is known to hang on Thunderbolt.";
    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const DeviceVerdict *card = g_ptr_array_index(devices, i);
        const PciFunction *bridge =
            setup_is_guest_card(card) ? thunderbolt_above(host->facts, card->function) : NULL;
        if (bridge == NULL)
            continue;
        setup->needed = true;
        setup->why = setup->option->why;
        setup->evidence = say(host->verdict, "%s hangs on %s, a Thunderbolt bridge.",
                              card->function->address, bridge->address);
        setup->todo = "Let it stay, and have the host authorise the card at each start (`boltctl "
                      "enroll --policy auto`).";
        return;
    }
}

void setup_sr_iov(const SetupHost *host, SetupVerdict *setup)
{
    setup->evidence = "macOS guests need none of it.";
}
