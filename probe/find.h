/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>
#include <efipciio.h>

typedef struct {
    EFI_HANDLE *handles;
    UINTN count;
} Handles;

/* All handles that have a protocol; none is no error. Give them to find_free(). */
Handles find_handles(const EFI_GUID *protocol);
void find_free(Handles *handles);

/* The protocol of a handle; NULL when it has none. */
VOID *find_protocol(EFI_HANDLE handle, const EFI_GUID *protocol);
/* The first instance anywhere; NULL when there is none. */
VOID *find_any(const EFI_GUID *protocol);

/* A place on the PCI buses. */
typedef struct {
    UINTN segment, bus, device, function;
} PciAddress;

/* The PCI function that a device path leads through last: the one that carries the handle. NULL for
 * handles without one. */
EFI_PCI_IO_PROTOCOL *find_pci(EFI_HANDLE handle);

extern const EFI_GUID pci_io_guid, device_path_guid;
