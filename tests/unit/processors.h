/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/* Processors that people have, as facts: what /proc/cpuinfo and sysfs say of them, as far as a
 * verdict asks. */
typedef enum {
    CORE2_Q9550,
    PHENOM_II_X4,
    FX_8350,
    XEON_E5_2690_V2, /* two packages */
    I7_4770,
    I7_8700K,
    RYZEN_5800X,
    RYZEN_5800U,
    RYZEN_5700G,
    THREADRIPPER_3970X,
    XEON_8362, /* two packages */
    I9_13900K,
    I5_12400,
    ULTRA_285K,
    N100,
    PROCESSORS_END,
} ProcessorSample;

/* Replaces the processor of FACTS. Its threads have packages, cores and nodes, but neither caches
 * nor frequencies. */
void processor_set(Facts *facts, ProcessorSample sample);

/* Adds second-level caches, as a processor with P and E cores has them: E cores share one by four.
 */
void processor_add_caches(Facts *facts);

/* Says of each thread what Linux 5.13 does on a hybrid processor. */
void processor_add_kinds(Facts *facts);

/* Gives P cores and E cores these highest frequencies; the first P core is ahead of the others. */
void processor_add_frequencies(Facts *facts, gint64 p_khz, gint64 favoured_khz, gint64 e_khz);

/* Turns the second threads of cores off. */
void processor_without_siblings(Facts *facts);

/* The processor without one of its flags. */
void processor_drop_flag(Facts *facts, const char *flag);
