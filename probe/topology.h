/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>
#include <stdbool.h>

typedef struct {
    UINTN packages, cores, threads; /* of the whole machine */
} Topology;

/* Counts the processors that are enabled. False when the firmware does not say which there are. */
bool topology_find(Topology *ret);
