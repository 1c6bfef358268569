/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/* x86 port input and output, and the time stamp counter. */
static inline UINT8 in8(UINT16 port)
{
    UINT8 value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline UINT32 in32(UINT16 port)
{
    UINT32 value;
    __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void out8(UINT16 port, UINT8 value)
{
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void out16(UINT16 port, UINT16 value)
{
    __asm__ volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}

/* One instruction for many bytes: a hypervisor may answer it in one go. */
static inline void in8_many(UINT16 port, void *bytes, UINTN count)
{
    __asm__ volatile("rep insb" : "+D"(bytes), "+c"(count) : "d"(port) : "memory");
}

static inline UINT64 time_stamp(void)
{
    UINT32 low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (UINT64)high << 32 | low;
}
