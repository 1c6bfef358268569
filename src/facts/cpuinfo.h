/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/*
 * What uname -m would say on the processor of ARM whose "CPU architecture" in /proc/cpuinfo is
 * VALUE: "8" (older kernels: "AArch64") is "aarch64", all before is "arm" (Linux,
 * arch/arm64/kernel/cpuinfo.c and arch/arm/kernel/setup.c).
 */
const char *cpuinfo_arm(const char *value);

/*
 * Reads the text of /proc/cpuinfo: vendor, family, model, stepping, name, microcode and flags, and
 * from the flags whether it can virtualise and is virtualised. Flags are those that all processors
 * have: on a host with two kinds of core, only those may be promised to a guest. Returns the
 * processors with the packages and cores that it names (GArray of CpuThread, by number), or NULL
 * when it names none. The caller owns the array.
 */
GArray *cpuinfo_parse(const char *text, CpuFacts *cpu);
