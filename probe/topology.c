/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "topology.h"

#include "cpuid.h"
#include "find.h"
#include "probe.h"
#include "uefi.h"

/*
 * Packages and cores are told apart by the bits of the processors' APIC ids, as an operating system
 * does it. The firmware's own answer is not used: EDK II of 2022 takes the number of threads that
 * share a cache for the number of cores where there is no leaf 0Bh.
 */
typedef struct {
    UINT32 core, package; /* how far to shift an APIC id to have the id of its core or package */
} Shifts;

enum {
    HTT = 1 << 28,                 /* leaf 1, EDX: more than one processor in a package */
    TOPOLOGY_EXTENSIONS = 1 << 22, /* leaf 80000001h, ECX (AMD) */
    LEVEL_THREAD = 1,
    MAX_LEVELS = 8,
};

/* The width of a field that numbers COUNT things. */
static UINT32 bits_for(UINT32 count)
{
    UINT32 bits = 0;
    while (bits < 31 && 1u << bits < count)
        bits++;
    return bits;
}

/* Intel SDM volume 2A, CPUID, leaf 0Bh; AMD APM volume 3, E.4.10. */
static bool shifts_by_levels(Shifts *shifts)
{
    if (cpuid(0, 0).eax < 0x0b || (cpuid(0x0b, 0).ebx & 0xffff) == 0)
        return false;
    for (UINT32 level = 0; level < MAX_LEVELS; level++) {
        Leaf leaf = cpuid(0x0b, level);
        UINT32 type = leaf.ecx >> 8 & 0xff;
        if (type == 0)
            break;
        if (type == LEVEL_THREAD)
            shifts->core = leaf.eax & 31;
        shifts->package = leaf.eax & 31;
    }
    return true;
}

/* AMD APM volume 3, E.4.7 (80000008h) and E.4.16 (8000001Eh). */
static void shifts_by_amd(Shifts *shifts)
{
    UINT32 last = cpuid(CPUID_EXTENDED, 0).eax;
    if (last >= CPUID_EXTENDED + 8) {
        UINT32 ecx = cpuid(CPUID_EXTENDED + 8, 0).ecx;
        UINT32 size = ecx >> 12 & 15;
        shifts->package = size != 0 ? size : bits_for((ecx & 0xff) + 1);
    }
    if (last >= CPUID_EXTENDED + 0x1e && cpuid(CPUID_EXTENDED + 1, 0).ecx & TOPOLOGY_EXTENSIONS)
        shifts->core = bits_for((cpuid(CPUID_EXTENDED + 0x1e, 0).ebx >> 8 & 0xff) + 1);
}

/* Intel SDM volume 3A, 9.9.3: leaf 1 counts ids in a package, leaf 4 those of cores. */
static void shifts_by_caches(Shifts *shifts, UINT32 ids)
{
    UINT32 cores = cpuid(0, 0).eax >= 4 ? (cpuid(4, 0).eax >> 26) + 1 : 1;
    UINT32 core_bits = bits_for(cores);
    shifts->package = bits_for(ids);
    shifts->core = shifts->package > core_bits ? shifts->package - core_bits : 0;
}

static Shifts find_shifts(void)
{
    Shifts shifts = {0, 0};
    Leaf names = cpuid(0, 0), first = cpuid(1, 0);
    const UINT32 vendor[] = {names.ebx, names.edx, names.ecx};

    if (shifts_by_levels(&shifts) || !(first.edx & HTT))
        return shifts;
    if (same_bytes(vendor, "AuthenticAMD", sizeof(vendor)) ||
        same_bytes(vendor, "HygonGenuine", sizeof(vendor)))
        shifts_by_amd(&shifts);
    else
        shifts_by_caches(&shifts, first.ebx >> 16 & 0xff);
    return shifts;
}

/* Sorts ids; they come sorted nearly always, so that this is one pass. */
static void sort(UINT64 *ids, UINTN count)
{
    for (UINTN i = 1; i < count; i++) {
        UINT64 id = ids[i];
        UINTN to = i;
        for (; to > 0 && ids[to - 1] > id; to--)
            ids[to] = ids[to - 1];
        ids[to] = id;
    }
}

static Topology count_places(MpServices *services, UINTN processors, UINT64 *ids)
{
    Topology found = {0};
    Shifts shifts = find_shifts();

    for (UINTN i = 0; i < processors; i++) {
        CpuInformation cpu = {0};
        if (!EFI_ERROR(services->get_information(services, i, &cpu)) && cpu.status & CPU_ENABLED)
            ids[found.threads++] = cpu.id;
    }
    sort(ids, found.threads);
    for (UINTN i = 0; i < found.threads; i++) {
        found.cores += i == 0 || ids[i] >> shifts.core != ids[i - 1] >> shifts.core;
        found.packages += i == 0 || ids[i] >> shifts.package != ids[i - 1] >> shifts.package;
    }
    return found;
}

bool topology_find(Topology *ret)
{
    static const EFI_GUID MP_SERVICES = MP_SERVICES_GUID;
    MpServices *services = find_any(&MP_SERVICES);
    UINTN processors = 0, enabled = 0;
    VOID *ids = NULL;

    if (services == NULL || EFI_ERROR(services->get_number(services, &processors, &enabled)) ||
        EFI_ERROR(bs->AllocatePool(EfiLoaderData, processors * sizeof(UINT64), &ids)))
        return false;
    *ret = count_places(services, processors, ids);
    bs->FreePool(ids);
    return true;
}
