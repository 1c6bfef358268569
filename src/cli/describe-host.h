/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "cli/output.h"
#include "verdict/verdict.h"

/* How verdicts on the whole host read: what stands in the way of its devices, and its graphics. */

/* What stands in the way of many devices, numbered, in sections of its own; nothing for none. */
void describe_obstacles(const Output *output, const Verdict *verdict);

/* Whose each card is, and what to do about it. */
void describe_situation(const Output *output, const Verdict *verdict);

/* The same as the members `obstacles` and `situation`. */
void describe_obstacles_json(const Verdict *verdict, JsonWrite *json);
void describe_situation_json(const Verdict *verdict, JsonWrite *json);
