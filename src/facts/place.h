/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A device's place: the path below sys/devices that its entry in sys/class leads to. Every device
 * on the way to it is a component of that path (Linux Documentation/admin-guide/sysfs-rules.rst),
 * so the last PCI address in it is the function that the device hangs on, also through USB, SCSI or
 * virtio:
 *
 *     sys/devices/pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0/block/sda
 */

/* The function that the device at PLACE hangs on; "" when it is no PCI device's. */
char *place_pci_function(const char *place);

/* That function, and those above it that make the PCI domain that it is in (Intel's Volume
 * Management Device): who takes one of these takes the device. Empty when it is no PCI device's. */
GStrv place_pci_functions(const char *place);

/* Whether it hangs on no hardware that the kernel knows of. */
bool place_is_virtual(const char *place);
