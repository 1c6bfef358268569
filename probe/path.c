/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path.h"

#include "find.h"
#include "pci.h"

enum {
    /* Messaging nodes: UEFI 2.10, 10.3.4. */
    MESSAGING = 3,
    ATAPI = 1,
    SCSI = 2,
    USB = 5,
    SATA = 18,
    NVME = 23,
    END = 0x7f,
    MAX_NODES = 64,
    VIRTIO_VENDOR = 0x1af4, /* Virtio 1.2, 4.1.2 */
};

void path_member(Text *json, EFI_HANDLE handle)
{
    static const EFI_GUID TO_TEXT = EFI_DEVICE_PATH_TO_TEXT_PROTOCOL_GUID;
    EFI_DEVICE_PATH_TO_TEXT_PROTOCOL *to_text = find_any(&TO_TEXT);
    EFI_DEVICE_PATH *path = find_protocol(handle, &device_path_guid);
    CHAR16 *text = NULL;

    if (to_text != NULL && path != NULL)
        text = to_text->ConvertDevicePathToText(path, FALSE, FALSE);
    json_utf16(json, "path", text);
    if (text != NULL)
        bs->FreePool(text);
}

static const char *bus_of_node(UINT8 subtype)
{
    switch (subtype) {
    case ATAPI:
        return "ide";
    case SCSI:
        return "scsi";
    case USB:
        return "usb";
    case SATA:
        return "sata";
    case NVME:
        return "nvme";
    default:
        return NULL;
    }
}

/* A virtio disk has no node of its own: its device path ends with its PCI function. */
static const char *bus_of_function(EFI_HANDLE handle)
{
    EFI_PCI_IO_PROTOCOL *pci = find_pci(handle);
    return pci != NULL && (pci_read(pci, 0) & 0xffff) == VIRTIO_VENDOR ? "virtio" : "other";
}

const char *path_bus(EFI_HANDLE handle)
{
    const EFI_DEVICE_PATH *node = find_protocol(handle, &device_path_guid);
    const char *bus = NULL;

    for (int i = 0; node != NULL && i < MAX_NODES && (node->Type & 0x7f) != END; i++) {
        UINTN length = node->Length[0] | (UINTN)node->Length[1] << 8;
        if (length < sizeof(*node))
            break;
        /* A USB disk may have a SCSI node below: the first one is the bus. */
        if (bus == NULL && (node->Type & 0x7f) == MESSAGING)
            bus = bus_of_node(node->SubType);
        node = (const VOID *)((const UINT8 *)node + length);
    }
    return bus != NULL ? bus : bus_of_function(handle);
}
