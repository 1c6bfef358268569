/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include "base/size.h"

#include <string.h>

#define MOST_BAR_0 (G_GUINT64_CONSTANT(256) << 20)

/* What is said of a graphics card whatever the release: passing it, its wiring, its reset. */

/* macOS's drivers want the first BAR of a card at its old size: with a larger one the guest stays
 * black or stops, and some hosts hang. */
static void note_bar(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    const GArray *bars = device->function->bars;

    for (guint i = 0; bars != NULL && i < bars->len; i++) {
        const PciBar *bar = &g_array_index(bars, PciBar, i);
        if (bar->index != 0 || bar->size <= MOST_BAR_0)
            continue;
        g_autofree char *size = size_human(bar->size);
        judgement_add(judgement, ANSWER_YES,
                      say(verdict,
                          "To be set: BAR 0 of %s has %s, and macOS wants 256 MiB at the most: "
                          "turn Resizable BAR off in the firmware.",
                          device->function->address, size));
    }
}

static void judge_reset(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    const PciFunction *function = device->function;
    bool own = function->reset_methods != NULL &&
               g_strv_contains((const char *const *)function->reset_methods, "device_specific");

    if (strcmp(device->reset, "bug") == 0 && own)
        judgement_add(judgement, ANSWER_LIMITED,
                      "Cards of this family hang when the guest ends; this kernel has a reset "
                      "of its own for it (device_specific), which mends that for many.");
    else if (strcmp(device->reset, "bug") == 0)
        judgement_add(judgement, ANSWER_LIMITED,
                      "Cards of this family hang when the guest ends, until the host restarts: "
                      "the kernel module vendor-reset mends that for many.");
    else if (strcmp(device->reset, "none") == 0)
        judgement_add(judgement, ANSWER_LIMITED,
                      "The card cannot be reset: it serves one start of a guest, then the host "
                      "has to restart.");
    else if (strcmp(device->reset, "unknown") == 0)
        judgement_add(judgement, ANSWER_YES,
                      "It is unknown whether the card comes back after the guest has ended.");
}

static bool has_monitor(const Facts *facts, const PciFunction *function)
{
    for (guint i = 0; facts->displays != NULL && i < facts->displays->len; i++) {
        const DisplayFacts *display = g_ptr_array_index(facts->displays, i);
        if (g_strcmp0(display->pci, function->address) == 0 && display->connected != NULL &&
            display->connected[0] != NULL)
            return true;
    }
    return false;
}

/* macOS accelerates what a card shows on displays of its own. */
static void judge_wiring(const Facts *facts, const DeviceVerdict *device, Judgement *judgement)
{
    int class = pci_class(device->function);
    bool in_processor = device->family != NULL && strcmp(device->family->form, "integrated") == 0;

    if (in_processor || has_monitor(facts, device->function))
        return;
    if (class == 0x0302)
        judgement_add(judgement, ANSWER_NO,
                      "No display is wired to the card (class 0302), as in most notebooks with two "
                      "graphics processors, and macOS accelerates only what a card shows itself.");
    else if (host_is_notebook(&facts->firmware))
        judgement_add(judgement, ANSWER_UNKNOWN,
                      "In a notebook it is unknown whether a display is wired to the card itself: "
                      "plug a monitor into each of its sockets and look at `/sys/class/drm`.");
    else if (class == 0x0380)
        judgement_add(judgement, ANSWER_UNKNOWN,
                      "The card is no VGA controller (class 0380): it is unknown whether a display "
                      "is wired to it.");
}

static void note_twins(const Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    const PciFunction *function = device->function;

    for (guint i = 0; i < verdict->devices->len; i++) {
        const DeviceVerdict *other = g_ptr_array_index(verdict->devices, i);
        if (other == device || other->role != ROLE_GPU || function->device == UNKNOWN ||
            other->function->vendor != function->vendor ||
            other->function->device != function->device)
            continue;
        judgement_add(judgement, ANSWER_YES,
                      "Another card of this host has the same id: only the address tells them "
                      "apart, and what takes cards by id (vfio-pci.ids) takes both.");
        return;
    }
}

void card_judge(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
                Judgement *judgement)
{
    const char *address = device->function->address;
    const char *why =
        device->against->len > 0 ? g_ptr_array_index(device->against, 0) : "nothing is known of it";

    judgement_init(judgement);
    if (device->function->vendor == UNKNOWN || device->function->device == UNKNOWN)
        judgement_add(judgement, ANSWER_UNKNOWN,
                      say(verdict, "The ids of %s are unknown.", address));
    else if (device->family == NULL)
        judgement_add(judgement, ANSWER_UNKNOWN,
                      say(verdict, "No table knows the card %04x:%04x.",
                          (guint)device->function->vendor, (guint)device->function->device));
    if (device->passable == ANSWER_NO)
        judgement_add(judgement, ANSWER_NO,
                      say(verdict, "%s cannot leave the host: %s.", address, why));
    else if (device->passable == ANSWER_UNKNOWN)
        judgement_add(
            judgement, ANSWER_UNKNOWN,
            say(verdict, "It is unknown whether %s can leave the host: %s.", address, why));
    judge_wiring(facts, device, judgement);
    judge_reset(verdict, device, judgement);
    if (device->spoof != UNKNOWN)
        judgement_add(
            judgement, ANSWER_YES,
            say(verdict, "To be set: its device-id is spoofed to %04x.", (guint)device->spoof));
    note_bar(verdict, device, judgement);
    note_twins(verdict, device, judgement);
}
