/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "cli/output.h"
#include "path/path.h"

/* How a step of the path reads: for status and guide. */

Tone step_state_tone(StepState state);

/* What was seen, why, and what a person is to do; "" where nothing is said. Addresses are short.
 * The caller owns it. */
char *step_sentences(const PathStep *step);

/* The members of the object that `status --json` has for each step. */
void step_write_members(const PathStep *step, JsonWrite *json);
