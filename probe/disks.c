/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find.h"
#include "path.h"
#include "pci.h"

static const UINT64 MAX_SIZE = ~0ull >> 1;

static UINT64 size_of(const EFI_BLOCK_IO_MEDIA *media)
{
    UINT64 blocks = media->LastBlock + 1;
    if (!media->MediaPresent || media->BlockSize == 0 || blocks == 0)
        return 0;
    return blocks > MAX_SIZE / media->BlockSize ? MAX_SIZE : blocks * media->BlockSize;
}

static void summarise(Text *line, EFI_PCI_IO_PROTOCOL *pci, const char *bus,
                      const EFI_BLOCK_IO_MEDIA *media)
{
    if (media->LogicalPartition)
        return;
    pci_name(line, pci);
    text_byte(line, ' ');
    text_string(line, bus);
    text_string(line, ", ");
    if (media->MediaPresent)
        text_size(line, size_of(media));
    else
        text_string(line, "no medium");
    text_string(line, media->ReadOnly ? ", read-only\n" : "\n");
}

static void report_disk(Report *report, EFI_HANDLE handle, const EFI_BLOCK_IO_MEDIA *media)
{
    Text *json = &report->json;
    EFI_PCI_IO_PROTOCOL *pci = find_pci(handle);
    const char *bus = path_bus(handle);
    UINT64 size = size_of(media);

    json_begin(json, NULL, '{');
    pci_member(json, pci);
    json_string(json, "bus", bus);
    path_member(json, handle);
    json_number(json, "block_size", media->BlockSize);
    json_number(json, "blocks", size == 0 ? 0 : media->LastBlock + 1);
    json_number(json, "size", size);
    json_boolean(json, "media", media->MediaPresent);
    json_boolean(json, "removable", media->RemovableMedia);
    json_boolean(json, "read_only", media->ReadOnly);
    json_boolean(json, "partition", media->LogicalPartition);
    json_end(json, '}');
    summarise(&report->disks, pci, bus, media);
}

void report_disks(Report *report)
{
    static const EFI_GUID BLOCK_IO = EFI_BLOCK_IO_PROTOCOL_GUID;
    Handles found = find_handles(&BLOCK_IO);

    json_begin(&report->json, "disks", '[');
    for (UINTN i = 0; i < found.count; i++) {
        const EFI_BLOCK_IO_PROTOCOL *disk = find_protocol(found.handles[i], &BLOCK_IO);
        if (disk != NULL && disk->Media != NULL)
            report_disk(report, found.handles[i], disk->Media);
    }
    json_end(&report->json, ']');
    find_free(&found);
}

/* The label, size and free space of an open volume; the caller frees it. NULL: it cannot say. */
static EFI_FILE_SYSTEM_INFO *volume_information(EFI_FILE *root)
{
    static EFI_GUID INFORMATION = EFI_FILE_SYSTEM_INFO_ID;
    UINTN size = 0;
    VOID *information = NULL;

    if (root->GetInfo(root, &INFORMATION, &size, NULL) != EFI_BUFFER_TOO_SMALL ||
        size < SIZE_OF_EFI_FILE_SYSTEM_INFO + sizeof(CHAR16) ||
        EFI_ERROR(bs->AllocatePool(EfiLoaderData, size, &information)))
        return NULL;
    if (EFI_ERROR(root->GetInfo(root, &INFORMATION, &size, information))) {
        bs->FreePool(information);
        return NULL;
    }
    return information;
}

static void report_volume(Text *json, EFI_SIMPLE_FILE_SYSTEM_PROTOCOL *file_system)
{
    EFI_FILE *root = NULL;
    if (EFI_ERROR(file_system->OpenVolume(file_system, &root)))
        return;
    EFI_FILE_SYSTEM_INFO *information = volume_information(root);
    if (information != NULL) {
        json_utf16(json, "label", information->VolumeLabel);
        json_number(json, "size", information->VolumeSize);
        json_number(json, "free", information->FreeSpace);
        json_boolean(json, "read_only", information->ReadOnly);
        bs->FreePool(information);
    }
    root->Close(root);
}

void report_file_systems(Report *report)
{
    static const EFI_GUID FILE_SYSTEM = EFI_SIMPLE_FILE_SYSTEM_PROTOCOL_GUID;
    Handles found = find_handles(&FILE_SYSTEM);
    Text *json = &report->json;

    json_begin(json, "file_systems", '[');
    for (UINTN i = 0; i < found.count; i++) {
        EFI_SIMPLE_FILE_SYSTEM_PROTOCOL *file_system =
            find_protocol(found.handles[i], &FILE_SYSTEM);
        if (file_system == NULL)
            continue;
        json_begin(json, NULL, '{');
        pci_member(json, find_pci(found.handles[i]));
        path_member(json, found.handles[i]);
        report_volume(json, file_system);
        json_end(json, '}');
    }
    json_end(json, ']');
    find_free(&found);
}
