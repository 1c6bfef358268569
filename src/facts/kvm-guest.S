/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the test guests of kvm-selftest.c run. Each program is copied to the guest's address
 * KVM_GUEST_CODE and started there in real mode with all segments at 0, as a processor is after
 * reset (but for the place). It writes its result to port KVM_GUEST_PORT and halts.
 *
 * Intel SDM volume 3, chapter 10 (mode switches), volume 1, chapters 8 (x87) and 10 (SSE).
 */
#include "kvm-guest.h"

#define AT(label, program) (KVM_GUEST_CODE + (label) - kvm_guest_##program)

#define PROGRAM(name) \
        .globl kvm_guest_##name, kvm_guest_##name##_end; \
        .hidden kvm_guest_##name, kvm_guest_##name##_end; \
        .balign 16; \
        kvm_guest_##name:

#define PROGRAM_END(name) \
        kvm_guest_##name##_end:

/* From real mode into 32-bit protected mode with flat segments. */
#define ENTER_PROTECTED(program) \
        cli; \
        lgdtl AT(gdt_pointer_##program, program); \
        mov %cr0, %eax; \
        or $1, %al; \
        mov %eax, %cr0; \
        ljmpl $0x08, $AT(flat_##program, program); \
        .code32; \
flat_##program: \
        mov $0x10, %ax; \
        mov %ax, %ds; \
        mov %ax, %es; \
        mov %ax, %ss; \
        mov %cr4, %eax; \
        or $0x600, %eax; /* OSFXSR, OSXMMEXCPT: SSE may be used */ \
        mov %eax, %cr4

#define SEGMENTS(program) \
        .balign 8; \
gdt_##program: \
        .quad 0; \
        .quad 0x00cf9b000000ffff; /* 0x08: code, 32 bits, 4 GiB */ \
        .quad 0x00cf93000000ffff; /* 0x10: data, 4 GiB */ \
        .quad 0x00af9b000000ffff; /* 0x18: code, 64 bits */ \
gdt_pointer_##program: \
        .word . - gdt_##program - 1; \
        .long AT(gdt_##program, program)

        .section .rodata

        .code16
PROGRAM(real_integer)
        mov $7, %ax
        mov $0x111, %bx
        mul %bx
        mov %ax, AT(real_integer_sum, real_integer)
        mov AT(real_integer_sum, real_integer), %eax
        out %eax, $KVM_GUEST_PORT
        hlt
        .balign 4
real_integer_sum:
        .long 0
PROGRAM_END(real_integer)

        .code16
PROGRAM(real_float)
        fninit
        fld1
        fld1
        faddp
        fmul %st(0), %st
        fld1
        faddp
        fimuls AT(real_float_factor, real_float)
        fistpl AT(real_float_sum, real_float)
        mov AT(real_float_sum, real_float), %eax
        out %eax, $KVM_GUEST_PORT
        hlt
        .balign 4
real_float_factor:
        .word 0x333
real_float_sum:
        .balign 4
        .long 0
PROGRAM_END(real_float)

        .code16
PROGRAM(protected)
        ENTER_PROTECTED(protected)
        fninit
        fildl AT(protected_integer, protected)
        fsqrt
        fistpl AT(protected_sum, protected)
        movups AT(protected_left, protected), %xmm0
        movups AT(protected_right, protected), %xmm1
        mulps %xmm1, %xmm0
        cvttps2dq %xmm0, %xmm0
        movups %xmm0, AT(protected_left, protected)
        mov AT(protected_sum, protected), %eax
        add AT(protected_left, protected), %eax
        add AT(protected_left + 4, protected), %eax
        add AT(protected_left + 8, protected), %eax
        add AT(protected_left + 12, protected), %eax
        out %eax, $KVM_GUEST_PORT
        hlt
        SEGMENTS(protected)
        .balign 16
protected_left:
        .float 1.5, 2.5, 100.25, 4000.0
protected_right:
        .float 2.0, 4.0, 8.0, 0.5
protected_integer:
        .long 1234 * 1234
protected_sum:
        .long 0
PROGRAM_END(protected)

        .code16
PROGRAM(long)
        ENTER_PROTECTED(long)
        mov %cr4, %eax
        or $0x20, %eax /* PAE */
        mov %eax, %cr4
        mov $KVM_GUEST_TABLES, %eax
        mov %eax, %cr3
        mov $0xc0000080, %ecx /* IA32_EFER */
        rdmsr
        or $0x100, %eax /* LME */
        wrmsr
        mov %cr0, %eax
        or $0x80000000, %eax /* PG */
        mov %eax, %cr0
        ljmpl $0x18, $AT(wide, long)
        .code64
wide:
        fninit
        fld1
        fistpl AT(long_sum, long)
        mov $0x123456789, %rax
        cvtsi2sd %rax, %xmm0
        addsd %xmm0, %xmm0
        cvttsd2si %xmm0, %rax
        shr $1, %rax
        mov %rax, %rdx
        shr $32, %rdx
        add %edx, %eax
        add AT(long_sum, long), %eax
        out %eax, $KVM_GUEST_PORT
        hlt
        SEGMENTS(long)
        .balign 4
long_sum:
        .long 0
PROGRAM_END(long)

        .section .note.GNU-stack, "", @progbits
