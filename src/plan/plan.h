/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonread.h"
#include "base/jsonwrite.h"
#include "plan/change.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The changes to the host in the order in which they are made. A plain value.
 *
 *     g_autoptr(Plan) plan = plan_new();
 *     if (!plan_add(plan, change, &error)) ...
 *     plan_sort(plan);
 *     g_autofree char *text = plan_diff(plan);
 */
typedef struct {
    GPtrArray *changes; /* of Change * */
} Plan;

Plan *plan_new(void);
void plan_free(Plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Plan, plan_free)

/* Takes CHANGE over. One that is in the plan already, whoever asked for it, is dropped; commands
 * that do the same become one, which has all their effects to show. Two changes that want one
 * target different are a conflict: ERROR_REFUSED, naming both steps. */
bool plan_add(Plan *plan, Change *change, GError **error);

/* Puts the changes in the order of their ranks; those of one rank stay as they were added. */
void plan_sort(Plan *plan);

/* The text that the plan leaves in the file PATH, of which TEXT is there now (NULL: none). Owned by
 * the plan or the caller. */
const char *plan_text_of(const Plan *plan, const char *path, const char *text);

bool plan_needs_restart(const Plan *plan);

/* Whether the plan is taken back by itself unless somebody confirms that the host is still to be
 * reached. */
bool plan_needs_confirmation(const Plan *plan);

/* For a person: each change with its reason, and its files as unified diffs. */
char *plan_diff(const Plan *plan);

/* The commands that do the same by hand, for `sh`, one a line or here-documents, with `sudo`. */
char *plan_by_hand(const Plan *plan);

/* The member `changes` of the open object. FULL adds what CLI.md does not promise and undo needs:
 * edits, commands, outputs. */
void plan_write_changes(const Plan *plan, JsonWrite *json, bool full);

/* Reads what plan_write_changes() wrote in full. ERROR_INPUT. */
Plan *plan_read(JsonDocument *document, const JsonValue *object, GError **error);
