/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* Whether the card can leave the host, and comes back. */

static void judge_groups(const Path *path, PathStep *step)
{
    const PathTarget *target = &path->target;

    if (!path_passes_card(path)) {
        if (target->graphics == GRAPHICS_UNKNOWN)
            step_unknown(step, "The devices of this host are unknown.");
        else
            step_not_needed(step, "No graphics card of this host goes to the guest.");
        return;
    }
    Answer passable = lookup_passable(path);
    g_autofree char *against = lookup_against(path);
    g_autofree char *all = lookup_addresses(target->card);
    const PciFunction *gpu = target->gpu->function;

    if (passable == ANSWER_YES && gpu->iommu_group != UNKNOWN) {
        step_done(step, "%s can leave the host%s (IOMMU group %d).", all,
                  target->card->len > 1 ? " together" : "", gpu->iommu_group);
    } else if (passable == ANSWER_YES) {
        step_done(step, "%s can leave the host.", all);
    } else if (passable == ANSWER_UNKNOWN) {
        step_unknown(step, "Whether %s can leave the host is unknown%s%s.", gpu->address,
                     *against != '\0' ? ": " : "", against);
    } else {
        step_saw(step, "%s.", against);
        g_autofree char *advice = lookup_advice(
            path, "Free what holds it, or put the card into another slot, whose group is another.");
        step_for_person(step, "%s", advice);
        step_type(step, "rootstock devices");
    }
}

static void judge_reset(const Path *path, PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;

    if (!path_passes_card(path)) {
        if (path->target.graphics == GRAPHICS_UNKNOWN)
            step_unknown(step, "The devices of this host are unknown.");
        else
            step_not_needed(step, "No graphics card of this host goes to the guest.");
        return;
    }
    g_autofree char *card = lookup_card(gpu);
    char *const *methods = gpu->function->reset_methods;
    g_autofree char *list = methods != NULL ? g_strjoinv(", ", gpu->function->reset_methods) : NULL;

    if (strcmp(gpu->reset, "ok") == 0) {
        step_done(step, "%s comes back after a guest%s%s.", card,
                  list != NULL && *list != '\0' ? "; resets that the kernel has for it: " : "",
                  list != NULL ? list : "");
    } else if (strcmp(gpu->reset, "bug") == 0 && lookup_has(methods, "device_specific")) {
        step_done(step,
                  "Cards like %s hang after a guest, and this kernel has a reset of its own "
                  "for it (device_specific).",
                  card);
    } else if (strcmp(gpu->reset, "bug") == 0) {
        step_saw(step, "Cards like %s hang when the guest ends, until the host restarts.", card);
        step_for_person(step, "Install the kernel module vendor-reset, or live with one start of "
                              "the guest for each start of the host.");
    } else if (strcmp(gpu->reset, "none") == 0) {
        step_saw(step, "The kernel knows no reset for %s.", card);
        step_for_person(step, "Try another slot, or live with one start of the guest for each "
                              "start of the host.");
    } else {
        step_unknown(step,
                     "Whether %s comes back after a guest is unknown: only starting a guest "
                     "twice shows it.",
                     card);
    }
}

const Step STEPS_IOMMU[] = {
    {"iommu-groups",
     SECTION_IOMMU,
     "The card can leave the host",
     judge_groups,
     {"iommu-enabled", "firmware-iommu", "firmware-primary-display", NULL}},
    {"card-reset", SECTION_IOMMU, "The card comes back", judge_reset, {NULL}},
    {0},
};
