/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/* Whether a card comes back after its guest has ended. */

/* gnif/vendor-reset, src/device-db.h */
bool vendor_reset_knows(const GraphicsFamily *family)
{
    static const char *const FAMILIES[] = {
        "polaris-10", "polaris-30", "polaris-10-2048", "polaris-11", "polaris-12", "vega-10",
        "vega-20",    "navi-10",    "navi-12",         "navi-14",    NULL};

    return family != NULL && g_strv_contains(FAMILIES, family->id);
}

/* A kernel that is locked down loads only modules that are signed (kernel_lockdown(7)). */
static bool is_locked_down(const Facts *facts)
{
    const char *lockdown = facts->kernel.lockdown;

    return facts->firmware.secure_boot == TRI_YES ||
           (lockdown != NULL && lockdown[0] != '\0' && strcmp(lockdown, "none") != 0);
}

static const char *describe_bug(Verdict *verdict, const DeviceVerdict *device)
{
    return device->function->reset_failed == TRI_YES
               ? say(verdict, "%s was seen not to come back after a reset or a guest",
                     device->function->address)
               : "Cards of this family hang when the guest ends, until the host restarts";
}

/* From Linux 5.15 on the kernel has to be told to use the reset that vendor-reset brings. */
static void judge_bug(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
                      Judgement *judgement)
{
    const PciFunction *function = device->function;
    const char *bug = describe_bug(verdict, device);
    bool own = function->reset_methods != NULL &&
               g_strv_contains((const char *const *)function->reset_methods, "device_specific");

    if (own)
        judgement_add(judgement, ANSWER_LIMITED,
                      say(verdict,
                          "%s; this kernel has a reset of its own for it (device_specific), which "
                          "mends that for many.",
                          bug));
    else if (vendor_reset_knows(device->family))
        judgement_add(judgement, ANSWER_LIMITED,
                      say(verdict,
                          "%s: the kernel module vendor-reset mends that for many, with "
                          "device_specific written to /sys/bus/pci/devices/%s/reset_method.%s",
                          bug, function->address,
                          is_locked_down(facts)
                              ? " This kernel loads only signed modules (Secure Boot): sign it."
                              : ""));
    else
        judgement_add(judgement, ANSWER_LIMITED,
                      say(verdict, "%s, and no module is known that mends it.", bug));
}

void card_reset_judge(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
                 Judgement *judgement)
{
    if (strcmp(device->reset, "bug") == 0)
        judge_bug(verdict, facts, device, judgement);
    else if (strcmp(device->reset, "none") == 0)
        judgement_add(judgement, ANSWER_LIMITED,
                      "The card cannot be reset: it serves one start of a guest, then the host "
                      "has to restart.");
    else if (strcmp(device->reset, "unknown") == 0)
        judgement_add(judgement, ANSWER_YES,
                      "It is unknown whether the card comes back after the guest has ended.");
}
