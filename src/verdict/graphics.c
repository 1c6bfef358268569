/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include "base/size.h"

#include <string.h>

#define MOST_BAR_0 (G_GUINT64_CONSTANT(256) << 20)

/*
 * Every card against every release. What is said of a family and a release is worked out once for
 * all cards of the family, and what is said of a card once for all releases: with thousands of
 * cards a verdict is little more than two lists of pointers.
 */

/* A family that no release drives. */
static void judge_undriven(Verdict *verdict, const GraphicsFamily *family, Judgement *judgement)
{
    bool emulated = strcmp(family->vendor, "virtual") == 0;

    if (!emulated)
        judgement_add(
            judgement, ANSWER_NO,
            say(verdict, "No release has a driver for %s %s.", family->vendor, family->name));
    if (family->needs[0] != '\0')
        judgement_add(judgement, ANSWER_NO, say(verdict, "%s.", family->needs));
}

/* A family that is driven from one release to another. */
static void judge_driven(Verdict *verdict, const GraphicsFamily *family, const Release *release,
                         Judgement *judgement)
{
    const char *vendor = family->vendor;
    const char *name = family->name;

    if (release->order < family->first->order) {
        judgement_add(judgement, ANSWER_NO,
                      say(verdict, "%s has no driver for %s %s: the first that has is %s.",
                          release->name, vendor, name, family->first->name));
        return;
    }
    if (release->order > family->last->order) {
        judgement_add(judgement, ANSWER_NO,
                      say(verdict, "%s has no driver for %s %s: the last that has is %s.",
                          release->name, vendor, name, family->last->name));
        return;
    }
    judgement_add(judgement, family->native ? ANSWER_YES : ANSWER_LIMITED,
                  say(verdict, "%s drives %s %s%s.", release->name, vendor, name,
                      family->native ? "" : ", but not by itself"));
    if (family->needs[0] != '\0')
        judgement_add(judgement, ANSWER_YES, say(verdict, "It needs: %s.", family->needs));
    if (family->limits[0] != '\0')
        judgement_add(judgement, ANSWER_LIMITED, say(verdict, "%s", family->limits));
}

/* What the tables say of cards of a family, by release order. */
static GArray *judge_family(Verdict *verdict, const GraphicsFamily *family)
{
    GArray *judgements = g_array_new(FALSE, FALSE, sizeof(Judgement));
    g_array_set_clear_func(judgements, (GDestroyNotify)judgement_clear);

    for (guint i = 0; i < verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(verdict->releases, i);
        Judgement judgement;

        judgement_init(&judgement);
        if (family->first == NULL)
            judge_undriven(verdict, family, &judgement);
        else
            judge_driven(verdict, family, release->release, &judgement);
        g_array_append_val(judgements, judgement);
    }
    return judgements;
}

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
    note_bar(verdict, device, judgement);
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
