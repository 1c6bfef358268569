/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/*
 * What the sections of the path are written with. A section is a file with a table of Step rows; a
 * row has a function that judges one step by calling the functions below.
 *
 *     static void judge_groups(const Path *path, PathStep *step)
 *     {
 *         if (path->target.graphics == GRAPHICS_NONE)
 *             step_not_needed(step, "No device of this host goes to the guest.");
 *         else
 *             step_done(step, "%d groups under /sys/kernel/iommu_groups.", ...);
 *     }
 *
 * Formats are whole sentences. Steps of other sections are not looked at: what a step waits for
 * stands in its row.
 */
enum { STEP_DEPENDS_MAX = 6 };

struct Step {
    const char *id;
    PathSection section;
    const char *title;
    void (*judge)(const Path *path, PathStep *step);
    const char *depends[STEP_DEPENDS_MAX + 1]; /* ids of steps without which one cannot do it */
};

/* The tables, each ended by a row without an id. */
extern const Step STEPS_HARDWARE[], STEPS_FIRMWARE[], STEPS_KERNEL[], STEPS_PACKAGES[],
    STEPS_LIBVIRT[], STEPS_IOMMU[], STEPS_BINDING[], STEPS_OPENCORE[], STEPS_MEDIA[],
    STEPS_MACHINE[], STEPS_PREFLIGHT[], STEPS_INSTALL[], STEPS_GRAPHICS[], STEPS_AFTER[],
    STEPS_UPKEEP[];

/* The state, with what was seen. */
void step_done(PathStep *step, const char *evidence, ...) G_GNUC_PRINTF(2, 3);

/* The state, with why. */
void step_todo(PathStep *step, const char *reason, ...) G_GNUC_PRINTF(2, 3);
void step_unknown(PathStep *step, const char *reason, ...) G_GNUC_PRINTF(2, 3);
void step_not_needed(PathStep *step, const char *reason, ...) G_GNUC_PRINTF(2, 3);

/* The state, with what a person has to do. */
void step_for_person(PathStep *step, const char *manual, ...) G_GNUC_PRINTF(2, 3);

/* What was seen, why, and the command to type; each replaces what was said before. */
void step_saw(PathStep *step, const char *evidence, ...) G_GNUC_PRINTF(2, 3);
void step_because(PathStep *step, const char *reason, ...) G_GNUC_PRINTF(2, 3);
void step_type(PathStep *step, const char *command, ...) G_GNUC_PRINTF(2, 3);

/* Adds a goal, which it takes over. The step's id for it: step_id(step->step). */
void step_wants(PathStep *step, Goal *goal);
