/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/undo.h"

#include "apply/lock.h"
#include "apply/takeback.h"
#include "base/error.h"
#include "os/cancel.h"
#include "os/change.h"

#include <string.h>
#include <unistd.h>

OsLock *apply_lock(const ApplyHost *host, GError **error)
{
    if (!journal_make_place(host->root, error))
        return NULL;
    g_autofree char *path = os_locate(host->root, JOURNAL_FOLDER "/lock", error);
    return path != NULL ? os_lock(path, host->wait_ms, "the host's files", error) : NULL;
}

bool undo_is_settled(const Journal *journal)
{
    return journal->state != APPLY_UNFINISHED && journal->state != APPLY_UNDOING;
}

/* Whether the journal's changes are on the host. */
static bool stands(const Journal *journal)
{
    return journal->state == APPLY_DONE || journal->state == APPLY_UNCONFIRMED;
}

/* A journal ID that has not ended, or NULL. */
static Journal *open_unsettled(const OsRoot *root, guint id, GError **error)
{
    g_autoptr(Journal) journal = journal_open(root, id, error);
    return journal != NULL && !undo_is_settled(journal) ? g_steal_pointer(&journal) : NULL;
}

/* Whether a later apply that stands has a change in PATH, and its number. */
static guint later_apply(const Journal *journal, const char *path)
{
    g_autoptr(GArray) ids = journal_ids(journal->root);
    for (guint i = 0; i < ids->len; i++) {
        guint id = g_array_index(ids, guint, i);
        g_autoptr(Journal) later = id > journal->id ? journal_open(journal->root, id, NULL) : NULL;
        if (later != NULL && stands(later) && plan_text_of(later->plan, path, NULL) != NULL)
            return id;
    }
    return 0;
}

static bool refuse(const Journal *journal, GHashTable *changed, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(changed), (GCompareFunc)strcmp);
    for (const GList *at = paths; at != NULL; at = at->next) {
        guint later = later_apply(journal, at->data);
        const char *difference = g_hash_table_lookup(changed, at->data);
        g_string_append_printf(text, "\n%s", difference);
        if (later != 0)
            g_string_append_printf(text, "Apply %u changed it since: undo that one first.\n",
                                   later);
    }
    return fail(error, ERROR_REFUSED,
                "Apply %u is not undone: %u of its files %s no longer what was written. Take out "
                "what was changed since, or run `rootstock undo %u --keep-changed` to leave such "
                "files as they are and undo the rest. What was changed since:%s",
                journal->id, g_hash_table_size(changed),
                g_hash_table_size(changed) == 1 ? "is" : "are", journal->id, text->str);
}

/* Copies to "changed.1" and so on, by path. */
static bool save_changed(const Journal *journal, GHashTable *changed, GError **error)
{
    g_autoptr(GList) paths = g_list_sort(g_hash_table_get_keys(changed), (GCompareFunc)strcmp);
    guint number = 0;
    bool saved = true;
    for (const GList *at = paths; saved && at != NULL; at = at->next) {
        g_autofree char *to = g_strdup_printf("%s/changed.%u", journal->folder, ++number);
        g_autoptr(OsAttributes) attributes = os_attributes_new(0600, geteuid(), getegid());
        int fd = os_open(journal->root, at->data);
        if (fd < 0)
            continue; /* it was removed */
        saved = os_put_copy(journal->root, to, fd, attributes, error);
        close(fd);
    }
    g_hash_table_remove_all(changed);
    return saved;
}

bool undo_journal(const ApplyHost *host, Journal *journal, Changed what, GError **error)
{
    g_autoptr(GHashTable) changed = take_back_changed(journal, !undo_is_settled(journal));
    if (g_hash_table_size(changed) > 0 && what == CHANGED_REFUSE)
        return refuse(journal, changed, error);
    os_cancel_hold(true);
    bool back = (what != CHANGED_SAVE || save_changed(journal, changed, error)) &&
                take_back(host, journal, changed, error);
    os_cancel_hold(false);
    if (!back)
        g_prefix_error(error,
                       "Apply %u is undone in part; `rootstock undo %u` goes on where this "
                       "stopped. ",
                       journal->id, journal->id);
    return back;
}

/* A folder without a log is what a run left that was killed before it changed anything. */
static bool remove_empty(const OsRoot *root, guint id, GError **error)
{
    g_autofree char *folder = g_strdup_printf(JOURNAL_FOLDER "/%u", id);
    g_autofree char *log = g_build_filename(folder, "log", NULL);
    if (os_exists(root, log))
        return true;
    g_autofree char *full = os_locate(root, folder, error);
    return full != NULL && os_remove(full, error);
}

bool recover_locked(const ApplyHost *host, guint *ret_id, GError **error)
{
    g_autoptr(GArray) ids = journal_ids(host->root);
    if (ret_id != NULL)
        *ret_id = 0;
    for (guint i = ids->len; i-- > 0;) {
        g_autoptr(GError) fault = NULL;
        guint id = g_array_index(ids, guint, i);
        if (!remove_empty(host->root, id, error))
            return false;
        g_autoptr(Journal) journal = open_unsettled(host->root, id, &fault);
        if (fault != NULL ||
            (journal != NULL && !undo_journal(host, journal, CHANGED_REFUSE, &fault))) {
            g_propagate_prefixed_error(error, g_steal_pointer(&fault),
                                       "An earlier run (apply %u) did not end, and what it left "
                                       "half done could not be taken back. ",
                                       id);
            return false;
        }
        if (journal != NULL && ret_id != NULL)
            *ret_id = id;
    }
    return true;
}

bool apply_recover(const ApplyHost *host, guint *ret_id, GError **error)
{
    *ret_id = 0;
    if (!os_exists(host->root, JOURNAL_FOLDER))
        return true;
    g_autoptr(OsLock) lock = apply_check_rights(host, error) ? apply_lock(host, error) : NULL;
    return lock != NULL && recover_locked(host, ret_id, error);
}

/* The newest journal that stands or has not ended. NULL with an error. */
static Journal *open_newest(const OsRoot *root, GError **error)
{
    g_autoptr(GArray) ids = journal_ids(root);
    for (guint i = ids->len; i-- > 0;) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(Journal) journal = journal_open(root, g_array_index(ids, guint, i), &fault);
        if (fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return NULL;
        }
        if (journal != NULL && (stands(journal) || !undo_is_settled(journal)))
            return g_steal_pointer(&journal);
    }
    return fail_null(error, ERROR_REFUSED,
                     "There is nothing to undo: no apply stands on this host. `rootstock history` "
                     "shows what there was.");
}

static Journal *open_named(const OsRoot *root, guint id, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(Journal) journal = journal_open(root, id, &fault);
    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    if (journal == NULL)
        return fail_null(error, ERROR_REFUSED,
                         "There is no apply %u. `rootstock history` shows those there are.", id);
    if (stands(journal) || !undo_is_settled(journal))
        return g_steal_pointer(&journal);
    return fail_null(error, ERROR_REFUSED, "Apply %u is undone already.", id);
}

bool apply_undo(const ApplyHost *host, guint id, const UndoOptions *options, guint *ret_id,
                GError **error)
{
    if (!apply_check_rights(host, error))
        return false;
    g_autoptr(OsLock) lock = apply_lock(host, error);
    if (lock == NULL)
        return false;
    g_autoptr(Journal) journal =
        id == 0 ? open_newest(host->root, error) : open_named(host->root, id, error);
    Changed changed = options->keep_changed ? CHANGED_KEEP : CHANGED_REFUSE;
    if (journal == NULL || !undo_journal(host, journal, changed, error))
        return false;
    if (ret_id != NULL)
        *ret_id = journal->id;
    return true;
}
