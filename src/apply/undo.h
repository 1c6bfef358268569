/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "apply/journal.h"

#include <glib.h>
#include <stdbool.h>

/* What undo, recovery and the end of a confirmation share. */

/* What becomes of files that somebody changed since. */
typedef enum {
    CHANGED_REFUSE, /* nothing is taken back: ERROR_REFUSED, showing the differences */
    CHANGED_KEEP,   /* they stay as they are */
    CHANGED_SAVE,   /* they are put back, and what they held is kept in the journal's folder */
} Changed;

/* Whether the journal ended, so that nothing of it is half done. */
bool undo_is_settled(const Journal *journal);

/* Takes back what the journal did. */
bool undo_journal(const ApplyHost *host, Journal *journal, Changed changed, GError **error);
