/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

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
    if (family->doubt[0] != '\0') {
        judgement_add(judgement, ANSWER_UNKNOWN,
                      say(verdict, "It is unknown whether %s drives %s %s. %s", release->name,
                          vendor, name, family->doubt));
        return;
    }
    judgement_add(judgement, family->native ? ANSWER_YES : ANSWER_LIMITED,
                  say(verdict, "%s drives %s %s%s.", release->name, vendor, name,
                      family->native ? "" : ", but not by itself"));
    g_autofree char *needs = catalog_graphics_needs(family, release);
    if (needs[0] != '\0')
        judgement_add(judgement, ANSWER_YES, say(verdict, "It needs: %s.", needs));
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

/* What is said of a card and a release, apart from what is said of each. */
typedef struct {
    const Judgement *family; /* NULL: the family is unknown */
    const Judgement *other;  /* of the other family that it may be of; NULL: of none */
    const Judgement *card;
} CardJudgements;

/* Where another family comes off worse, the card may do so too. */
static void note_other(Verdict *verdict, const DeviceVerdict *device, const CardJudgements *of,
                       Judgement *judgement)
{
    if (of->other == NULL || of->family == NULL ||
        answer_worst(of->family->answer, of->other->answer) == of->family->answer)
        return;
    judgement_add(judgement, ANSWER_UNKNOWN,
                  say(verdict,
                      "The revision of the card is unknown, and as %s (%s) it would be: %s. "
                      "`lspci -nn` says the revision.",
                      device->other->name, device->other->cards, answer_name(of->other->answer)));
}

static void note_maker(const Release *release, const DeviceVerdict *device, Judgement *judgement)
{
    const GraphicsMaker *maker = device->maker;

    if (maker != NULL && release->order >= maker->first->order &&
        release->order <= maker->last->order)
        judgement_add(judgement, ANSWER_LIMITED, maker->trouble);
}

static void add_verdict(Verdict *verdict, ReleaseVerdict *release, const DeviceVerdict *device,
                        const CardJudgements *of)
{
    GraphicsVerdict graphics = {.device = device};

    graphics.judgement.answer = ANSWER_YES;
    graphics.judgement.reasons = g_ptr_array_sized_new(
        (of->family == NULL ? 0 : of->family->reasons->len) + of->card->reasons->len);
    if (of->family != NULL)
        judgement_add_all(&graphics.judgement, of->family);
    /* What a driver is missing for needs no word about the card's reset. */
    if (of->family == NULL || of->family->answer != ANSWER_NO) {
        note_maker(release->release, device, &graphics.judgement);
        judgement_add_all(&graphics.judgement, of->card);
        note_other(verdict, device, of, &graphics.judgement);
    }
    g_array_append_val(release->graphics, graphics);
}

/* The judgements of FAMILY by release, made when it is met first; NULL for no family. */
static const GArray *family_judgements(Verdict *verdict, GHashTable *families,
                                       const GraphicsFamily *family)
{
    if (family == NULL)
        return NULL;
    GArray *judgements = g_hash_table_lookup(families, family);
    if (judgements == NULL) {
        judgements = judge_family(verdict, family);
        g_hash_table_insert(families, (gpointer)family, judgements);
    }
    return judgements;
}

void graphics_judge(Verdict *verdict, const Facts *facts)
{
    g_autoptr(GHashTable) families =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_array_unref);

    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        Judgement card;

        if (device->role != ROLE_GPU)
            continue;
        const GArray *family = family_judgements(verdict, families, device->family);
        const GArray *other = family_judgements(verdict, families, device->other);
        card_judge(verdict, facts, device, &card);
        for (guint j = 0; j < verdict->releases->len; j++) {
            const CardJudgements of = {
                family == NULL ? NULL : &g_array_index(family, Judgement, j),
                other == NULL ? NULL : &g_array_index(other, Judgement, j),
                &card,
            };
            add_verdict(verdict, g_ptr_array_index(verdict->releases, j), device, &of);
        }
        judgement_clear(&card);
    }
}
