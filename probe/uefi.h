/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/*
 * Protocols of the specifications that gnu-efi 3.0.15 does not have.
 */

/* UEFI Platform Initialization 1.7, volume 2, 13.4: the processors. */
#define MP_SERVICES_GUID                                                                           \
    {                                                                                              \
        0x3fdda605, 0xa76e, 0x4f46,                                                                \
        {                                                                                          \
            0xad, 0x29, 0x12, 0xf4, 0x53, 0x1b, 0x3d, 0x08                                         \
        }                                                                                          \
    }

typedef struct {
    UINT32 package, core, thread;
} CpuLocation;

typedef struct {
    UINT64 id;
    UINT32 status;
    CpuLocation location;
    UINT32 extended[6]; /* of 1.7; older firmware does not write it */
} CpuInformation;

enum { CPU_ENABLED = 1 << 1 };

typedef struct MpServices {
    EFI_STATUS(EFIAPI *get_number)(struct MpServices *this, UINTN *number, UINTN *enabled);
    EFI_STATUS(EFIAPI *get_information)
    (struct MpServices *this, UINTN number, CpuInformation *information);
    /* The services that start processors follow. */
} MpServices;

/* UEFI 2.10, 34.1: the firmware's own font. */
#define HII_FONT_GUID                                                                              \
    {                                                                                              \
        0xe9ca4775, 0x8657, 0x47fc,                                                                \
        {                                                                                          \
            0x97, 0xe7, 0x7e, 0xd6, 0x5a, 0x08, 0x43, 0x24                                         \
        }                                                                                          \
    }

typedef struct {
    UINT16 width, height;
    EFI_GRAPHICS_OUTPUT_BLT_PIXEL *pixels;
} GlyphImage;

typedef struct HiiFont {
    VOID *string_to_image, *string_id_to_image;
    EFI_STATUS(EFIAPI *get_glyph)
    (struct HiiFont *this, CHAR16 character, const VOID *information, GlyphImage **ret_image,
     UINTN *ret_baseline);
    VOID *get_font_info;
} HiiFont;
