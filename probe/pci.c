/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pci.h"

#include "find.h"
#include "tables.h"

/* Configuration space: PCI Local Bus Specification 3.0, 6.1 and 6.2. */
enum {
    IDS = 0x00,
    CLASS = 0x08,
    HEADER = 0x0c,
    BARS = 0x10,
    BUSES = 0x18,     /* of a bridge: primary, secondary, subordinate */
    SUBSYSTEM = 0x2c, /* of a header of type 0 */
    MULTI_FUNCTION = 0x80,
    BRIDGE = 1,
    CARDBUS = 2,
    BAR_IS_IO = 1,
    BAR_IS_64 = 4,
    BAR_IS_PREFETCHABLE = 8,
    MAX_BUSES = 256,
};

/* A range of GetBarAttributes(): the QWORD address space descriptor of ACPI 6.4, 6.4.3.5.1. */
enum {
    DESCRIPTOR_QWORD = 0x8a,
    DESCRIPTOR_KIND = 3,
    DESCRIPTOR_START = 14,
    DESCRIPTOR_LENGTH = 38,
    RANGE_MEMORY = 0,
    RANGE_IO = 1,
    RANGE_BUSES = 2,
};

typedef struct {
    EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *root;
    PciAddress at;
    EFI_PCI_IO_PROTOCOL *io; /* NULL: the firmware did not give it resources */
} Function;

typedef struct {
    Report *report;
    Handles handles;
    EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *root;
    bool seen[MAX_BUSES];
    UINT8 queue[MAX_BUSES]; /* buses to look at */
    UINTN queued;
} Walk;

void pci_address(Text *text, UINTN segment, UINTN bus, UINTN device, UINTN function)
{
    text_hex(text, segment, 4);
    text_byte(text, ':');
    text_hex(text, bus, 2);
    text_byte(text, ':');
    text_hex(text, device, 2);
    text_byte(text, '.');
    text_hex(text, function, 1);
}

void pci_name(Text *line, EFI_PCI_IO_PROTOCOL *pci)
{
    PciAddress at;
    if (pci != NULL &&
        !EFI_ERROR(pci->GetLocation(pci, &at.segment, &at.bus, &at.device, &at.function)))
        pci_address(line, at.segment, at.bus, at.device, at.function);
}

void pci_member(Text *json, EFI_PCI_IO_PROTOCOL *pci)
{
    json_open_string(json, "pci");
    pci_name(json, pci);
    json_close_string(json);
}

UINT32 pci_read(EFI_PCI_IO_PROTOCOL *pci, UINT32 offset)
{
    UINT32 value = ~0u;
    pci->Pci.Read(pci, EfiPciIoWidthUint32, offset, 1, &value);
    return value;
}

static UINT32 read_at(EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *root, PciAddress at, UINT32 offset)
{
    UINT32 value = ~0u;
    UINT64 address = at.bus << 24 | at.device << 16 | at.function << 8 | offset;
    root->Pci.Read(root, EfiPciIoWidthUint32, address, 1, &value);
    return value;
}

static UINT32 read(const Function *function, UINT32 offset)
{
    return read_at(function->root, function->at, offset);
}

static EFI_PCI_IO_PROTOCOL *io_of(const Walk *walk, PciAddress at)
{
    for (UINTN i = 0; i < walk->handles.count; i++) {
        EFI_PCI_IO_PROTOCOL *pci = find_protocol(walk->handles.handles[i], &pci_io_guid);
        PciAddress its;
        if (pci != NULL &&
            !EFI_ERROR(pci->GetLocation(pci, &its.segment, &its.bus, &its.device, &its.function)) &&
            its.segment == at.segment && its.bus == at.bus && its.device == at.device &&
            its.function == at.function)
            return pci;
    }
    return NULL;
}

/*
 * The size of a BAR as the firmware found it when it gave out addresses. Nothing is written to the
 * device: a framebuffer may be in use. INDEX counts the BARs, where a 64-bit one is one.
 */
static bool bar_size(EFI_PCI_IO_PROTOCOL *pci, UINT8 index, bool io, UINT64 base, UINT64 *ret_size)
{
    VOID *resources = NULL;
    if (pci == NULL || EFI_ERROR(pci->GetBarAttributes(pci, index, NULL, &resources)) ||
        resources == NULL)
        return false;
    const UINT8 *descriptor = resources;
    bool found = descriptor[0] == DESCRIPTOR_QWORD &&
                 descriptor[DESCRIPTOR_KIND] == (io ? RANGE_IO : RANGE_MEMORY) &&
                 get64(descriptor + DESCRIPTOR_LENGTH) != 0 &&
                 get64(descriptor + DESCRIPTOR_START) == base;
    if (found)
        *ret_size = get64(descriptor + DESCRIPTOR_LENGTH);
    bs->FreePool(resources);
    return found;
}

/* The size of the BAR at BASE. Firmware counts BARs in more than one way, so that the base tells.
 */
static bool find_size(const Function *function, bool io, UINT64 base, UINT64 *ret_size)
{
    for (UINT8 index = 0; index < 6; index++)
        if (bar_size(function->io, index, io, base, ret_size))
            return true;
    return false;
}

static void report_bar(Text *json, const Function *function, UINT32 index, UINT64 value)
{
    bool io = (value & BAR_IS_IO) != 0, wide = !io && (value & BAR_IS_64) != 0;
    UINT64 base = value & (io ? ~3ull : ~15ull), size;

    json_begin(json, NULL, '{');
    json_number(json, "index", index);
    json_string(json, "kind", io ? "io" : wide ? "memory64" : "memory32");
    json_boolean(json, "prefetchable", !io && (value & BAR_IS_PREFETCHABLE) != 0);
    if (find_size(function, io, base, &size))
        json_number(json, "size", size);
    json_hex(json, "base", base, 1);
    json_end(json, '}');
}

static void report_bars(Text *json, const Function *function, UINT32 count)
{
    json_begin(json, "bars", '[');
    for (UINT32 index = 0; index < count; index++) {
        UINT64 value = read(function, BARS + 4 * index);
        if (value == 0)
            continue; /* not there, or without an address */
        UINT32 first = index;
        if (!(value & BAR_IS_IO) && (value & BAR_IS_64) && index + 1 < count)
            value |= (UINT64)read(function, BARS + 4 * ++index) << 32;
        report_bar(json, function, first, value);
    }
    json_end(json, ']');
}

/* A word for a class and subclass (PCI Code and ID Assignment Specification 1.11, 1). */
static const char *class_word(UINT32 class)
{
    static const char *const BASE[] = {"",      "storage", "network", "display",
                                       "audio", "memory",  "bridge"};
    if (class == 0x0c03)
        return "USB";
    if (class == 0x0c05)
        return "SMBus";
    return class >> 8 < sizeof(BASE) / sizeof(BASE[0]) ? BASE[class >> 8] : "";
}

static void summarise(Report *report, const Function *function, UINT32 ids, UINT32 class)
{
    Text *line = &report->pci;
    const PciAddress *at = &function->at;

    pci_address(line, at->segment, at->bus, at->device, at->function);
    text_byte(line, ' ');
    text_hex(line, ids & 0xffff, 4);
    text_byte(line, ':');
    text_hex(line, ids >> 16, 4);
    text_byte(line, ' ');
    text_string(line, class_word(class >> 16));
    text_byte(line, '\n');
    report->functions++;
}

static void report_function(Report *report, const Function *function, UINT32 ids)
{
    Text *json = &report->json;
    const PciAddress *at = &function->at;
    UINT32 class = read(function, CLASS), type = read(function, HEADER) >> 16 & 0x7f;
    UINT32 subsystem = type == 0 ? read(function, SUBSYSTEM) : 0;
    static const UINT8 BAR_COUNT[] = {6, 2, 1};

    json_begin(json, NULL, '{');
    json_open_string(json, "address");
    pci_address(json, at->segment, at->bus, at->device, at->function);
    json_close_string(json);
    json_hex(json, "vendor", ids & 0xffff, 4);
    json_hex(json, "device", ids >> 16, 4);
    json_hex(json, "subsystem_vendor", subsystem & 0xffff, 4);
    json_hex(json, "subsystem_device", subsystem >> 16, 4);
    json_hex(json, "class", class >> 8, 6);
    json_hex(json, "revision", class & 0xff, 2);
    json_number(json, "header", type);
    json_boolean(json, "configured", function->io != NULL);
    report_bars(json, function, type <= CARDBUS ? BAR_COUNT[type] : 0);
    json_begin(json, "rom", '{');
    json_number(json, "size", function->io == NULL ? 0 : function->io->RomSize);
    json_end(json, '}');
    json_end(json, '}');
    summarise(report, function, ids, class);
}

static void queue_bus(Walk *walk, UINTN bus)
{
    if (bus >= MAX_BUSES || walk->seen[bus])
        return;
    walk->seen[bus] = true;
    walk->queue[walk->queued++] = (UINT8)bus;
}

/* Returns whether a function answers there. */
static bool visit(Walk *walk, PciAddress at)
{
    UINT32 ids = read_at(walk->root, at, IDS);
    if ((ids & 0xffff) == 0xffff || (ids & 0xffff) == 0)
        return false;
    Function function = {walk->root, at, io_of(walk, at)};
    report_function(walk->report, &function, ids);
    UINT32 type = read(&function, HEADER) >> 16 & 0x7f;
    UINT32 secondary = read(&function, BUSES) >> 8 & 0xff;
    if ((type == BRIDGE || type == CARDBUS) && secondary != 0)
        queue_bus(walk, secondary);
    return true;
}

static void visit_bus(Walk *walk, UINTN bus)
{
    for (UINTN device = 0; device < 32; device++) {
        PciAddress at = {walk->root->SegmentNumber, bus, device, 0};
        if (!visit(walk, at) || !(read_at(walk->root, at, HEADER) >> 16 & MULTI_FUNCTION))
            continue;
        for (at.function = 1; at.function < 8; at.function++)
            visit(walk, at);
    }
}

/* The first bus of a root bridge: its bus range is one of its resource descriptors. */
static UINTN first_bus(EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL *root)
{
    VOID *resources = NULL;
    if (EFI_ERROR(root->Configuration(root, &resources)) || resources == NULL)
        return 0;
    /* Owned by the root bridge; 79h ends the list. */
    for (const UINT8 *at = resources; at[0] == DESCRIPTOR_QWORD; at += 3 + get16(at + 1))
        if (at[DESCRIPTOR_KIND] == RANGE_BUSES)
            return get64(at + DESCRIPTOR_START);
    return 0;
}

void report_pci(Report *report)
{
    static const EFI_GUID ROOT_BRIDGE = EFI_PCI_ROOT_BRIDGE_IO_PROTOCOL_GUID;
    Handles roots = find_handles(&ROOT_BRIDGE);
    Handles functions = find_handles(&pci_io_guid);

    json_begin(&report->json, "pci", '[');
    for (UINTN i = 0; i < roots.count; i++) {
        Walk walk = {.report = report, .handles = functions};
        walk.root = find_protocol(roots.handles[i], &ROOT_BRIDGE);
        if (walk.root == NULL)
            continue;
        queue_bus(&walk, first_bus(walk.root));
        for (UINTN next = 0; next < walk.queued; next++)
            visit_bus(&walk, walk.queue[next]);
    }
    json_end(&report->json, ']');
    find_free(&roots);
    find_free(&functions);
}
