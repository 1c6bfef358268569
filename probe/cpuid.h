/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/* The first leaves of the ranges for hypervisors and for extended functions. */
#define CPUID_HYPERVISOR 0x40000000u
#define CPUID_EXTENDED 0x80000000u

typedef struct {
    UINT32 eax, ebx, ecx, edx;
} Leaf;

static inline Leaf cpuid(UINT32 leaf, UINT32 subleaf)
{
    Leaf out;
    __asm__ volatile("cpuid"
                     : "=a"(out.eax), "=b"(out.ebx), "=c"(out.ecx), "=d"(out.edx)
                     : "a"(leaf), "c"(subleaf));
    return out;
}
