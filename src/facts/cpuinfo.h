/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/*
 * Reads the text of /proc/cpuinfo: vendor, family, model, stepping, name, microcode and flags, and
 * from the flags whether it can virtualise and is virtualised. Flags are those that all processors
 * have: on a host with two kinds of core, only those may be promised to a guest. Returns the
 * processors with the packages and cores that it names (GArray of CpuThread, by number), or NULL
 * when it names none. The caller owns the array.
 */
GArray *cpuinfo_parse(const char *text, CpuFacts *cpu);
