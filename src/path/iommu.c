/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* Whether the card can leave the host, and comes back. */

/* What stands against the devices that the machine gets beside the card is added to TEXT. */
static Answer judge_others(const Path *path, GString *text)
{
    const PathTarget *target = &path->target;
    Answer worst = ANSWER_YES;

    for (guint i = 0; i < target->functions->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(target->functions, i);
        if (device->passable == ANSWER_YES || g_ptr_array_find(target->card, device, NULL))
            continue;
        g_autoptr(GPtrArray) reasons = device_reasons(device);
        for (guint j = 0; j < reasons->len; j++)
            lookup_append_reason(text, g_ptr_array_index(reasons, j));
        worst = answer_worst(worst, device->passable);
    }
    return worst;
}

/* What can leave the host, and which groups it is in. */
static void say_can_leave(const Path *path, PathStep *step)
{
    const GPtrArray *functions = path->target.functions;
    g_autofree char *all = lookup_addresses(functions);
    g_autoptr(GString) groups = g_string_new(NULL);
    int last = UNKNOWN;
    guint count = 0;

    for (guint i = 0; i < functions->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(functions, i);
        int group = device->function->iommu_group;
        if (group == UNKNOWN || group == last)
            continue;
        g_string_append_printf(groups, "%s%d", count > 0 ? ", " : "", group);
        last = group;
        count++;
    }
    if (count == 0)
        step_done(step, "%s can leave the host.", all);
    else
        step_done(step, "%s can leave the host (IOMMU %s %s).", all, count > 1 ? "groups" : "group",
                  groups->str);
}

static void judge_groups(const Path *path, PathStep *step)
{
    const PathTarget *target = &path->target;

    if (target->functions->len == 0) {
        if (target->graphics == GRAPHICS_UNKNOWN)
            step_unknown(step, "The devices of this host are unknown.");
        else
            step_not_needed(step, "No device of this host goes to the guest.");
        return;
    }
    g_autofree char *card = lookup_against(path);
    g_autoptr(GString) against = g_string_new(card);
    Answer passable = target->gpu != NULL ? lookup_passable(path) : ANSWER_YES;

    passable = answer_worst(passable, judge_others(path, against));
    if (passable == ANSWER_YES) {
        say_can_leave(path, step);
    } else if (passable == ANSWER_UNKNOWN) {
        const DeviceVerdict *first = g_ptr_array_index(target->functions, 0);
        step_unknown(step, "Whether %s can leave the host is unknown%s%s.",
                     first->function->address, against->len > 0 ? ": " : "", against->str);
    } else {
        step_saw(step, "%s.", against->str);
        g_autofree char *advice = lookup_advice(
            path, "Free what holds it, or put it into another slot, whose group is another.");
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
