/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"

/*
 * A made-up host for tests: 8 threads of an Intel processor, 32 GiB, OVMF, and
 *
 *     0000:01:00.0  NVMe disk that holds /             0000:05:00.0  network card, default route
 *     0000:0a:00.0  graphics card, with 0000:0a:00.1   0000:0b:00.0  NVMe disk that nobody uses
 *
 * all of it owned by the Sample.
 */
typedef struct {
    Catalog *catalog;
    Facts *facts;
    Verdict *verdict; /* made by sample_judge() */
} Sample;

#define SAMPLE_UUID "6b8f6d0e-3f5e-4d2b-9a53-1f0c6a1e2d3c"
#define SAMPLE_MAC "52:54:00:12:34:56"

void sample_open(Sample *sample);
void sample_judge(Sample *sample); /* after changes to the facts */
void sample_close(Sample *sample);

/* Another processor vendor, and the verdict anew. */
void sample_set_vendor(Sample *sample, const char *vendor);

/* Adds a function; IDS is vendor and device in 16 bits each. */
void sample_add(Sample *sample, const char *address, int ids, int class_code, int group,
                const char *name);

PciFunction *sample_function(Sample *sample, const char *address);

/* A machine of that host. DEVICES: addresses of graphics cards, separated by ';', or NULL. */
Machine *sample_machine(Sample *sample, const char *os, const char *gpus, bool force,
                        GError **error);
