/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"

#include "probe.h"

enum { FIRST_ROOM = 1024, MAX_STRING = 1024 };

static bool grow(Text *text)
{
    UINTN room = text->room == 0 ? FIRST_ROOM : text->room * 2;
    VOID *bytes = NULL;

    if (EFI_ERROR(bs->AllocatePool(EfiLoaderData, room, &bytes))) {
        text->failed = true;
        return false;
    }
    if (text->bytes != NULL) {
        bs->CopyMem(bytes, text->bytes, text->length);
        bs->FreePool(text->bytes);
    }
    text->bytes = bytes;
    text->room = room;
    return true;
}

void text_byte(Text *text, char byte)
{
    if (text->failed || (text->length == text->room && !grow(text)))
        return;
    text->bytes[text->length++] = byte;
}

void text_string(Text *text, const char *string)
{
    while (*string != '\0')
        text_byte(text, *string++);
}

void text_decimal(Text *text, UINT64 value)
{
    char digits[20];
    unsigned count = 0;

    do
        digits[count++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    while (count > 0)
        text_byte(text, digits[--count]);
}

void text_hex(Text *text, UINT64 value, unsigned digits)
{
    while (digits < 16 && value >> (4 * digits) != 0)
        digits++;
    while (digits-- > 0)
        text_byte(text, "0123456789abcdef"[value >> (4 * digits) & 15]);
}

void text_size(Text *text, UINT64 bytes)
{
    static const char *const UNITS[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    unsigned unit = 0;
    UINT64 tenths = bytes < ~0ull / 10 ? bytes * 10 : ~0ull;

    for (; tenths >= 10240 - 5 && unit < 6; unit++)
        tenths = (tenths + 512) / 1024;
    text_decimal(text, tenths / 10);
    if (tenths % 10 != 0) {
        text_byte(text, '.');
        text_decimal(text, tenths % 10);
    }
    text_byte(text, ' ');
    text_string(text, UNITS[unit]);
}

void text_ascii(Text *text, const void *bytes, UINTN length)
{
    const char *byte = bytes;
    for (UINTN i = 0; i < length && byte[i] != '\0'; i++)
        text_byte(text, byte[i] >= ' ' && byte[i] <= '~' ? byte[i] : '?');
}

/* The comma, the member's name and the colon that stand before a value. */
static void before(Text *text, const char *key)
{
    if (text->length > 0) {
        char last = text->bytes[text->length - 1];
        if (last != '{' && last != '[')
            text_byte(text, ',');
    }
    if (key == NULL)
        return;
    text_byte(text, '"');
    text_string(text, key);
    text_string(text, "\":");
}

void json_begin(Text *text, const char *key, char kind)
{
    before(text, key);
    text_byte(text, kind);
}

void json_end(Text *text, char kind)
{
    text_byte(text, kind);
}

void json_number(Text *text, const char *key, UINT64 value)
{
    before(text, key);
    text_decimal(text, value >> 63 == 0 ? value : ~0ull >> 1);
}

void json_open_string(Text *text, const char *key)
{
    before(text, key);
    text_byte(text, '"');
}

void json_close_string(Text *text)
{
    text_byte(text, '"');
}

void json_hex(Text *text, const char *key, UINT64 value, unsigned digits)
{
    json_open_string(text, key);
    text_hex(text, value, digits);
    json_close_string(text);
}

void json_boolean(Text *text, const char *key, bool value)
{
    before(text, key);
    text_string(text, value ? "true" : "false");
}

void json_null(Text *text, const char *key)
{
    before(text, key);
    text_string(text, "null");
}

/* One character of a JSON string, as UTF-8. What is no character becomes U+FFFD. */
static void character(Text *text, UINT32 code)
{
    if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
        code = 0xfffd;
    if (code == '"' || code == '\\') {
        text_byte(text, '\\');
        text_byte(text, (char)code);
    } else if (code < 0x20 || code == 0x7f) {
        text_string(text, "\\u");
        text_hex(text, code, 4);
    } else if (code < 0x80) {
        text_byte(text, (char)code);
    } else if (code < 0x800) {
        text_byte(text, (char)(0xc0 | code >> 6));
        text_byte(text, (char)(0x80 | (code & 63)));
    } else if (code < 0x10000) {
        text_byte(text, (char)(0xe0 | code >> 12));
        text_byte(text, (char)(0x80 | (code >> 6 & 63)));
        text_byte(text, (char)(0x80 | (code & 63)));
    } else {
        text_byte(text, (char)(0xf0 | code >> 18));
        text_byte(text, (char)(0x80 | (code >> 12 & 63)));
        text_byte(text, (char)(0x80 | (code >> 6 & 63)));
        text_byte(text, (char)(0x80 | (code & 63)));
    }
}

void json_bytes(Text *text, const char *key, const void *bytes, UINTN length)
{
    const UINT8 *byte = bytes;
    UINTN used = 0;

    while (used < length && used < MAX_STRING && byte[used] != 0)
        used++;
    while (used > 0 && byte[used - 1] == ' ')
        used--;
    before(text, key);
    text_byte(text, '"');
    /* ACPI, SMBIOS and CPUID strings are ASCII; a byte beyond it has no meaning there. */
    for (UINTN i = 0; i < used; i++)
        character(text, byte[i] < 0x80 ? byte[i] : 0xfffd);
    text_byte(text, '"');
}

void json_string(Text *text, const char *key, const char *value)
{
    json_bytes(text, key, value, MAX_STRING);
}

void json_utf16(Text *text, const char *key, const CHAR16 *value)
{
    if (value == NULL) {
        json_null(text, key);
        return;
    }
    before(text, key);
    text_byte(text, '"');
    for (UINTN i = 0; i < MAX_STRING && value[i] != 0; i++) {
        UINT32 code = value[i];
        if (code >= 0xd800 && code <= 0xdbff && value[i + 1] >= 0xdc00 && value[i + 1] <= 0xdfff)
            code = 0x10000 + ((code - 0xd800) << 10) + (value[++i] - 0xdc00u);
        character(text, code);
    }
    text_byte(text, '"');
}
