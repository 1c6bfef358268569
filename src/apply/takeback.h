/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/journal.h"

#include <glib.h>
#include <stdbool.h>

/* Taking back what a journal says was begun: after a failure, after a crash, and for an undo. */

/* The files of the journal that are not what it left: a text for each, naming it and showing the
 * difference. SEEN_ALL: what any of its changes found or left is as good, because it was cut short
 * or because taking back has begun. Empty when there are none. Of char *, by path. */
GHashTable *take_back_changed(const Journal *journal, bool seen_all);

/* Takes back what was begun, the last change first. Files whose path is in KEEP (may be NULL) stay
 * as they are. Can be done again when it was cut short. */
bool take_back(const ApplyHost *host, Journal *journal, GHashTable *keep, GError **error);

/* Whether the journal still has changes that would take it back by themselves (RANK_TAKEBACK). */
bool take_back_is_armed(const Journal *journal);

/* Takes those back, and leaves the rest as it is. */
bool take_back_disarm(const ApplyHost *host, Journal *journal, GError **error);
