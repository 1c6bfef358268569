/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/*
 * The firmware's set-up, which only a person can change: a step for each option that the verdict
 * knows (verdict_setup()). The id of the step is that of the option behind "firmware-".
 */

/* Options that matter only where a device, or a graphics card, goes to the guest. */
static const char *const FOR_DEVICES[] = {"iommu", "interrupt-remapping", "acs", NULL};
static const char *const FOR_CARDS[] = {"resizable-bar",       "above-4g", "csm", "primary-display",
                                        "integrated-graphics", NULL};

/* Answers where nothing goes to the guest for which the option would matter. */
static bool concerns_nothing(const Path *path, PathStep *step, const char *option)
{
    if (path->target.graphics == GRAPHICS_UNKNOWN)
        return false;
    if (g_strv_contains(FOR_DEVICES, option) && !path_passes_device(path)) {
        step_not_needed(step, "No device of this host goes to the guest.");
        return true;
    }
    if (strcmp(option, "acs") == 0 && lookup_passable(path) == ANSWER_YES) {
        step_not_needed(step, "The guest's card can leave the host as the groups are.");
        return true;
    }
    if (g_strv_contains(FOR_CARDS, option) && !path_passes_card(path)) {
        step_not_needed(step, "No graphics card of this host goes to the guest.");
        return true;
    }
    return false;
}

static bool is_as_wanted(const SetupVerdict *setup)
{
    return strcmp(setup->wanted, "any") != 0 &&
           setup->state == tri(strcmp(setup->wanted, "on") == 0);
}

/* What is so today, and how it should be. */
static void judge_needed(PathStep *step, const SetupVerdict *setup)
{
    const char *todo = setup->todo != NULL ? setup->todo : "";

    if (!setup_is_open(setup)) {
        step_done(step, "%s", setup->evidence);
    } else if (setup->state == TRI_UNKNOWN) {
        step_unknown(step, "%s%s%s", setup->evidence, *todo != '\0' ? " " : "", todo);
    } else {
        step_saw(step, "%s", setup->evidence);
        step_because(step, "%s", setup->why);
        step_for_person(step, "%s", *todo != '\0' ? todo : "Look at it in the set-up.");
    }
}

static void judge_option(const Path *path, PathStep *step)
{
    const char *option = step_id(step->step) + strlen("firmware-");
    const SetupVerdict *setup = verdict_setup(path->verdict, option);

    if (path->facts->cpu.vendor == NULL && path->verdict->devices == NULL)
        step_unknown(step, "Nothing is known of this host that would tell whether it matters.");
    else if (setup == NULL)
        step_not_needed(step, "The firmware of this platform has no such option.");
    else if (concerns_nothing(path, step, option))
        return;
    else if (setup->needed)
        judge_needed(step, setup);
    else if (is_as_wanted(setup) && !path->verdict->setup.virtual_machine)
        step_done(step, "%s", setup->evidence);
    else
        step_not_needed(step, "%s", setup->why);
}

/* Without virtualisation there is no guest at all, in a virtual machine too. */
static void judge_virtualization(const Path *path, PathStep *step)
{
    const SetupVerdict *setup = verdict_setup(path->verdict, "virtualization");

    if (path->facts->cpu.hypervisor != TRI_YES || setup == NULL) {
        judge_option(path, step);
    } else if (path->facts->cpu.virtualization == TRI_YES) {
        step_done(step, "The hypervisor that this host runs in passes virtualisation on.");
    } else if (path->facts->cpu.virtualization == TRI_UNKNOWN) {
        step_unknown(step, "Whether the hypervisor that this host runs in passes virtualisation on "
                           "is unknown. `grep -cw -e vmx -e svm /proc/cpuinfo` says it: 0 is no.");
    } else {
        step_saw(step, "The processor shows neither vmx nor svm, and this host is itself a virtual "
                       "machine.");
        step_for_person(step, "Ask whoever runs the hypervisor for nested virtualisation, or use a "
                              "host of metal.");
    }
}

#define OPTION(name, title)                                                                        \
    {                                                                                              \
        "firmware-" name, SECTION_FIRMWARE, title, judge_option,                                   \
        {                                                                                          \
            NULL                                                                                   \
        }                                                                                          \
    }

const Step STEPS_FIRMWARE[] = {
    {"firmware-virtualization", SECTION_FIRMWARE, "Virtualisation", judge_virtualization, {NULL}},
    OPTION("no-execute", "No-execute bit"),
    OPTION("iommu", "IOMMU"),
    OPTION("interrupt-remapping", "Interrupt remapping"),
    OPTION("resizable-bar", "Resizable BAR"),
    OPTION("above-4g", "Above 4G decoding"),
    OPTION("acs", "ACS"),
    OPTION("csm", "CSM"),
    OPTION("primary-display", "Primary display"),
    OPTION("integrated-graphics", "Integrated graphics"),
    OPTION("secure-boot", "Secure Boot"),
    OPTION("vmd", "Intel VMD"),
    OPTION("sata-mode", "SATA mode"),
    OPTION("thunderbolt-security", "Thunderbolt security"),
    OPTION("sr-iov", "SR-IOV"),
    OPTION("smt", "SMT"),
    OPTION("c-states", "C-states"),
    {0},
};
