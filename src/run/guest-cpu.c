/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/guest.h"

#include <string.h>

/*
 * Names of /proc/cpuinfo and the CPUID bits behind them. Sources: Intel SDM volume 2A, CPUID
 * (leaf 1: tables 3-10 and 3-11; leaves 7, 0Dh and 8000000xh: table 3-8); AMD APM volume 3,
 * appendix E (8000000xh); names: Linux, arch/x86/include/asm/cpufeatures.h.
 */
typedef enum {
    EAX,
    EBX,
    ECX,
    EDX,
} Register;

typedef struct {
    const char *name;
    guint32 leaf, subleaf;
    Register where;
    guint bit;
} Feature;

static const Feature FEATURES[] = {
    {"fpu", 1, 0, EDX, 0},
    {"tsc", 1, 0, EDX, 4},
    {"msr", 1, 0, EDX, 5},
    {"pae", 1, 0, EDX, 6},
    {"cx8", 1, 0, EDX, 8},
    {"apic", 1, 0, EDX, 9},
    {"sep", 1, 0, EDX, 11},
    {"mtrr", 1, 0, EDX, 12},
    {"pge", 1, 0, EDX, 13},
    {"cmov", 1, 0, EDX, 15},
    {"pat", 1, 0, EDX, 16},
    {"pse36", 1, 0, EDX, 17},
    {"clflush", 1, 0, EDX, 19},
    {"mmx", 1, 0, EDX, 23},
    {"fxsr", 1, 0, EDX, 24},
    {"sse", 1, 0, EDX, 25},
    {"sse2", 1, 0, EDX, 26},
    {"ss", 1, 0, EDX, 27},
    {"ht", 1, 0, EDX, 28},
    {"pni", 1, 0, ECX, 0},
    {"pclmulqdq", 1, 0, ECX, 1},
    {"monitor", 1, 0, ECX, 3},
    {"vmx", 1, 0, ECX, 5},
    {"ssse3", 1, 0, ECX, 9},
    {"fma", 1, 0, ECX, 12},
    {"cx16", 1, 0, ECX, 13},
    {"pcid", 1, 0, ECX, 17},
    {"sse4_1", 1, 0, ECX, 19},
    {"sse4_2", 1, 0, ECX, 20},
    {"x2apic", 1, 0, ECX, 21},
    {"movbe", 1, 0, ECX, 22},
    {"popcnt", 1, 0, ECX, 23},
    {"tsc_deadline_timer", 1, 0, ECX, 24},
    {"aes", 1, 0, ECX, 25},
    {"xsave", 1, 0, ECX, 26},
    {"avx", 1, 0, ECX, 28},
    {"f16c", 1, 0, ECX, 29},
    {"rdrand", 1, 0, ECX, 30},
    {"hypervisor", 1, 0, ECX, 31},
    {"fsgsbase", 7, 0, EBX, 0},
    {"tsc_adjust", 7, 0, EBX, 1},
    {"bmi1", 7, 0, EBX, 3},
    {"hle", 7, 0, EBX, 4},
    {"avx2", 7, 0, EBX, 5},
    {"smep", 7, 0, EBX, 7},
    {"bmi2", 7, 0, EBX, 8},
    {"erms", 7, 0, EBX, 9},
    {"invpcid", 7, 0, EBX, 10},
    {"rtm", 7, 0, EBX, 11},
    {"avx512f", 7, 0, EBX, 16},
    {"avx512dq", 7, 0, EBX, 17},
    {"rdseed", 7, 0, EBX, 18},
    {"adx", 7, 0, EBX, 19},
    {"smap", 7, 0, EBX, 20},
    {"clflushopt", 7, 0, EBX, 23},
    {"clwb", 7, 0, EBX, 24},
    {"avx512cd", 7, 0, EBX, 28},
    {"sha_ni", 7, 0, EBX, 29},
    {"avx512bw", 7, 0, EBX, 30},
    {"avx512vl", 7, 0, EBX, 31},
    {"umip", 7, 0, ECX, 2},
    {"pku", 7, 0, ECX, 3},
    {"rdpid", 7, 0, ECX, 22},
    {"md_clear", 7, 0, EDX, 10},
    {"spec_ctrl", 7, 0, EDX, 26},
    {"arch_capabilities", 7, 0, EDX, 29},
    {"xsaveopt", 0x0d, 1, EAX, 0},
    {"xsavec", 0x0d, 1, EAX, 1},
    {"xgetbv1", 0x0d, 1, EAX, 2},
    {"xsaves", 0x0d, 1, EAX, 3},
    {"syscall", 0x80000001, 0, EDX, 11},
    {"nx", 0x80000001, 0, EDX, 20},
    {"pdpe1gb", 0x80000001, 0, EDX, 26},
    {"rdtscp", 0x80000001, 0, EDX, 27},
    {"lm", 0x80000001, 0, EDX, 29},
    {"lahf_lm", 0x80000001, 0, ECX, 0},
    {"svm", 0x80000001, 0, ECX, 2},
    {"abm", 0x80000001, 0, ECX, 5},
    {"sse4a", 0x80000001, 0, ECX, 6},
    {"3dnowprefetch", 0x80000001, 0, ECX, 8},
    {"topoext", 0x80000001, 0, ECX, 22},
    /* Linux has two names for the invariant counter, QEMU a third. */
    {"constant_tsc", 0x80000007, 0, EDX, 8},
    {"nonstop_tsc", 0x80000007, 0, EDX, 8},
    {"invtsc", 0x80000007, 0, EDX, 8},
    {"clzero", 0x80000008, 0, EBX, 0},
};

static const GuestCpuid *find_leaf(const GuestReport *report, guint32 leaf, guint32 subleaf)
{
    for (guint i = 0; report->cpuid != NULL && i < report->cpuid->len; i++) {
        const GuestCpuid *candidate = &g_array_index(report->cpuid, GuestCpuid, i);
        if (candidate->leaf == leaf && candidate->subleaf == subleaf)
            return candidate;
    }
    return NULL;
}

static Tri has_feature(const GuestReport *report, const Feature *feature)
{
    const GuestCpuid *leaf = find_leaf(report, feature->leaf, feature->subleaf);
    if (leaf == NULL) {
        /* The first leaf of each range names the last one: beyond it there are no features. */
        const GuestCpuid *first = find_leaf(report, feature->leaf & 0x80000000, 0);
        return first != NULL && first->eax < feature->leaf ? TRI_NO : TRI_UNKNOWN;
    }
    const guint32 registers[] = {leaf->eax, leaf->ebx, leaf->ecx, leaf->edx};
    return tri(registers[feature->where] >> feature->bit & 1);
}

Tri guest_cpu_has(const GuestReport *report, const char *flag)
{
    for (gsize i = 0; i < G_N_ELEMENTS(FEATURES); i++)
        if (strcmp(FEATURES[i].name, flag) == 0)
            return has_feature(report, &FEATURES[i]);
    return TRI_UNKNOWN;
}
