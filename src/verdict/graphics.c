/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * Every card against every release. What is said of a family and a release is worked out once for
 * all cards of the family, and what is said of a card once for all releases: with thousands of
 * cards a verdict is little more than two lists of pointers.
 */

/* What the tables say of cards of a family, by release order. */
static GArray *judge_family(Verdict *verdict, const GraphicsFamily *family)
{
    GArray *judgements = g_array_new(FALSE, FALSE, sizeof(Judgement));
    g_array_set_clear_func(judgements, (GDestroyNotify)judgement_clear);

    for (guint i = 0; i < verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(verdict->releases, i);
        const char *name = release->release->name;
        Judgement judgement;

        judgement_init(&judgement);
        if (family->first == NULL) {
            judgement_add(&judgement, ANSWER_NO,
                          say(verdict, "No release has a driver for %s %s.%s%s%s", family->vendor,
                              family->name, family->needs[0] != '\0' ? " " : "", family->needs,
                              family->needs[0] != '\0' ? "." : ""));
        } else if (release->release->order < family->first->order) {
            judgement_add(&judgement, ANSWER_NO,
                          say(verdict, "%s has no driver for %s %s: the first that has is %s.",
                              name, family->vendor, family->name, family->first->name));
        } else if (release->release->order > family->last->order) {
            judgement_add(&judgement, ANSWER_NO,
                          say(verdict, "%s has no driver for %s %s: the last that has is %s.", name,
                              family->vendor, family->name, family->last->name));
        } else {
            judgement_add(&judgement, family->native ? ANSWER_YES : ANSWER_LIMITED,
                          say(verdict, "%s drives %s %s%s%s.", name, family->vendor, family->name,
                              family->native ? "" : ", but not by itself",
                              family->needs[0] == '\0' ? " natively" : ""));
            if (family->needs[0] != '\0')
                judgement_add(&judgement, ANSWER_YES, say(verdict, "It needs: %s.", family->needs));
            if (family->limits[0] != '\0')
                judgement_add(&judgement, ANSWER_LIMITED, say(verdict, "%s", family->limits));
        }
        g_array_append_val(judgements, judgement);
    }
    return judgements;
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

/* What is said of the card itself, for every release. */
static void judge_card(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
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
    judge_reset(verdict, device, judgement);
}

static void add_verdict(ReleaseVerdict *release, const DeviceVerdict *device,
                        const Judgement *family, const Judgement *card)
{
    GraphicsVerdict graphics = {.device = device};

    graphics.judgement.answer = ANSWER_YES;
    graphics.judgement.reasons =
        g_ptr_array_sized_new((family == NULL ? 0 : family->reasons->len) + card->reasons->len);
    if (family != NULL)
        judgement_add_all(&graphics.judgement, family);
    /* What a driver is missing for needs no word about the card's reset. */
    if (family == NULL || family->answer != ANSWER_NO)
        judgement_add_all(&graphics.judgement, card);
    g_array_append_val(release->graphics, graphics);
}

void graphics_judge(Verdict *verdict)
{
    g_autoptr(GHashTable) families =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_array_unref);

    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        GArray *family = NULL;
        Judgement card;

        if (device->role != ROLE_GPU)
            continue;
        if (device->family != NULL) {
            family = g_hash_table_lookup(families, device->family);
            if (family == NULL) {
                family = judge_family(verdict, device->family);
                g_hash_table_insert(families, (gpointer)device->family, family);
            }
        }
        judge_card(verdict, device, &card);
        for (guint j = 0; j < verdict->releases->len; j++)
            add_verdict(g_ptr_array_index(verdict->releases, j), device,
                        family == NULL ? NULL : &g_array_index(family, Judgement, j), &card);
        judgement_clear(&card);
    }
}
