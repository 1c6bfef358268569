/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/binary.h"

#include "base/error.h"

#include <string.h>

enum {
    FAT_MAGIC = 0xcafebabe, /* big endian, as all of a fat header is */
    MH_MAGIC = 0xfeedface,
    MH_MAGIC_64 = 0xfeedfacf,
    CPU_TYPE_I386 = 7,
    CPU_TYPE_X86_64 = 7 | 0x01000000,
    MH_OBJECT = 1,       /* kexts of 32 bits */
    MH_KEXT_BUNDLE = 11, /* and of 64 */
    FAT_MOST = 16,
};

static guint32 little32(const guint8 *at)
{
    return at[0] | (guint32)at[1] << 8 | (guint32)at[2] << 16 | (guint32)at[3] << 24;
}

static guint32 big32(const guint8 *at)
{
    return GUINT32_SWAP_LE_BE(little32(at));
}

static guint little16(const guint8 *at)
{
    return at[0] | (guint)at[1] << 8;
}

/* One Mach-O; 0: none that a kernel of Intel's loads. */
static guint thin(const guint8 *data, gsize length)
{
    bool wide = length >= 32 && little32(data) == MH_MAGIC_64;
    if (!wide && (length < 28 || little32(data) != MH_MAGIC))
        return 0;
    guint32 cpu = little32(data + 4), type = little32(data + 12), commands = little32(data + 20);
    if (commands > length - (wide ? 32 : 28) || (type != MH_KEXT_BUNDLE && type != MH_OBJECT))
        return 0;
    if (wide)
        return cpu == CPU_TYPE_X86_64 ? BINARY_X86_64 : 0;
    return cpu == CPU_TYPE_I386 ? BINARY_I386 : 0;
}

static guint fat(const guint8 *data, gsize length)
{
    guint found = 0;
    guint32 count = big32(data + 4);

    if (count == 0 || count > FAT_MOST || length < 8 + (gsize)count * 20)
        return 0;
    for (guint32 i = 0; i < count; i++) {
        const guint8 *entry = data + 8 + (gsize)i * 20;
        guint32 cpu = big32(entry), offset = big32(entry + 8), size = big32(entry + 12);
        if (offset > length || size > length - offset)
            return 0;
        if (cpu != CPU_TYPE_I386 && cpu != CPU_TYPE_X86_64)
            continue;
        guint one = thin(data + offset, size);
        if (one != (cpu == CPU_TYPE_I386 ? BINARY_I386 : BINARY_X86_64) || (found & one) != 0)
            return 0;
        found |= one;
    }
    return found;
}

guint binary_macho(const guint8 *data, gsize length, const char *name, GError **error)
{
    guint found = length >= 8 && big32(data) == FAT_MAGIC ? fat(data, length) : thin(data, length);
    if (found == 0)
        fail(error, ERROR_INPUT,
             "'%s' is no executable of a kext for Intel's processors: its Mach-O header is wrong "
             "or it is cut off. Download it again.",
             name);
    return found;
}

/* Of the fields below: "PE Format", COFF File Header and Optional Header. */
enum {
    DOS_PE_OFFSET = 0x3c,
    COFF_SIZE = 24, /* with the signature */
    MACHINE_AMD64 = 0x8664,
    PE32_PLUS = 0x20b,
    OPTIONAL_LEAST = 112, /* of PE32+, without data directories */
    SECTION_SIZE = 40,
    SUBSYSTEM_APPLICATION = 10,
    SUBSYSTEM_BOOT_DRIVER = 11,
    SUBSYSTEM_RUNTIME_DRIVER = 12,
};

static bool sections_fit(const guint8 *data, gsize length, gsize sections, guint count)
{
    if (sections > length || (length - sections) / SECTION_SIZE < count)
        return false;
    for (guint i = 0; i < count; i++) {
        const guint8 *section = data + sections + (gsize)i * SECTION_SIZE;
        guint32 size = little32(section + 16), offset = little32(section + 20);
        if (size > 0 && (offset > length || size > length - offset))
            return false;
    }
    return true;
}

bool binary_efi(const guint8 *data, gsize length, bool application, const char *name,
                GError **error)
{
    gsize pe = length >= 64 && memcmp(data, "MZ", 2) == 0 ? little32(data + DOS_PE_OFFSET) : 0;
    if (pe < 64 || pe > length || length - pe < COFF_SIZE + OPTIONAL_LEAST ||
        memcmp(data + pe, "PE\0\0", 4) != 0)
        return fail(error, ERROR_INPUT,
                    "'%s' is no EFI program: it has no PE header. Download it again.", name);
    const guint8 *optional = data + pe + COFF_SIZE;
    if (little16(data + pe + 4) != MACHINE_AMD64 || little16(optional) != PE32_PLUS)
        return fail(error, ERROR_INPUT,
                    "'%s' is an EFI program, but not for x86_64. Take the one from the folder X64.",
                    name);
    guint subsystem = little16(optional + 68);
    bool driver = subsystem == SUBSYSTEM_BOOT_DRIVER || subsystem == SUBSYSTEM_RUNTIME_DRIVER;
    if (application ? subsystem != SUBSYSTEM_APPLICATION
                    : !driver && subsystem != SUBSYSTEM_APPLICATION)
        return fail(error, ERROR_INPUT, "'%s' is no EFI %s (PE subsystem %u).", name,
                    application ? "application" : "driver", subsystem);
    if (!sections_fit(data, length, pe + COFF_SIZE + little16(data + pe + 20),
                      little16(data + pe + 6)))
        return fail(error, ERROR_INPUT, "'%s' is cut off. Download it again.", name);
    return true;
}
