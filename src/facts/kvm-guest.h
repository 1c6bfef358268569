/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What the programs of kvm-guest.S and kvm-selftest.c, which starts them, agree on. */

#define KVM_GUEST_CODE 0x1000   /* where a program lies */
#define KVM_GUEST_TABLES 0x4000 /* page tables: PML4, PDPT, page directory */
#define KVM_GUEST_MEMORY 0x10000
#define KVM_GUEST_PORT 0xf4 /* where a program writes its result, 32 bits */

/* The results: what the programs calculate, worked out by hand. */
#define KVM_GUEST_REAL_INTEGER (7 * 0x111)
#define KVM_GUEST_REAL_FLOAT (((1 + 1) * (1 + 1) + 1) * 0x333)
#define KVM_GUEST_PROTECTED (1234 + 3 + 10 + 802 + 2000)
#define KVM_GUEST_LONG (0x23456789 + 0x1 + 1)
