/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/context.h"

#include <glib.h>

/*
 * The question that `check` answers: of which releases, with which cards. Its forms are in
 * cli/check-forms.h.
 */
typedef struct {
    const Facts *facts;
    const Verdict *verdict;
    const Release *release; /* NULL: every one */
    GHashTable *cards;      /* set of const DeviceVerdict *; NULL: every one */
    bool absent;            /* the card that is asked about is not in this host */
} CheckQuestion;

/* Whether a release, or a card, is asked about. */
bool check_asks_release(const CheckQuestion *question, const ReleaseVerdict *release);
bool check_asks_card(const CheckQuestion *question, const DeviceVerdict *device);

/* Where the card is, for people; NULL for one that is not in this host. */
const char *check_card_address(const CheckQuestion *question, const DeviceVerdict *device);

/* Adds the card that somebody thinks of buying to FACTS: alone in its group, and nothing of the
 * host's on it. */
void check_add_absent_card(Facts *facts, int vendor, int device);

/* The best for RELEASE of the cards that are asked about; NULL: there is none. */
const GraphicsVerdict *check_best_card(const CheckQuestion *question,
                                       const ReleaseVerdict *release);

/* The answer about one release. */
typedef struct {
    Answer answer;
    GPtrArray *reasons; /* of const char *, owned by the verdict; what decided first */
} CheckAnswer;

/* With cards asked for, the best of them counts instead of the best of the host. */
CheckAnswer check_answer(const CheckQuestion *question, const ReleaseVerdict *release);
void check_answer_clear(CheckAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CheckAnswer, check_answer_clear)

/* Whether it runs, with a limit or without. */
bool check_runs(Answer answer);
