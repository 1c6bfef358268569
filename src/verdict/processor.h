/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "verdict/rules.h"

/* What the rules about processors share. */

/* How far a host's time stamp counter may be relied on. */
typedef enum {
    CLOCK_UNKNOWN,  /* nothing is told */
    CLOCK_TSC,      /* the kernel takes its time from it */
    CLOCK_NESTED,   /* the host is a virtual machine, and its hypervisor tells it the time */
    CLOCK_OTHER,    /* another clock is in use, though the kernel has this one, too */
    CLOCK_DOUBTFUL, /* another clock is in use; whether the kernel has this one is not told */
    CLOCK_UNSTABLE, /* the kernel has found it unreliable */
    CLOCK_WARP,     /* it is not the same on all processors */
} ClockState;

ClockState clock_state(const CpuFacts *cpu);

/* Whether the processor's counter is known to run at one rate in every state: at every frequency
 * (constant_tsc) and when idle (nonstop_tsc). */
bool clock_is_invariant(const CpuFacts *cpu);

/* Whether a guest of RELEASE that has several processors is known to stop on such a host. */
bool clock_stops_several(ClockState state, const Release *release);

/* Adds what the host's clock means for RELEASE. */
void clock_judge(Verdict *verdict, ReleaseVerdict *release, const Facts *facts);

/* Why a processor of this kind cannot run a guest for PCs at all, with a way forward; NULL: it can,
 * or its architecture is not known. */
const char *architecture_fault(Verdict *verdict, const Facts *facts);

/* Fills in hybrid, p_threads and p_list. */
void cores_find(Verdict *verdict, const CpuFacts *cpu);

/* Fills in topology and most. */
void layout_choose(Verdict *verdict, ProcessorChoice *choice, const Release *release,
                   const Facts *facts, const Catalog *catalog);

/* The processor's name, or "The host's processor". */
const char *processor_name(const CpuFacts *cpu);

/* Whether it calls itself GenuineIntel; no where that is not known. */
bool processor_is_intel(const CpuFacts *cpu);

/* Those of FLAGS that the processor is known to lack (HAS is TRI_NO) or to have (TRI_YES), as
 * words: "sse4_2, avx2"; NULL where there are none. The caller owns it. */
char *processor_flags(const CpuFacts *cpu, char *const *flags, Tri has);
