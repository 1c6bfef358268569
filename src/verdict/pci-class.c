/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

bool knows_all_functions(const Facts *facts)
{
    return facts->pci_complete == TRI_YES ||
           (facts->iommu.groups == TRI_YES && facts->iommu.complete == TRI_YES);
}

int pci_class(const PciFunction *function)
{
    return function->class_code == UNKNOWN ? UNKNOWN : function->class_code >> 8;
}

bool class_is_bridge(int class)
{
    return class != UNKNOWN && class >> 8 == 0x06;
}

/* Mass storage, FireWire, USB, Fibre Channel, InfiniBand, card readers: PCI Code and ID Assignment
 * Specification 1.11, section 1. */
bool class_may_carry_disks(int class)
{
    return class != UNKNOWN && (class >> 8 == 0x01 || class == 0x0c00 || class == 0x0c03 ||
                                class == 0x0c04 || class == 0x0c06 || class == 0x0805);
}

bool class_is_network(int class)
{
    return class != UNKNOWN && (class >> 8 == 0x02 || class >> 8 == 0x0d);
}

bool class_is_display(int class)
{
    return class != UNKNOWN && class >> 8 == 0x03;
}
