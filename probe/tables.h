/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/* The firmware's configuration table with that GUID (ACPI, SMBIOS); NULL when it has none. */
const void *configuration_table(const EFI_GUID *guid);

/* Little-endian numbers at any address. */
static inline UINT16 get16(const void *at)
{
    const UINT8 *byte = at;
    return (UINT16)(byte[0] | byte[1] << 8);
}

static inline UINT32 get32(const void *at)
{
    return get16(at) | (UINT32)get16((const UINT8 *)at + 2) << 16;
}

static inline UINT64 get64(const void *at)
{
    return get32(at) | (UINT64)get32((const UINT8 *)at + 4) << 32;
}
