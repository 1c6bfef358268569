/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

/* The boot loader of the guest. All of it is made for one machine. */

static bool is_built(const Path *path)
{
    return path->machine != NULL && path->state.opencore == TRI_YES;
}

/* What brings or makes it, once there is a machine that it is for. */
static void type_for_machine(const Path *path, PathStep *step, const char *command)
{
    if (path->machine != NULL)
        step_type(step, "%s %s", command, path->machine->name);
}

static void judge_parts(const Path *path, PathStep *step)
{
    if (is_built(path)) {
        step_done(step, "The OpenCore image of %s has them.", path->machine->name);
        return;
    }
    step_todo(step, "OpenCore and the kexts that this guest needs are not there yet.");
    type_for_machine(path, step, "rootstock opencore fetch");
}

static void judge_identity(const Path *path, PathStep *step)
{
    const Release *release = path->target.release;

    if (is_built(path))
        step_done(step, "%s has an identity of its own, made for the model %s.",
                  path->machine->name, path->machine->release->mac_model);
    else
        step_todo(step, "The guest has no serial numbers yet%s%s.",
                  release != NULL ? "; they are made up for the model " : "",
                  release != NULL ? release->mac_model : "");
}

static void judge_config(const Path *path, PathStep *step)
{
    if (is_built(path)) {
        step_done(step, "The OpenCore image of %s has its config.plist.", path->machine->name);
        return;
    }
    step_todo(step, "There is no config.plist for this guest yet.");
    type_for_machine(path, step, "rootstock build");
}

static void judge_image(const Path *path, PathStep *step)
{
    if (is_built(path)) {
        step_done(step, "The OpenCore image of %s is there.", path->machine->name);
        return;
    }
    step_todo(step, "The guest has nothing to start from yet.");
    type_for_machine(path, step, "rootstock build");
}

const Step STEPS_OPENCORE[] = {
    {"opencore-parts", SECTION_OPENCORE, "OpenCore and its kexts", judge_parts, {NULL}},
    {"identity",
     SECTION_OPENCORE,
     "The guest's identity (SMBIOS)",
     judge_identity,
     {"machine-file", NULL}},
    {"opencore-config",
     SECTION_OPENCORE,
     "config.plist",
     judge_config,
     {"machine-file", "opencore-parts", NULL}},
    {"opencore-image",
     SECTION_OPENCORE,
     "The image that the guest starts from",
     judge_image,
     {"machine-file", "opencore-parts", NULL}},
    {0},
};
