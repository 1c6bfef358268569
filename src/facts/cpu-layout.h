/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

#include <glib.h>

/* How the threads of the processor belong together, worked out of its list of threads and caches.
 * Pure. */

/* More threads than any machine has; with more there is no layout. */
enum { CPU_LAYOUT_MAX = 2048 };

typedef struct {
    int core;        /* the kernel's number of it */
    GArray *threads; /* of int: the kernel's numbers of its threads, going up */
} CpuCore;

/* Cores with one last-level cache, in one NUMA node. */
typedef struct {
    int package, die, node;
    const CpuCache
        *cache;       /* of the third level; NULL: unknown, then these are the cores of a die */
    GPtrArray *cores; /* of CpuCore *, by their first threads */
} CpuGroup;

/* The groups (of CpuGroup *), by their first threads; NULL where it is unknown which threads there
 * are, or which are of one core. The caller frees the list, which refers to CPU. */
GPtrArray *cpu_layout(const CpuFacts *cpu);
