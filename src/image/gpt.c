/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/gpt.h"

#include "image/put.h"

#include <string.h>

/* UEFI specification 2.10, 5.2.3 (protective MBR), 5.3.2 (header) and 5.3.3 (entries). */
#define HEADER_SIZE 92
#define ENTRY_SIZE 128
#define ENTRIES 128
#define TABLE_SIZE (ENTRIES * ENTRY_SIZE)
#define TABLE_SECTORS (TABLE_SIZE / SECTOR_SIZE)

/* Where the table is, and its copy: from the disk's first sector, and from behind its last. */
#define TABLE_FIRST 2
#define TABLE_LAST (TABLE_SECTORS + 1)

const guint8 GPT_ESP_TYPE[16] = {0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11,
                                 0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b};
static const char PARTITION_NAME[] = "EFI System";

/* CRC-32 as in zlib and Ethernet, which the UEFI specification asks for. */
static guint32 crc32_of(const guint8 *bytes, gsize length)
{
    guint32 crc = G_MAXUINT32;
    for (gsize i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (guint bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320 & (0 - (crc & 1)));
    }
    return ~crc;
}

static void fill_table(guint8 *table, const Layout *layout, const Identifiers *identifiers)
{
    memcpy(table, GPT_ESP_TYPE, sizeof GPT_ESP_TYPE);
    memcpy(table + 16, identifiers->partition, sizeof identifiers->partition);
    put_number(table + 32, layout->first_sector, 8);
    put_number(table + 40, layout->first_sector + layout->sectors - 1, 8);
    for (gsize i = 0; PARTITION_NAME[i] != '\0'; i++)
        table[56 + 2 * i] = (guint8)PARTITION_NAME[i];
}

static void fill_header(guint8 header[SECTOR_SIZE], guint64 own, guint64 other, guint64 table_place,
                        guint64 sectors, const guint8 *table, const Identifiers *identifiers)
{
    memset(header, 0, SECTOR_SIZE);
    memcpy(header, "EFI PART", 8);
    put_number(header + 8, 0x00010000, 4); /* version 1.0 */
    put_number(header + 12, HEADER_SIZE, 4);
    put_number(header + 24, own, 8);
    put_number(header + 32, other, 8);
    put_number(header + 40, TABLE_FIRST + TABLE_SECTORS, 8); /* the first sector for partitions */
    put_number(header + 48, sectors - TABLE_LAST - 1, 8);    /* and the last */
    memcpy(header + 56, identifiers->disk, sizeof identifiers->disk);
    put_number(header + 72, table_place, 8);
    put_number(header + 80, ENTRIES, 4);
    put_number(header + 84, ENTRY_SIZE, 4);
    put_number(header + 88, crc32_of(table, TABLE_SIZE), 4);
    put_number(header + 16, crc32_of(header, HEADER_SIZE), 4);
}

/* One partition over the whole disk, for programs that know no GPT. */
static void fill_protective(guint8 *sector, guint64 sectors)
{
    static const guint8 ENTRY[] = {0, 0x00, 0x02, 0x00, 0xee, 0xff, 0xff, 0xff};
    memcpy(sector + 446, ENTRY, sizeof ENTRY);
    put_number(sector + 454, 1, 4);
    put_number(sector + 458, MIN(sectors - 1, G_MAXUINT32), 4);
    put_number(sector + 510, 0xaa55, 2);
}

bool gpt_write(const OsReplace *image, const Layout *layout, const Identifiers *identifiers,
               GError **error)
{
    guint64 sectors = layout->image_bytes / SECTOR_SIZE, last = sectors - 1;
    g_autofree guint8 *head = g_malloc0(TABLE_FIRST * SECTOR_SIZE + TABLE_SIZE);
    g_autofree guint8 *tail = g_malloc0(TABLE_SIZE + SECTOR_SIZE);
    guint8 *table = head + TABLE_FIRST * SECTOR_SIZE;

    fill_protective(head, sectors);
    fill_table(table, layout, identifiers);
    fill_header(head + SECTOR_SIZE, 1, last, TABLE_FIRST, sectors, table, identifiers);
    memcpy(tail, table, TABLE_SIZE);
    fill_header(tail + TABLE_SIZE, last, 1, last - TABLE_SECTORS, sectors, table, identifiers);
    return put_bytes(image, head, TABLE_FIRST * SECTOR_SIZE + TABLE_SIZE, 0, error) &&
           put_bytes(image, tail, TABLE_SIZE + SECTOR_SIZE, (sectors - TABLE_LAST) * SECTOR_SIZE,
                     error);
}
