/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/* What is said of a graphics card whatever the release: whether it can go, and its wiring. */

/* pci.ids calls the chips so that are made for notebooks alone. */
bool is_made_for_notebooks(const PciFunction *function)
{
    const char *name = function->device_name;

    return name != NULL && (strstr(name, " Mobile") != NULL || strstr(name, "Max-Q") != NULL);
}

bool card_has_monitor(const Facts *facts, const PciFunction *function)
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

    if (in_processor || card_has_monitor(facts, device->function))
        return;
    if (class == 0x0302)
        judgement_add(judgement, ANSWER_NO,
                      "No display is wired to the card (class 0302), as in most notebooks with two "
                      "graphics processors, and macOS accelerates only what a card shows itself.");
    else if (host_is_notebook(&facts->firmware) || is_made_for_notebooks(device->function))
        judgement_add(judgement, ANSWER_UNKNOWN,
                      "In a notebook it is unknown whether a display is wired to the card itself: "
                      "plug a monitor into each of its sockets and look at `/sys/class/drm`.");
    else if (class == 0x0380)
        judgement_add(judgement, ANSWER_UNKNOWN,
                      "The card is no VGA controller (class 0380): it is unknown whether a display "
                      "is wired to it.");
}

/* What keeps the card, as the end of a sentence: of the host as a whole what forbids it, or of the
 * card what does, or of the host all that is unknown. NULL: a risk only. */
static char *describe_keepers(const DeviceVerdict *device)
{
    g_autoptr(GString) open = g_string_new(NULL);

    for (guint i = 0; i < device->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(device->obstacles, i);
        if (obstacle->answer == ANSWER_NO) {
            char *text = g_strdup(obstacle->text);
            text[0] = g_ascii_tolower(text[0]);
            return text;
        }
        if (obstacle->answer == ANSWER_UNKNOWN && !obstacle->risk)
            g_string_append_printf(open, "%s%s", open->len > 0 ? ", " : "", obstacle->what);
    }
    if (device->against->len > 0)
        return g_strdup(g_ptr_array_index(device->against, 0));
    return open->len > 0 ? g_strdup_printf("it depends on %s", open->str) : NULL;
}

static void judge_passing(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    const char *address = device->function->address;
    g_autofree char *why = describe_keepers(device);

    if (device->passable == ANSWER_NO)
        judgement_add(judgement, ANSWER_NO,
                      say(verdict, "%s cannot leave the host: %s.", address, why));
    else if (device->passable == ANSWER_UNKNOWN && why != NULL)
        judgement_add(
            judgement, ANSWER_UNKNOWN,
            say(verdict, "It is unknown whether %s can leave the host: %s.", address, why));
}

/* The kernel passes it, but not without a risk. */
static void judge_risks(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    for (guint i = 0; i < device->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(device->obstacles, i);
        if (obstacle->risk)
            judgement_add(judgement, ANSWER_LIMITED,
                          say(verdict, "At a risk: %s. %s", obstacle->text, obstacle->advice));
    }
}

void card_judge(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
                Judgement *judgement)
{
    judgement_init(judgement);
    if (device->function->vendor == UNKNOWN || device->function->device == UNKNOWN)
        judgement_add(judgement, ANSWER_UNKNOWN,
                      say(verdict, "The ids of %s are unknown.", device->function->address));
    else if (device->family == NULL)
        judgement_add(judgement, ANSWER_UNKNOWN,
                      say(verdict, "No table knows the card %04x:%04x.",
                          (guint)device->function->vendor, (guint)device->function->device));
    judge_passing(verdict, device, judgement);
    judge_risks(verdict, device, judgement);
    judge_wiring(facts, device, judgement);
    card_reset_judge(verdict, facts, device, judgement);
    card_note(verdict, facts, device, judgement);
}
