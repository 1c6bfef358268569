/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/apply.h"

#include "apply/lock.h"
#include "apply/takeback.h"
#include "apply/undo.h"
#include "base/error.h"

/*
 * An apply that may cut the host off is followed by one of two things: somebody confirms it, or the
 * timer that the plan has set takes it back. The note "confirmed" in the journal decides; what
 * takes it back is removed after that, and where this fails finds the note.
 */

bool check_confirmed(const ApplyHost *host, GError **error)
{
    g_autoptr(GArray) ids = journal_ids(host->root);
    for (guint i = ids->len; i-- > 0;) {
        guint id = g_array_index(ids, guint, i);
        g_autoptr(Journal) journal = journal_open(host->root, id, NULL);
        if (journal != NULL && journal->state == APPLY_UNCONFIRMED)
            return fail(error, ERROR_REFUSED,
                        "Apply %u changed the network and is not confirmed yet, so nothing more is "
                        "changed. `rootstock confirm` keeps it, `rootstock undo %u` takes it back.",
                        id, id);
    }
    return true;
}

static bool disarm(const ApplyHost *host, Journal *journal, GError **error)
{
    if (!take_back_is_armed(journal) || take_back_disarm(host, journal, error))
        return true;
    g_prefix_error(error,
                   "Apply %u is confirmed and stays, but the timer that would have taken it back "
                   "could not be removed; when it runs it sees that, and changes nothing. ",
                   journal->id);
    return false;
}

static bool refuse_confirmation(const Journal *newest, GError **error)
{
    if (newest != NULL && newest->state == APPLY_EXPIRED)
        return fail(error, ERROR_REFUSED,
                    "There is nothing to confirm any more: apply %u was not confirmed in time, and "
                    "was taken back.",
                    newest->id);
    return fail(error, ERROR_REFUSED,
                "There is nothing to confirm: no apply waits for it. `rootstock history` shows "
                "what there was.");
}

static bool confirm(const ApplyHost *host, Journal *journal, GError **error)
{
    return (journal->state != APPLY_UNCONFIRMED || journal_note(journal, "confirmed", -1, error)) &&
           disarm(host, journal, error);
}

bool apply_confirm(const ApplyHost *host, guint *ret_id, GError **error)
{
    if (!apply_check_rights(host, error))
        return false;
    g_autoptr(OsLock) lock = apply_lock(host, error);
    if (lock == NULL)
        return false;
    g_autoptr(GArray) ids = journal_ids(host->root);
    g_autoptr(Journal) newest = NULL;
    for (guint i = ids->len; i-- > 0;) {
        g_autoptr(Journal) journal = journal_open(host->root, g_array_index(ids, guint, i), NULL);
        if (journal == NULL)
            continue;
        if (journal->state == APPLY_UNCONFIRMED ||
            (journal->state == APPLY_DONE && take_back_is_armed(journal))) {
            if (ret_id != NULL)
                *ret_id = journal->id;
            return confirm(host, journal, error);
        }
        if (newest == NULL)
            newest = g_steal_pointer(&journal);
    }
    return refuse_confirmation(newest, error);
}

/* RET_BACK: it was taken back. */
static bool expire(const ApplyHost *host, Journal *journal, bool *ret_back, GError **error)
{
    *ret_back = journal->state == APPLY_UNCONFIRMED || !undo_is_settled(journal);
    if (!*ret_back)
        return journal->state != APPLY_DONE || disarm(host, journal, error);
    if (journal->state == APPLY_UNCONFIRMED && !journal_note(journal, "expired", -1, error))
        return false;
    return undo_journal(host, journal, CHANGED_SAVE, error);
}

bool apply_expire(const ApplyHost *host, guint *ret_id, GError **error)
{
    *ret_id = 0;
    if (!apply_check_rights(host, error))
        return false;
    g_autoptr(OsLock) lock = apply_lock(host, error);
    if (lock == NULL)
        return false;
    g_autoptr(GArray) ids = journal_ids(host->root);
    for (guint i = ids->len; i-- > 0;) {
        g_autoptr(GError) fault = NULL;
        bool back = false;
        guint id = g_array_index(ids, guint, i);
        g_autoptr(Journal) journal = journal_open(host->root, id, &fault);
        if (fault != NULL || (journal != NULL && !expire(host, journal, &back, &fault))) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        if (back)
            *ret_id = id;
    }
    return true;
}
