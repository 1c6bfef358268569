/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe.h"

static const UINT64 FOUR_GIB = 1ull << 32;
enum { PAGE = 4096, ATTEMPTS = 4 };

typedef struct {
    UINT8 *entries;
    UINTN size, entry_size;
} Map;

static bool read_map(Map *map)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        UINTN key;
        UINT32 version;
        VOID *buffer = NULL;
        map->size = 0;
        bs->GetMemoryMap(&map->size, NULL, &key, &map->entry_size, &version);
        map->size += 8 * map->entry_size; /* the next allocation may split entries */
        if (EFI_ERROR(bs->AllocatePool(EfiLoaderData, map->size, &buffer)))
            return false;
        map->entries = buffer;
        if (!EFI_ERROR(bs->GetMemoryMap(&map->size, buffer, &key, &map->entry_size, &version)))
            return true;
        bs->FreePool(buffer);
    }
    return false;
}

/* Memory that the operating system gets once boot services have ended (UEFI 2.10, 7.2). */
static bool is_usable(UINT32 type)
{
    return type == EfiConventionalMemory || type == EfiLoaderCode || type == EfiLoaderData ||
           type == EfiBootServicesCode || type == EfiBootServicesData ||
           type == EfiACPIReclaimMemory;
}

/* What the firmware keeps for itself and for ACPI is memory as well; reserved ranges may be
 * registers, and are not counted. */
static bool is_memory(UINT32 type)
{
    return is_usable(type) || type == EfiRuntimeServicesCode || type == EfiRuntimeServicesData ||
           type == EfiACPIMemoryNVS;
}

void report_memory(Report *report)
{
    Map map;
    UINT64 total = 0, usable = 0, below = 0;

    if (!read_map(&map)) {
        json_null(&report->json, "memory");
        return;
    }
    for (UINTN at = 0; at + map.entry_size <= map.size; at += map.entry_size) {
        const EFI_MEMORY_DESCRIPTOR *entry = (const VOID *)(map.entries + at);
        UINT64 bytes = entry->NumberOfPages * PAGE;
        if (!is_memory(entry->Type))
            continue;
        total += bytes;
        usable += is_usable(entry->Type) ? bytes : 0;
        below += entry->PhysicalStart < FOUR_GIB ? bytes : 0;
    }
    bs->FreePool(map.entries);
    json_begin(&report->json, "memory", '{');
    json_number(&report->json, "total", total);
    json_number(&report->json, "usable", usable);
    json_number(&report->json, "entries", map.size / map.entry_size);
    json_number(&report->json, "below_4g", below);
    json_number(&report->json, "above_4g", total - below);
    json_end(&report->json, '}');
    text_size(&report->memory, total);
    text_byte(&report->memory, '\n');
}
