/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"
#include "plan/plan.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Carries out a plan (plan/plan.h) and takes it back: the only writer of the host.
 *
 *     ApplyHost host = {.root = root};
 *     if (!apply_check_rights(&host, &error)) ...
 *     guint id = apply_run(&host, plan, &error);
 *     ...
 *     if (!apply_undo(&host, id, &options, &error)) ...
 *
 * Everything is held against the plan before the first change: one apply at a time (a lock), every
 * "before" read again. What a change is going to replace is recorded and synced to disk before it,
 * in a folder of its own (JOURNAL_FOLDER/ID). A change that fails takes back those before it. After
 * a crash at any instant the journal tells what had begun, and the next run takes it back.
 *
 * A plan that may cut the host off (plan_needs_confirmation()) first sets a timer that takes it
 * back, and then waits for apply_confirm().
 */

/* Below the root. */
#define JOURNAL_FOLDER "var/lib/rootstock/journal"

/* The timer's unit, below the root: it is there while an apply waits for apply_confirm(). */
#define APPLY_TAKEBACK_TIMER "etc/systemd/system/rootstock-takeback.timer"

/* How long a plan waits for apply_confirm() that may have cut the host off. */
#define APPLY_CONFIRM_SECONDS 180

typedef struct {
    const OsRoot *root;

    /* The folder whose programs stand in for the host's, for a root that is not the live one; they
     * get the root's path as ROOTSTOCK_ROOT. NULL: under such a root no program is run. */
    const char *programs;

    guint wait_ms; /* how long to wait for another apply */

    /* Where rootstock itself is, absolute, for what is to take a change back when this process is
     * gone. NULL: the file of this process. */
    const char *program;

    /* Told of each change before it is made or (UNDO) taken back; may be NULL. */
    void (*progress)(const Change *change, bool undo, gpointer data);
    gpointer data;
} ApplyHost;

/* Whether this process may change the host: ERROR_MISSING without root. */
bool apply_check_rights(const ApplyHost *host, GError **error);

/* Whether the host is still as PLAN found it: ERROR_REFUSED, naming the first difference. */
bool apply_check(const ApplyHost *host, const Plan *plan, GError **error);

/* Makes the plan's changes. What an earlier run left half done is taken back first. Returns the id
 * of its journal, or 0 with an error: ERROR_REFUSED, before anything was changed, when the host is
 * not as the plan found it; ERROR_FAILED when a change failed and all was taken back, or when even
 * that failed, which the message then says. An empty plan is no apply: 0 without an error. */
guint apply_run(const ApplyHost *host, const Plan *plan, GError **error);

typedef struct {
    bool keep_changed; /* files that somebody changed since stay as they are, and the rest is undone
                        * all the same */
} UndoOptions;

/* Takes back the apply ID, 0 for the newest that is not undone. ERROR_REFUSED when there is none,
 * and when a file is no longer what was written: the message names each and shows the
 * difference. RET_ID may be NULL. */
bool apply_undo(const ApplyHost *host, guint id, const UndoOptions *options, guint *ret_id,
                GError **error);

/* Keeps the apply that waits for it: what would take it back by itself is removed. ERROR_REFUSED
 * when none waits. RET_ID may be NULL. */
bool apply_confirm(const ApplyHost *host, guint *ret_id, GError **error);

/* What the timer calls: takes back what was not confirmed, and what a run left half done. A file
 * that somebody changed since is put back too, as the host may be cut off by it; what it held is
 * kept in the journal's folder. RET_ID gets the journal's id, 0 when there was nothing. */
bool apply_expire(const ApplyHost *host, guint *ret_id, GError **error);

/* Takes back what a run left half done that was killed, whatever it was at. RET_ID gets its
 * journal's id, 0 when there was none. */
bool apply_recover(const ApplyHost *host, guint *ret_id, GError **error);

typedef enum {
    APPLY_UNFINISHED, /* begun; not ended: it is at work, or was killed */
    APPLY_DONE,
    APPLY_FAILED, /* a change failed, and all were taken back */
    APPLY_UNDOING,
    APPLY_UNDONE,
    APPLY_UNCONFIRMED, /* done, and taken back by itself unless it is confirmed */
    APPLY_EXPIRED,     /* was not confirmed, and was taken back */
    APPLY_STATES,
} ApplyState;

/* "unfinished", "done", "failed", "undoing", "undone", "unconfirmed", "expired" */
const char *apply_state_name(ApplyState state);

typedef struct {
    guint id;
    gint64 time;  /* seconds since 1970, when it was begun */
    gint64 ended; /* when it was undone; UNKNOWN: it is not */
    ApplyState state;
    Plan *plan;
} ApplyEntry;

/* What was applied, the oldest first: of ApplyEntry *. Reads only. A journal that cannot be read is
 * an error that names it; ERROR_MISSING when only root can. */
GPtrArray *apply_history(const OsRoot *root, GError **error);

/* Of CHANGE of one of ENTRIES, which apply_history() returned: the first file in which what it left
 * is no longer to be found, later applies considered; NULL: there is none, or none can be read. The
 * caller owns it. */
char *apply_lost_file(const OsRoot *root, const GPtrArray *entries, const Change *change);
