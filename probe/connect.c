/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find.h"
#include "pci.h"

enum { STORAGE = 0x01, NETWORK = 0x02, DISPLAY = 0x03, SERIAL_BUS = 0x0c, USB = 0x03 };

/*
 * Firmware connects what it needs for booting and no more (UEFI 2.10, 3.1.2). Disks are connected
 * down to their partitions and file systems, displays (a second card) to their picture; network
 * cards only as far as the card itself, for the network stack above it would begin to talk.
 */
void connect_drivers(void)
{
    Handles functions = find_handles(&pci_io_guid);

    for (UINTN i = 0; i < functions.count; i++) {
        EFI_PCI_IO_PROTOCOL *pci = find_protocol(functions.handles[i], &pci_io_guid);
        UINT32 class = pci == NULL ? 0 : pci_read(pci, 8) >> 16;
        if (class >> 8 == STORAGE || class >> 8 == DISPLAY || class == (SERIAL_BUS << 8 | USB))
            bs->ConnectController(functions.handles[i], NULL, NULL, TRUE);
        else if (class >> 8 == NETWORK)
            bs->ConnectController(functions.handles[i], NULL, NULL, FALSE);
    }
    find_free(&functions);
}
