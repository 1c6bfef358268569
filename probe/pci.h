/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe.h"

#include <efipciio.h>

/* Writes "0000:00:1f.2". */
void pci_address(Text *text, UINTN segment, UINTN bus, UINTN device, UINTN function);
/* The same of a function, as the member "pci" and for a line of the summary; "" for NULL. */
void pci_member(Text *json, EFI_PCI_IO_PROTOCOL *pci);
void pci_name(Text *line, EFI_PCI_IO_PROTOCOL *pci);

/* Configuration space of a function. */
UINT32 pci_read(EFI_PCI_IO_PROTOCOL *pci, UINT32 offset);
