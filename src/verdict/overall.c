/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include "base/size.h"

/* A host without a card for the guest still runs it, on an emulated display. */
#define EMULATED "the guest runs with an emulated display, without acceleration"

static void judge_memory(Verdict *verdict, ReleaseVerdict *release, gint64 total)
{
    gint64 least = release->release->memory_min;

    if (total == UNKNOWN || total >= least)
        return;
    g_autofree char *has = size_human((guint64)total);
    g_autofree char *needs = size_human((guint64)least);
    judgement_add(&release->overall, ANSWER_NO,
                  say(verdict, "The host has %s of memory; a guest of %s needs %s.", has,
                      release->release->name, needs));
}

/* No, unknown, limited, yes. */
static bool is_better(Answer a, Answer b)
{
    return a != b && answer_worst(a, b) == b;
}

static const GraphicsVerdict *best_card(const ReleaseVerdict *release)
{
    const GraphicsVerdict *best = NULL;

    for (guint i = 0; i < release->graphics->len; i++) {
        const GraphicsVerdict *card = &g_array_index(release->graphics, GraphicsVerdict, i);
        if (best == NULL || is_better(card->judgement.answer, best->judgement.answer))
            best = card;
    }
    return best;
}

static void judge_graphics(Verdict *verdict, ReleaseVerdict *release, const Facts *facts)
{
    const GraphicsVerdict *best = best_card(release);
    Answer answer = best == NULL ? ANSWER_NO : best->judgement.answer;

    if (verdict->devices == NULL) {
        judgement_add(&release->overall, ANSWER_LIMITED,
                      "The graphics cards of this host are unknown; without one " EMULATED ".");
    } else if (best == NULL && facts->pci_complete == TRI_YES) {
        judgement_add(&release->overall, ANSWER_LIMITED,
                      "The host has no graphics card: " EMULATED ".");
    } else if (best == NULL) {
        judgement_add(&release->overall, ANSWER_LIMITED,
                      "None of the listed devices is known to be a graphics card, and the list may "
                      "lack some; without one " EMULATED ".");
    } else if (answer == ANSWER_NO) {
        judgement_add(&release->overall, ANSWER_LIMITED,
                      "No graphics card of this host can serve it: " EMULATED ".");
    } else if (answer == ANSWER_UNKNOWN) {
        judgement_add(&release->overall, ANSWER_LIMITED,
                      say(verdict,
                          "It is unknown whether %s can serve it; without a card " EMULATED ".",
                          best->device->function->address));
    } else {
        judgement_add(&release->overall, answer,
                      say(verdict, "%s (%s %s) can be its graphics card%s.",
                          best->device->function->address, best->device->family->vendor,
                          best->device->family->name, answer == ANSWER_YES ? "" : ", with limits"));
    }
}

void overall_judge(Verdict *verdict, ReleaseVerdict *release, const Facts *facts)
{
    judgement_init(&release->overall);
    judgement_add_all(&release->overall, &verdict->host);
    judgement_add_all(&release->overall, &release->cpu);
    judge_memory(verdict, release, facts->memory.total);
    judge_graphics(verdict, release, facts);
}
