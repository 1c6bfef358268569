/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>
#include <stdbool.h>

/*
 * Text that grows in memory of the firmware's pool, and JSON (RFC 8259) in it. When the pool is
 * exhausted the text stays as it was and `failed` is set; nothing else needs to be checked.
 */
typedef struct {
    char *bytes;
    UINTN length, room;
    bool failed;
} Text;

void text_byte(Text *text, char byte);
void text_string(Text *text, const char *string);
void text_decimal(Text *text, UINT64 value);
/* At least DIGITS hexadecimal digits, in small letters. */
void text_hex(Text *text, UINT64 value, unsigned digits);
/* A size with its binary unit, rounded to one decimal: "15.9 GiB". */
void text_size(Text *text, UINT64 bytes);
/* Printable ASCII of LENGTH bytes, up to the first NUL; `?` for the rest. */
void text_ascii(Text *text, const void *bytes, UINTN length);

/* KEY is NULL for elements of an array. KIND is '{' or '['; `json_end` takes '}' or ']'. */
void json_begin(Text *text, const char *key, char kind);
void json_end(Text *text, char kind);
void json_number(Text *text, const char *key, UINT64 value);               /* at most 2^63 - 1 */
void json_hex(Text *text, const char *key, UINT64 value, unsigned digits); /* as a string */
void json_boolean(Text *text, const char *key, bool value);
void json_null(Text *text, const char *key);
void json_string(Text *text, const char *key, const char *value);
/* At most LENGTH bytes up to the first NUL, without spaces at the end. */
void json_bytes(Text *text, const char *key, const void *bytes, UINTN length);
/* A string whose text is added in between by the functions above, and needs no escapes. */
void json_open_string(Text *text, const char *key);
void json_close_string(Text *text);
void json_utf16(Text *text, const char *key, const CHAR16 *value); /* NULL is null */

static inline bool same_bytes(const void *a, const void *b, UINTN length)
{
    const UINT8 *x = a, *y = b;
    for (UINTN i = 0; i < length; i++)
        if (x[i] != y[i])
            return false;
    return true;
}
