/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "acpi.h"

#include "probe.h"
#include "tables.h"

/* Structures: ACPI 6.4, 5.2. */
enum {
    HEADER = 36,
    MAX_TABLES = 1024,
    MAX_TABLE = 16 * 1024 * 1024, /* longer than any real table: not one */
    RSDP_RSDT = 16,
    RSDP_XSDT = 24,
    FADT_FACS = 36,
    FADT_DSDT = 40,
    FADT_PM_TIMER = 76,
    FADT_FLAGS = 112,
    FADT_X_FACS = 132,
    FADT_X_DSDT = 140,
    FADT_X_PM_TIMER = 208,
    TIMER_IS_32_BITS = 1 << 8,
    IO_SPACE = 1,
};

static const UINT8 *at_address(UINT64 address)
{
    return (const UINT8 *)(UINTN)address;
}

static UINT32 length_of(const UINT8 *table)
{
    UINT32 length = get32(table + 4);
    return length > MAX_TABLE ? 0 : length;
}

static const UINT8 *root_pointer(void)
{
    static const EFI_GUID ACPI_2 = ACPI_20_TABLE_GUID, ACPI_1 = ACPI_TABLE_GUID;
    const UINT8 *rsdp = configuration_table(&ACPI_2);
    return rsdp != NULL ? rsdp : configuration_table(&ACPI_1);
}

/* The table of tables, and the width of its entries: XSDT (8 bytes) or RSDT (4). */
static const UINT8 *root_table(UINTN *ret_width)
{
    const UINT8 *rsdp = root_pointer();
    if (rsdp == NULL)
        return NULL;
    if (rsdp[15] >= 2 && get64(rsdp + RSDP_XSDT) != 0) {
        *ret_width = 8;
        return at_address(get64(rsdp + RSDP_XSDT));
    }
    *ret_width = 4;
    return get32(rsdp + RSDP_RSDT) == 0 ? NULL : at_address(get32(rsdp + RSDP_RSDT));
}

static UINTN count_tables(const UINT8 *root, UINTN width)
{
    UINT32 length = length_of(root);
    UINTN count = length < HEADER ? 0 : (length - HEADER) / width;
    return count > MAX_TABLES ? MAX_TABLES : count;
}

static const UINT8 *nth_table(const UINT8 *root, UINTN width, UINTN index)
{
    const UINT8 *entry = root + HEADER + index * width;
    return at_address(width == 8 ? get64(entry) : get32(entry));
}

static const UINT8 *find_table(const char *signature)
{
    UINTN width;
    const UINT8 *root = root_table(&width);

    for (UINTN i = 0; root != NULL && i < count_tables(root, width); i++) {
        const UINT8 *table = nth_table(root, width, i);
        if (table != NULL && same_bytes(table, signature, 4))
            return table;
    }
    return NULL;
}

UINT16 acpi_pm_timer(UINT32 *ret_mask)
{
    const UINT8 *fadt = find_table("FACP");
    if (fadt == NULL || length_of(fadt) < FADT_FLAGS + 4)
        return 0;
    *ret_mask = get32(fadt + FADT_FLAGS) & TIMER_IS_32_BITS ? 0xffffffff : 0xffffff;
    if (length_of(fadt) >= FADT_X_PM_TIMER + 12 && fadt[FADT_X_PM_TIMER] == IO_SPACE &&
        get64(fadt + FADT_X_PM_TIMER + 4) != 0)
        return (UINT16)get64(fadt + FADT_X_PM_TIMER + 4);
    return (UINT16)get32(fadt + FADT_PM_TIMER);
}

static void report_table(Text *json, const UINT8 *table)
{
    if (table == NULL)
        return;
    UINT32 length = length_of(table);
    json_begin(json, NULL, '{');
    json_bytes(json, "signature", table, 4);
    if (same_bytes(table, "FACS", 4)) { /* has neither OEM nor checksum (5.2.10) */
        json_number(json, "length", length);
    } else {
        UINT8 sum = 0;
        for (UINT32 i = 0; i < length; i++)
            sum = (UINT8)(sum + table[i]);
        json_bytes(json, "oem", table + 10, 6);
        json_bytes(json, "oem_table", table + 16, 8);
        json_number(json, "length", length);
        json_boolean(json, "checksum_ok", length >= HEADER && sum == 0);
    }
    json_end(json, '}');
}

/* DSDT and FACS hang on the FADT: the 64-bit address counts where it is set. */
static const UINT8 *of_fadt(const UINT8 *fadt, UINT32 offset, UINT32 wide_offset)
{
    if (length_of(fadt) >= wide_offset + 8 && get64(fadt + wide_offset) != 0)
        return at_address(get64(fadt + wide_offset));
    return length_of(fadt) < offset + 4 ? NULL : at_address(get32(fadt + offset));
}

void report_acpi(Report *report)
{
    UINTN width;
    const UINT8 *root = root_table(&width);

    json_begin(&report->json, "acpi", '[');
    if (root != NULL)
        report_table(&report->json, root);
    for (UINTN i = 0; root != NULL && i < count_tables(root, width); i++) {
        const UINT8 *table = nth_table(root, width, i);
        report_table(&report->json, table);
        if (table != NULL && same_bytes(table, "FACP", 4)) {
            report_table(&report->json, of_fadt(table, FADT_DSDT, FADT_X_DSDT));
            report_table(&report->json, of_fadt(table, FADT_FACS, FADT_X_FACS));
        }
    }
    json_end(&report->json, ']');
}
