/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

static void judge_media(const Path *path, PathStep *step)
{
    const Release *release = path->target.release;

    if (path->state.media == TRI_YES)
        step_done(step, "The installer of %s is there.",
                  release != NULL ? release->name : "the release");
    else if (release == NULL)
        step_unknown(step, "Which release is to be installed is not settled: see the step "
                           "release.");
    else
        step_todo(step, "%s is installed from %s, which is not there yet.", release->name,
                  release->installer);
}

const Step STEPS_MEDIA[] = {
    {"installer-media", SECTION_MEDIA, "Apple's installer", judge_media, {"network-card", NULL}},
    {0},
};
