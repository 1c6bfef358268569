/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/options.h"
#include "sample.h"

/* What tests share that boot a guest under QEMU's translator through libvirt's embedded driver. */
typedef struct {
    char *folder; /* of this test program, which QEMU's account can reach */
    Sample sample;
} Trial;

/* Why such tests cannot run here; NULL: they can. */
const char *trial_not_here(void);

/* In a new folder, or in FOLDER of the program that started this one. */
void trial_open(Trial *trial, const char *folder);

/* A small machine for OS. */
Machine *trial_machine(Trial *trial, const char *os);

/* RUNS and CACHE are folders. */
PreflightOptions trial_options(const char *runs, const char *cache);

/* A path below the trial's folder. The caller owns it. */
char *trial_below(const Trial *trial, const char *name);

/* No run folder is left, and no QEMU that used one. */
void trial_assert_nothing_left(const Trial *trial);
