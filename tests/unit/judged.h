/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "verdict/verdict.h"

/* What tests of verdicts share. */

/* Whether one of the reasons has TEXT in it. */
bool judgement_says(const Judgement *judgement, const char *text);

/* That it is ANSWER, with a reason that has TEXT in it (NULL: whatever it says). */
void assert_judgement(const Judgement *judgement, Answer answer, const char *text);

/* The verdict on the release called ID, which is there. */
const ReleaseVerdict *judged_release(const Verdict *verdict, const Catalog *catalog,
                                     const char *id);
