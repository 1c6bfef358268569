/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "apply/record.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The journal of one apply: the folder JOURNAL_FOLDER/ID, with
 *
 *     plan.json        the plan, whole
 *     N.before.json    what change N found (apply/record.h), written before it begins
 *     N.M              the bytes of the Mth file of it
 *     N.after.json     what it left
 *     log              a line for each thing that happened, synced before the next one begins
 *
 * A line of the log is the time, a word, and the number of a change: "1764077611 begin 2". A last
 * line without its newline was never finished, and does not count.
 */
typedef enum {
    PROGRESS_NONE,
    PROGRESS_BEGUN,
    PROGRESS_DONE,
    PROGRESS_UNDONE,
} Progress;

typedef struct {
    const OsRoot *root;
    guint id;
    char *folder; /* below the root */
    Plan *plan;
    GArray *progress; /* of Progress, one for each change */
    ApplyState state;
    bool torn;    /* the log's last line has no end */
    bool failed;  /* a change failed, so that it is being taken back */
    bool expired; /* nobody confirmed it, so that it is being taken back */
    gint64 time, ended;
} Journal;

/* The numbers of the journals that there are, the oldest first: of guint. */
GArray *journal_ids(const OsRoot *root);

/* Makes the folders of all journals. */
bool journal_make_place(const OsRoot *root, GError **error);

/* A new one, with the next number. */
Journal *journal_begin(const OsRoot *root, const Plan *plan, GError **error);

/* NULL without an error for a folder in which nothing had begun. */
Journal *journal_open(const OsRoot *root, guint id, GError **error);

/* Notes what happened: "begin", "done", "undone" with a change's number, "failed", "undoing",
 * "confirmed", "expired", "done" and "undone" with CHANGE -1 for the whole. */
bool journal_note(Journal *journal, const char *word, int change, GError **error);

bool journal_write_record(const Journal *journal, guint change, const char *when,
                          const Record *record, GError **error);

/* WHEN is "before" or "after". NULL without an error when it was not written. */
Record *journal_read_record(const Journal *journal, guint change, const char *when, GError **error);

/* The path of the copy of file FILE of change CHANGE, below the root. The caller owns it. */
char *journal_copy_path(const Journal *journal, guint change, guint file);

void journal_free(Journal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_free)
