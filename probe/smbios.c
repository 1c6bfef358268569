/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe.h"
#include "tables.h"

/* Structures and offsets: SMBIOS 3.6 (DMTF DSP0134), 5.2 and 7. */
enum {
    SYSTEM = 1,
    BOARD = 2,
    PROCESSOR = 4,
    MEMORY_DEVICE = 17,
    END_OF_TABLE = 127,
    MAX_TABLE = 1024 * 1024,
};

typedef struct {
    const UINT8 *start; /* of this structure */
    const UINT8 *text;  /* its strings */
    const UINT8 *next;
} Structure;

typedef struct {
    const UINT8 *start, *end;
    UINT8 major, minor;
} Table;

static bool find_table(Table *ret)
{
    static const EFI_GUID V3 = SMBIOS3_TABLE_GUID, V2 = SMBIOS_TABLE_GUID;
    const UINT8 *entry = configuration_table(&V3);
    UINT32 length;

    if (entry != NULL) {
        length = get32(entry + 12);
        *ret = (Table){(const UINT8 *)(UINTN)get64(entry + 16), NULL, entry[7], entry[8]};
    } else if ((entry = configuration_table(&V2)) != NULL) {
        length = get16(entry + 22);
        *ret = (Table){(const UINT8 *)(UINTN)get32(entry + 24), NULL, entry[6], entry[7]};
    } else {
        return false;
    }
    ret->end = ret->start + (length > MAX_TABLE ? MAX_TABLE : length);
    return true;
}

/* The structure at START: a header, then strings ended by NUL, then one more NUL. */
static bool structure_at(const Table *table, const UINT8 *start, Structure *ret)
{
    if (table->end - start < 4 || start[1] < 4 || table->end - start < start[1] ||
        start[0] == END_OF_TABLE)
        return false;
    const UINT8 *text = start + start[1], *end = text;
    while (table->end - end >= 2 && (end[0] != 0 || end[1] != 0))
        end++;
    if (table->end - end < 2)
        return false;
    *ret = (Structure){start, text, end + 2};
    return true;
}

static void field(Text *json, const char *key, const Structure *structure, UINT8 offset)
{
    UINT8 number = offset < structure->start[1] ? structure->start[offset] : 0;
    const UINT8 *text = structure->text;

    for (; number > 1 && *text != 0; number--)
        while (*text++ != 0)
            continue;
    json_bytes(json, key, number == 0 ? (const UINT8 *)"" : text, ~0ull);
}

/* The UUID as people write it; the first three parts are little-endian (7.2.1). */
static void uuid(Text *json, const UINT8 *bytes)
{
    static const UINT8 ORDER[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    Text text = {0};

    for (unsigned i = 0; i < sizeof(ORDER); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text_byte(&text, '-');
        text_hex(&text, bytes[ORDER[i]], 2);
    }
    json_bytes(json, "uuid", text.bytes, text.length);
    bs->FreePool(text.bytes);
}

static void report_system(Text *json, const Structure *system)
{
    json_begin(json, "system", '{');
    field(json, "manufacturer", system, 0x04);
    field(json, "product", system, 0x05);
    field(json, "version", system, 0x06);
    field(json, "family", system, 0x1a);
    if (system->start[1] >= 0x18)
        uuid(json, system->start + 8);
    json_end(json, '}');
}

static void report_board(Text *json, const Structure *board)
{
    json_begin(json, "board", '{');
    field(json, "manufacturer", board, 0x04);
    field(json, "product", board, 0x05);
    json_end(json, '}');
}

/* A count in one byte, or in two where that says 255 (SMBIOS 3.0). */
static UINT32 count(const UINT8 *start, UINT8 offset, UINT8 wide_offset)
{
    if (offset >= start[1])
        return 0;
    if (start[offset] == 0xff && wide_offset + 2 <= start[1])
        return get16(start + wide_offset);
    return start[offset];
}

static void report_processor(Text *json, const Structure *processor)
{
    json_begin(json, NULL, '{');
    field(json, "socket", processor, 0x04);
    field(json, "version", processor, 0x10);
    json_number(json, "cores", count(processor->start, 0x23, 0x2a));
    json_number(json, "threads", count(processor->start, 0x25, 0x2e));
    json_end(json, '}');
}

/* Bytes of a memory device: KiB or MiB by the top bit; 7FFFh points to the extended size (7.18). */
static UINT64 memory_size(const UINT8 *start)
{
    UINT16 size = start[1] >= 0x0e ? get16(start + 0x0c) : 0;
    if (size == 0xffff)
        return 0; /* unknown */
    if (size == 0x7fff)
        return start[1] >= 0x20 ? (UINT64)(get32(start + 0x1c) & 0x7fffffff) << 20 : 0;
    return size & 0x8000 ? (UINT64)(size & 0x7fff) << 10 : (UINT64)size << 20;
}

static void report_memory_device(Text *json, const Structure *device)
{
    json_begin(json, NULL, '{');
    json_number(json, "size", memory_size(device->start));
    field(json, "locator", device, 0x10);
    json_end(json, '}');
}

/* Reports the structures of one type: the first alone, or all as elements of an array. */
static void each(Text *json, const Table *table, UINT8 type, bool first_only,
                 void (*write)(Text *, const Structure *))
{
    Structure structure;
    for (const UINT8 *at = table->start; structure_at(table, at, &structure); at = structure.next) {
        if (at[0] != type)
            continue;
        write(json, &structure);
        if (first_only)
            return;
    }
}

static UINT64 memory_total(const Table *table)
{
    Structure structure;
    UINT64 total = 0;
    for (const UINT8 *at = table->start; structure_at(table, at, &structure); at = structure.next)
        if (at[0] == MEMORY_DEVICE)
            total += memory_size(at);
    return total;
}

void report_smbios(Report *report)
{
    Text *json = &report->json;
    Table table;

    if (!find_table(&table)) {
        json_null(json, "smbios");
        return;
    }
    Text version = {0};
    text_decimal(&version, table.major);
    text_byte(&version, '.');
    text_decimal(&version, table.minor);

    json_begin(json, "smbios", '{');
    json_bytes(json, "version", version.bytes, version.length);
    each(json, &table, SYSTEM, true, report_system);
    each(json, &table, BOARD, true, report_board);
    json_begin(json, "processors", '[');
    each(json, &table, PROCESSOR, false, report_processor);
    json_end(json, ']');
    json_begin(json, "memory", '[');
    each(json, &table, MEMORY_DEVICE, false, report_memory_device);
    json_end(json, ']');
    json_number(json, "memory_total", memory_total(&table));
    json_end(json, '}');
    bs->FreePool(version.bytes);
}
