/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

/* What comes back. An update is no step of the path until there is one. */

static void judge_opencore(const Path *path, PathStep *step)
{
    step_not_needed(step, "There is nothing to update before a newer OpenCore is wanted, for a "
                          "newer macOS say.");
}

static void judge_macos(const Path *path, PathStep *step)
{
    step_not_needed(step, "There is nothing to update before macOS offers it.");
}

static void judge_backup(const Path *path, PathStep *step)
{
    if (path->machine != NULL)
        step_for_person(step, "Copy the folder of %s, but for its disk, to a safe place.",
                        path->machine->name);
    else
        step_for_person(step, "Copy the folder of the machine, but for its disk, to a safe place.");
}

const Step STEPS_UPKEEP[] = {
    {"identity-backup",
     SECTION_UPKEEP,
     "A copy of the identity",
     judge_backup,
     {"machine-file", "identity", NULL}},
    {"opencore-update", SECTION_UPKEEP, "Updating OpenCore", judge_opencore, {NULL}},
    {"macos-update", SECTION_UPKEEP, "Updating macOS", judge_macos, {NULL}},
    {0},
};
