/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

static void judge_preflight(const Path *path, PathStep *step)
{
    const Machine *machine = path->machine;

    if (machine != NULL && path->state.preflight == TRI_YES) {
        step_done(step, "The last preflight of %s passed, as it is now.", machine->name);
        return;
    }
    if (machine != NULL && path->state.preflight == TRI_NO)
        step_todo(step, "The last preflight of %s failed.", machine->name);
    else
        step_todo(step, "The guest as it is now has not been tried.");
    if (machine != NULL)
        step_type(step, "rootstock preflight %s", machine->name);
}

const Step STEPS_PREFLIGHT[] = {
    {"preflight",
     SECTION_PREFLIGHT,
     "What the guest sees",
     judge_preflight,
     {"machine-file", "machine-disks", "machine-domain", "vfio-binding", "kvm-options",
      "libvirt-access"}},
    {0},
};
