/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* The card in the guest. */

static bool has_card(const Path *path)
{
    return path->machine != NULL && path->target.gpu != NULL;
}

/* Answers where no card is passed in MODE; false where one is. */
static bool other_mode(const Path *path, PathStep *step, GraphicsMode mode)
{
    GraphicsMode found = path->target.graphics;

    if (found == mode)
        return false;
    if (found == GRAPHICS_UNKNOWN)
        step_unknown(step, "The graphics cards of this host are unknown.");
    else if (found == GRAPHICS_NONE)
        step_not_needed(step, "No graphics card of this host goes to the guest.");
    else if (mode == GRAPHICS_DUAL)
        step_not_needed(step, "This host has one graphics card: see the step gpu-single.");
    else
        step_not_needed(step, "The host keeps a card of its own: see the step gpu-dual.");
    return true;
}

static void judge_dual(const Path *path, PathStep *step)
{
    if (other_mode(path, step, GRAPHICS_DUAL))
        return;
    g_autofree char *card = lookup_card(path->target.gpu);
    if (has_card(path) && path->state.domain == TRI_YES) {
        step_done(step, "The domain of %s has %s.", path->machine->name, card);
        return;
    }
    step_todo(step, "The guest does not have %s yet.", card);
    if (path->machine != NULL)
        step_type(step, "rootstock build %s", path->machine->name);
}

static void judge_single(const Path *path, PathStep *step)
{
    const char *manager = path->facts->setup.screen.display_manager;

    if (other_mode(path, step, GRAPHICS_SINGLE))
        return;
    g_autofree char *card = lookup_card(path->target.gpu);
    step_saw(step, "%s shows the host's picture%s%s.", card,
             manager != NULL && *manager != '\0' ? ", started by " : "",
             manager != NULL ? manager : "");
    step_for_person(step, "Set up hooks that stop the graphical session, hand the card over and "
                          "take it back, and a way into the host without its screen (SSH).");
}

/* What the family's row says of the release that is aimed at. */
static void judge_guest(const Path *path, PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;

    if (!path_passes_card(path)) {
        if (path->target.graphics == GRAPHICS_UNKNOWN)
            step_unknown(step, "The graphics cards of this host are unknown.");
        else
            step_not_needed(step, "No graphics card of this host goes to the guest.");
        return;
    }
    g_autofree char *card = lookup_card(gpu);
    if (gpu->family == NULL) {
        step_unknown(step, "No table knows what macOS needs for %s.", card);
        return;
    }
    g_autofree char *needs = catalog_graphics_needs(gpu->family, path->target.release);
    if (*needs == '\0' && gpu->spoof == UNKNOWN) {
        step_not_needed(step, "%s needs nothing in macOS: Apple's driver takes it as it is.", card);
    } else if (has_card(path) && path->state.opencore == TRI_YES) {
        step_done(step, "The OpenCore image of %s was made for %s.", path->machine->name, card);
    } else {
        step_todo(step, "%s needs: %s.", card,
                  *needs != '\0' ? needs : "its device-id spoofed by OpenCore");
    }
}

static void judge_patches(const Path *path, PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    const Release *release = path->target.release;

    if (path->target.graphics == GRAPHICS_UNKNOWN) {
        step_unknown(step, "The graphics cards of this host are unknown.");
    } else if (!path_passes_card(path) || gpu->family == NULL || gpu->family->last == NULL ||
               release == NULL) {
        step_not_needed(step, "No graphics card of this host goes to the guest.");
    } else if (release->order <= gpu->family->last->order) {
        step_not_needed(step, "%s has a driver for %s %s.", release->name, gpu->family->vendor,
                        gpu->family->name);
    } else {
        step_saw(step, "The last release with a driver for %s %s is %s.", gpu->family->vendor,
                 gpu->family->name, gpu->family->last->name);
        step_for_person(step, "Take that release for the machine. Patching an older driver into a "
                              "newer system is the last resort.");
    }
}

const Step STEPS_GRAPHICS[] = {
    {"gpu-dual",
     SECTION_GRAPHICS,
     "A card of its own for the guest",
     judge_dual,
     {"machine-file", "vfio-binding", "install-macos", NULL}},
    {"gpu-single",
     SECTION_GRAPHICS,
     "The host's only card for the guest",
     judge_single,
     {"machine-file", "iommu-groups", "install-macos", NULL}},
    {"gpu-macos",
     SECTION_GRAPHICS,
     "What macOS needs for the card",
     judge_guest,
     {"machine-file", "opencore-parts", NULL}},
    {"root-patches",
     SECTION_GRAPHICS,
     "Cards whose driver is gone",
     judge_patches,
     {"install-macos", NULL}},
    {0},
};
