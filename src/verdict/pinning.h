/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "verdict/verdict.h"

#include <glib.h>

/*
 * Which threads of the host the logical processors of a guest are best tied to (pinning). Pure: the
 * same facts give the same threads.
 */
typedef struct {
    GArray *threads; /* of int: the host's thread for each of the guest's processors, in order */
    char *reason;    /* in sentences */
} Pinning;

/*
 * A proposal for COUNT processors; NULL where the layout of the host's is unknown, or it has fewer
 * threads. Whole cores, so that host and guest share none; with one last-level cache where one has
 * enough of them, for data moves faster inside such a group (AMD, Software Optimization Guide for
 * Family 19h, 2.1: core complexes); P cores before E cores; and not the first core, which keeps the
 * kernel's own work (Linux, Documentation/admin-guide/kernel-parameters.txt, nohz_full: the boot
 * processor is left out). Of several the last, farthest from it.
 */
Pinning *pinning_propose(const Facts *facts, const ProcessorVerdict *processor, int count);
void pinning_free(Pinning *pinning);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pinning, pinning_free)
