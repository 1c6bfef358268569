/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clock.h"
#include "fwcfg.h"
#include "port.h"
#include "probe.h"
#include "serial.h"

enum {
    SCHEMA = 1,
    MAX_HOLD_SECONDS = 600,
    POLLS_A_SECOND = 1000,
};

EFI_SYSTEM_TABLE *st;
EFI_BOOT_SERVICES *bs;

/* Members are on lines of their own, for people who read the serial port's log. */
static void new_line(Text *json)
{
    text_byte(json, '\n');
}

static void revision_member(Text *json, const char *key, UINT32 revision)
{
    Text text = {0};
    UINT32 minor = revision & 0xffff; /* "2.70" is written as 2.7 (UEFI 2.10, 4.3) */

    text_decimal(&text, revision >> 16);
    text_byte(&text, '.');
    text_decimal(&text, minor / 10);
    if (minor % 10 != 0) {
        text_byte(&text, '.');
        text_decimal(&text, minor % 10);
    }
    json_bytes(json, key, text.bytes, text.length);
    if (text.bytes != NULL)
        bs->FreePool(text.bytes);
}

void report_firmware(Report *report)
{
    Text *json = &report->json;
    json_begin(json, "firmware", '{');
    json_utf16(json, "vendor", st->FirmwareVendor);
    json_hex(json, "revision", st->FirmwareRevision, 8);
    revision_member(json, "uefi", st->Hdr.Revision);
    json_end(json, '}');
}

static void part(Report *report, void (*write)(Report *))
{
    write(report);
    new_line(&report->json);
}

static void make_report(Report *report)
{
    json_begin(&report->json, NULL, '{');
    json_number(&report->json, "schema", SCHEMA);
    part(report, report_firmware);
    part(report, report_memory);
    part(report, report_pci);
    part(report, report_displays);
    part(report, report_disks);
    part(report, report_file_systems);
    part(report, report_networks);
    clock_start(); /* it measures while what follows, which is short, is done */
    part(report, report_acpi);
    part(report, report_smbios);
    part(report, report_cpu);
    json_end(&report->json, '}');
}

/* CRC-32 of IEEE 802.3, as in zlib and gzip. */
static UINT32 crc32(const char *bytes, UINTN length)
{
    static const UINT32 NIBBLES[] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    UINT32 crc = ~0u;

    for (UINTN i = 0; i < length; i++) {
        crc ^= (UINT8)bytes[i];
        crc = crc >> 4 ^ NIBBLES[crc & 15];
        crc = crc >> 4 ^ NIBBLES[crc & 15];
    }
    return ~crc;
}

static void send(const Text *json)
{
    Text lines = {0};

    if (json->failed) {
        static const char FAILED[] = "\r\nROOTSTOCK-PROBE-FAILED out of memory\r\n";
        serial_write(FAILED, sizeof(FAILED) - 1);
        return;
    }
    text_string(&lines, "\r\nROOTSTOCK-PROBE-BEGIN 1 " PROBE_VERSION "\n");
    serial_write(lines.bytes, lines.length);
    serial_write(json->bytes, json->length);
    lines.length = 0;
    text_string(&lines, "\nROOTSTOCK-PROBE-END crc32=");
    text_hex(&lines, crc32(json->bytes, json->length), 8);
    text_string(&lines, " length=");
    text_decimal(&lines, json->length);
    text_byte(&lines, '\n');
    serial_drain();
    serial_write(lines.bytes, lines.length);
}

/* Waits for a byte from the host, which says that it has its picture of the screen. */
static void hold(UINTN seconds)
{
    const char *source;
    UINT64 step = clock_hz(&source) / POLLS_A_SECOND, next = time_stamp();

    for (UINTN polls = seconds * POLLS_A_SECOND; polls > 0 && !serial_received(); polls--)
        for (next += step; (INT64)(next - time_stamp()) > 0;)
            __asm__ volatile("pause");
}

/* Called by gnu-efi's crt0, in the System V convention. */
EFI_STATUS efi_main(EFI_HANDLE handle, EFI_SYSTEM_TABLE *table);
EFI_STATUS efi_main(EFI_HANDLE handle __attribute__((unused)), EFI_SYSTEM_TABLE *table)
{
    static Report report;

    st = table;
    bs = table->BootServices;
    bs->SetWatchdogTimer(0, 0, 0, NULL);
    connect_drivers();
    make_report(&report);
    screen_draw(&report);

    /* Above the level of the firmware's own console, which would write between our lines and take
     * the byte that hold() waits for. */
    EFI_TPL level = bs->RaiseTPL(TPL_HIGH_LEVEL);
    serial_open();
    send(&report.json);
    hold(fwcfg_number("opt/org.rootstock/hold", MAX_HOLD_SECONDS));
    bs->RestoreTPL(level);
    st->RuntimeServices->ResetSystem(EfiResetShutdown, EFI_SUCCESS, 0, NULL);
    return EFI_ABORTED;
}

/* What the compiler calls of its own accord. */
void *memset(void *to, int byte, UINTN count);
void *memset(void *to, int byte, UINTN count)
{
    for (UINTN i = 0; i < count; i++)
        ((volatile UINT8 *)to)[i] = (UINT8)byte;
    return to;
}

void *memcpy(void *to, const void *from, UINTN count);
void *memcpy(void *to, const void *from, UINTN count)
{
    for (UINTN i = 0; i < count; i++)
        ((volatile UINT8 *)to)[i] = ((const UINT8 *)from)[i];
    return to;
}
