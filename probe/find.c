/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find.h"

#include "probe.h"
#include "tables.h"

const EFI_GUID pci_io_guid = EFI_PCI_IO_PROTOCOL_GUID;
const EFI_GUID device_path_guid = EFI_DEVICE_PATH_PROTOCOL_GUID;

/* gnu-efi's prototypes lack the specification's const. */
static EFI_GUID *guid_of(const EFI_GUID *guid)
{
    return (EFI_GUID *)(UINTN)guid;
}

Handles find_handles(const EFI_GUID *protocol)
{
    Handles found = {0};
    if (EFI_ERROR(bs->LocateHandleBuffer(ByProtocol, guid_of(protocol), NULL, &found.count,
                                         &found.handles)))
        return (Handles){0};
    return found;
}

void find_free(Handles *handles)
{
    if (handles->handles != NULL)
        bs->FreePool(handles->handles);
    *handles = (Handles){0};
}

VOID *find_protocol(EFI_HANDLE handle, const EFI_GUID *protocol)
{
    VOID *interface = NULL;
    return EFI_ERROR(bs->HandleProtocol(handle, guid_of(protocol), &interface)) ? NULL : interface;
}

VOID *find_any(const EFI_GUID *protocol)
{
    VOID *interface = NULL;
    return EFI_ERROR(bs->LocateProtocol(guid_of(protocol), NULL, &interface)) ? NULL : interface;
}

EFI_PCI_IO_PROTOCOL *find_pci(EFI_HANDLE handle)
{
    EFI_DEVICE_PATH *path = find_protocol(handle, &device_path_guid);
    EFI_HANDLE carrier = NULL;

    if (path == NULL || EFI_ERROR(bs->LocateDevicePath(guid_of(&pci_io_guid), &path, &carrier)))
        return NULL;
    return find_protocol(carrier, &pci_io_guid);
}

const void *configuration_table(const EFI_GUID *guid)
{
    for (UINTN i = 0; i < st->NumberOfTableEntries; i++)
        if (same_bytes(&st->ConfigurationTable[i].VendorGuid, guid, sizeof(*guid)))
            return st->ConfigurationTable[i].VendorTable;
    return NULL;
}
