/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fwcfg.h"

#include "port.h"
#include "text.h"

/* QEMU, docs/specs/fw_cfg: keys are written to SELECTOR, bytes read from DATA; big-endian. */
enum {
    SELECTOR = 0x510,
    DATA = 0x511,
    KEY_SIGNATURE = 0x0000,
    KEY_DIRECTORY = 0x0019,
    MAX_FILES = 4096,
    MAX_DIGITS = 9,
};

typedef struct {
    UINT8 size[4];
    UINT8 key[2];
    UINT8 reserved[2];
    char name[56];
} File;

static UINT32 big32(const UINT8 *at)
{
    return (UINT32)at[0] << 24 | (UINT32)at[1] << 16 | (UINT32)at[2] << 8 | at[3];
}

static void choose(UINT16 key)
{
    out16(SELECTOR, key);
}

static bool is_there(void)
{
    char signature[4];
    choose(KEY_SIGNATURE);
    in8_many(DATA, signature, sizeof(signature));
    return same_bytes(signature, "QEMU", sizeof(signature));
}

static bool has_name(const File *file, const char *name)
{
    for (UINTN i = 0; i < sizeof(file->name); i++) {
        if (file->name[i] != name[i])
            return false;
        if (name[i] == '\0')
            return true;
    }
    return false;
}

static bool find_file(const char *name, File *ret)
{
    UINT8 count[4];
    choose(KEY_DIRECTORY);
    in8_many(DATA, count, sizeof(count));
    for (UINT32 i = 0; i < big32(count) && i < MAX_FILES; i++) {
        in8_many(DATA, ret, sizeof(*ret));
        if (has_name(ret, name))
            return true;
    }
    return false;
}

UINTN fwcfg_number(const char *name, UINTN max)
{
    File file;
    char digits[MAX_DIGITS];
    UINTN number = 0;

    if (!is_there() || !find_file(name, &file))
        return 0;
    UINT32 length = big32(file.size);
    if (length > MAX_DIGITS)
        return 0;
    choose((UINT16)(file.key[0] << 8 | file.key[1]));
    in8_many(DATA, digits, length);
    for (UINT32 i = 0; i < length && digits[i] >= '0' && digits[i] <= '9'; i++)
        number = number * 10 + (UINTN)(digits[i] - '0');
    return number < max ? number : max;
}
