/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/size.h"
#include "path/lookup.h"
#include "path/steps.h"

/* The installation of macOS: only a person sees the guest's screen. That it was done shows in the
 * disk, which an installed system fills by more than half of the least that Apple asks for. */
static bool is_installed(const Path *path)
{
    return path->machine != NULL && path->state.disk_used != UNKNOWN &&
           path->state.disk_used > path->machine->release->disk_min / 2;
}

/* Answers for what is installed; false where it is not. */
static bool answer_installed(const Path *path, PathStep *step)
{
    if (!is_installed(path))
        return false;
    g_autofree char *used = size_human((guint64)path->state.disk_used);
    step_done(step, "The disk of %s takes %s on the host, as an installed system does.",
              path->machine->name, used);
    return true;
}

static void judge_boot(const Path *path, PathStep *step)
{
    if (!answer_installed(path, step))
        step_for_person(step, "Start the guest, and choose the installer in OpenCore's picker.");
}

static void judge_disk(const Path *path, PathStep *step)
{
    if (!answer_installed(path, step))
        step_for_person(step, "Erase the guest's disk in Disk Utility.");
}

static void judge_system(const Path *path, PathStep *step)
{
    if (!answer_installed(path, step))
        step_for_person(step, "Let the installer run through its restarts, and answer the "
                              "assistant.");
}

const Step STEPS_INSTALL[] = {
    {"install-start",
     SECTION_INSTALL,
     "Start the installer",
     judge_boot,
     {"preflight", "opencore-image", "identity", "installer-media", "clock-source", NULL}},
    {"install-disk", SECTION_INSTALL, "Erase the disk", judge_disk, {"install-start", NULL}},
    {"install-macos", SECTION_INSTALL, "Install macOS", judge_system, {"install-disk", NULL}},
    {0},
};
