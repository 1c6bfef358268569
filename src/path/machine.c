/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

static void type_new(const Path *path, PathStep *step)
{
    const PathTarget *target = &path->target;

    if (target->release == NULL)
        return;
    step_type(step, "rootstock new NAME --os %s%s%s", target->release->id,
              target->gpu != NULL ? " --gpu " : "",
              target->gpu != NULL ? target->gpu->function->address : "");
}

static void judge_file(const Path *path, PathStep *step)
{
    char *const *others = path->state.other_machines;

    if (path->machine != NULL) {
        step_done(step, "%s: %s, %d logical processors.", path->machine->name,
                  path->machine->release->name, machine_threads(path->machine));
        return;
    }
    if (others != NULL && others[0] != NULL) {
        g_autofree char *names = g_strjoinv(", ", path->state.other_machines);
        step_todo(step,
                  "There are machines (%s), and none was named: `--machine NAME` shows the "
                  "path of one.",
                  names);
    } else {
        step_todo(step, "There is no machine yet.");
    }
    type_new(path, step);
}

/* A part of a machine that `build` makes. */
static void judge_part(const Path *path, PathStep *step, bool there, const char *done,
                       const char *todo)
{
    if (path->machine != NULL && there) {
        step_done(step, "%s: %s", path->machine->name, done);
        return;
    }
    step_todo(step, "%s", todo);
    if (path->machine != NULL)
        step_type(step, "rootstock build %s", path->machine->name);
}

static void judge_disks(const Path *path, PathStep *step)
{
    judge_part(path, step, path->state.disk == TRI_YES && path->state.nvram == TRI_YES,
               "its disk and its variable store are there.",
               "The guest's disk and its variable store are not made yet.");
}

static void judge_domain(const Path *path, PathStep *step)
{
    judge_part(path, step, path->state.domain == TRI_YES,
               "its libvirt domain is what would be written now.",
               "The libvirt domain is not written yet, or not what would be written now.");
}

const Step STEPS_MACHINE[] = {
    {"machine-file",
     SECTION_MACHINE,
     "The machine file",
     judge_file,
     {"kvm", "package-qemu", "package-ovmf", "iommu-groups", "storage", NULL}},
    {"machine-disks",
     SECTION_MACHINE,
     "Disk and variable store",
     judge_disks,
     {"machine-file", "storage-access", NULL}},
    {"machine-domain", SECTION_MACHINE, "The libvirt domain", judge_domain, {"machine-file", NULL}},
    {0},
};
