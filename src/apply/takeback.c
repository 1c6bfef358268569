/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/takeback.h"

#include "apply/boot-entries.h"
#include "apply/host.h"
#include "apply/kind.h"
#include "base/error.h"
#include "os/change.h"
#include "plan/diff.h"

#include <string.h>

/* One change that is being taken back. */
typedef struct {
    const ApplyHost *host;
    const Journal *journal;
    GHashTable *keep;
    const Change *change;
    guint index;
    Record *before;
    Record *after; /* NULL: it was cut short */
} Return;

static void return_clear(Return *self)
{
    record_free(self->before);
    record_free(self->after);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Return, return_clear)

static Progress progress_of(const Journal *journal, guint index)
{
    return g_array_index(journal->progress, Progress, index);
}

static const Change *change_of(const Journal *journal, guint index)
{
    return journal->plan->changes->pdata[index];
}

/* Whether change INDEX is to be taken back. */
static bool pending(const Journal *journal, guint index)
{
    Progress progress = progress_of(journal, index);
    return progress == PROGRESS_BEGUN || progress == PROGRESS_DONE;
}

/* Whether NOW is a text that the journal's changes found in PATH or left there. With LAST, only
 * what the last of them left counts; RET_LEFT gets that. What is taken back already is nobody's
 * business any more. */
static bool is_known(const Journal *journal, const char *path, const char *now, bool last,
                     const char **ret_left)
{
    bool found = false;
    for (guint i = journal->plan->changes->len; i-- > 0;) {
        const Change *change = change_of(journal, i);
        for (guint j = change->edits->len; j-- > 0;) {
            const FileEdit *edit = change->edits->pdata[j];
            if (strcmp(edit->path, path) != 0 || !pending(journal, i))
                continue;
            if (!found)
                *ret_left = edit->after;
            found = true;
            if (g_strcmp0(now, edit->after) == 0 || (!last && g_strcmp0(now, edit->before) == 0))
                return true;
            if (last)
                return false;
        }
    }
    return !found;
}

static void note_changed(const Journal *journal, const char *path, bool seen_all,
                         GHashTable *changed)
{
    const char *left = NULL;
    g_autofree char *now = os_read_text(journal->root, path, NULL);
    if ((now == NULL && is_boot_entry(path)) || is_known(journal, path, now, !seen_all, &left))
        return;
    g_autofree char *valid = now != NULL ? g_utf8_make_valid(now, -1) : NULL;
    g_hash_table_insert(changed, g_strdup(path), diff_text(path, left, valid));
}

GHashTable *take_back_changed(const Journal *journal, bool seen_all)
{
    GHashTable *changed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < journal->plan->changes->len; i++) {
        const Change *change = change_of(journal, i);
        for (guint j = 0; j < change->edits->len; j++)
            note_changed(journal, ((const FileEdit *)change->edits->pdata[j])->path, seen_all,
                         changed);
    }
    return changed;
}

static bool is_as_in(const Return *self, const Record *record, const char *path)
{
    const FileRecord *file = record_file(record, path);
    bool matches = false;
    return file != NULL && record_matches(file, self->host->root, &matches, NULL) && matches;
}

/* What a killed process left beside the files that it was putting back is no file of anybody's. */
static void clear_leftovers(const Return *self)
{
    for (guint i = 0; i < self->before->files->len; i++)
        os_clear_leftovers(self->host->root,
                           ((const FileRecord *)self->before->files->pdata[i])->path);
}

/* Whether the files that the command writes are still those that it left, or, where taking back was
 * cut short, those that it found. */
static bool outputs_are_as_left(const Return *self)
{
    clear_leftovers(self);
    for (guint i = 0; self->change->outputs[i] != NULL; i++) {
        g_auto(GStrv) paths = host_match(self->host->root, self->change->outputs[i]);
        for (guint j = 0; paths[j] != NULL; j++)
            if (!is_as_in(self, self->after, paths[j]) && !is_as_in(self, self->before, paths[j]))
                return false;
    }
    for (guint i = 0; i < self->after->files->len; i++) {
        const FileRecord *file = self->after->files->pdata[i];
        if (file->output && !os_exists(self->host->root, file->path) &&
            !is_as_in(self, self->before, file->path))
            return false;
    }
    return true;
}

static bool outputs_have_copies(const Return *self)
{
    for (guint i = 0; i < self->before->files->len; i++) {
        const FileRecord *file = self->before->files->pdata[i];
        if (file->output && file->there && file->copy == NULL)
            return false;
    }
    return true;
}

/* Bytes are put back where nobody else has written them anew since, as a kernel's update does. */
static bool can_restore_outputs(const Return *self)
{
    return self->change->outputs != NULL && outputs_have_copies(self) &&
           (self->after == NULL || outputs_are_as_left(self));
}

static bool remove_new_outputs(const Return *self, GError **error)
{
    for (guint i = 0; self->change->outputs[i] != NULL; i++) {
        g_auto(GStrv) paths = host_match(self->host->root, self->change->outputs[i]);
        for (guint j = 0; paths[j] != NULL; j++)
            if (record_file(self->before, paths[j]) == NULL &&
                !os_unlink(self->host->root, paths[j], error))
                return false;
    }
    return true;
}

/* The entry of a kernel that was removed since stays away. */
static bool is_gone(const Return *self, const FileRecord *file)
{
    return file->there && is_boot_entry(file->path) && !os_exists(self->host->root, file->path);
}

static bool restore_files(const Return *self, bool outputs, GError **error)
{
    for (guint i = self->before->files->len; i-- > 0;) {
        const FileRecord *file = self->before->files->pdata[i];
        bool kept = self->keep != NULL && g_hash_table_contains(self->keep, file->path);
        if (file->output == outputs && !kept && !is_gone(self, file) &&
            !record_restore(file, self->host->root, self->journal->folder, error))
            return false;
    }
    return !outputs || remove_new_outputs(self, error);
}

static bool drop_folders(const Return *self, GError **error)
{
    for (guint i = self->before->folders != NULL ? g_strv_length(self->before->folders) : 0;
         i-- > 0;)
        if (!os_drop_folder(self->host->root, self->before->folders[i], error))
            return false;
    return true;
}

static bool run_revert(const Return *self, GError **error)
{
    const Kind *kind = kind_of(self->change);
    if (kind->revert != NULL)
        return kind->revert(self->host, self->change, self->before->state,
                            self->after != NULL ? self->after->state : NULL, error);
    if (self->change->revert == NULL)
        return true;
    g_autoptr(OsOutput) output = host_run(self->host, (const char *const *)self->change->revert,
                                          kind->timeout_s, false, error);
    return output != NULL;
}

/* Reads what change INDEX found and left; false with an error. The before is NULL when it was never
 * begun. */
static bool return_init(Return *self, const ApplyHost *host, const Journal *journal,
                        GHashTable *keep, guint index, GError **error)
{
    g_autoptr(GError) fault = NULL;
    *self = (Return){.host = host,
                     .journal = journal,
                     .keep = keep,
                     .change = change_of(journal, index),
                     .index = index};
    self->before = journal_read_record(journal, index, "before", &fault);
    if (fault == NULL && progress_of(journal, index) == PROGRESS_DONE)
        self->after = journal_read_record(journal, index, "after", &fault);
    if (fault == NULL)
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* Whether what the change did rests on files of other changes alone, and comes about anew from
 * them. */
static bool is_made_anew(const Change *change)
{
    return change->rank == RANK_INITRAMFS || change->rank == RANK_BOOT_MENU ||
           change->rank == RANK_NETWORK_LOAD;
}

/* What is made from other files (initramfs, boot menu) and cannot be restored is made anew when
 * those others are as they were, at the end: RET_LATER. */
static bool return_change(const Return *self, bool *ret_later, GError **error)
{
    *ret_later = false;
    if (can_restore_outputs(self)) {
        if (!restore_files(self, true, error))
            return false;
    } else if (is_made_anew(self->change)) {
        *ret_later = true;
    } else if (!run_revert(self, error)) {
        return false;
    }
    return restore_files(self, false, error) &&
           entries_revert_new(self->host->root, self->change, self->before, error) &&
           drop_folders(self, error);
}

/* One pass is about the changes whose rank is FIRST to LAST. */
typedef struct {
    ChangeRank first, last;
    GArray *later; /* of guint: the changes that are made anew at its end */
} Pass;

static bool return_files(const ApplyHost *host, Journal *journal, GHashTable *keep,
                         const Pass *pass, GError **error)
{
    for (guint i = journal->plan->changes->len; i-- > 0;) {
        g_auto(Return) change = {0};
        bool is_later = false;
        ChangeRank rank = change_of(journal, i)->rank;
        if (!pending(journal, i) || rank < pass->first || rank > pass->last)
            continue;
        if (host->progress != NULL)
            host->progress(change_of(journal, i), true, host->data);
        if (!return_init(&change, host, journal, keep, i, error))
            return false;
        if (change.before != NULL && !return_change(&change, &is_later, error))
            return false;
        if (is_later)
            g_array_prepend_val(pass->later, i);
        else
            journal_note(journal, "undone", (int)i, NULL);
    }
    return true;
}

static bool return_made(const ApplyHost *host, Journal *journal, const GArray *later,
                        GError **error)
{
    for (guint i = 0; i < later->len; i++) {
        guint index = g_array_index(later, guint, i);
        g_auto(Return) change = {0};
        if (!return_init(&change, host, journal, NULL, index, error) || !run_revert(&change, error))
            return false;
        journal_note(journal, "undone", (int)index, NULL);
    }
    return true;
}

/* What is undone needs its copies no more; they may be as long as every kernel's image. That one
 * stays is no harm. */
static void drop_copies(const Journal *journal)
{
    for (guint i = 0; i < journal->plan->changes->len; i++) {
        g_autoptr(Record) record = journal_read_record(journal, i, "before", NULL);
        for (guint j = 0; record != NULL && j < record->files->len; j++) {
            const FileRecord *file = record->files->pdata[j];
            g_autofree char *path =
                file->copy != NULL ? g_build_filename(journal->folder, file->copy, NULL) : NULL;
            if (path != NULL)
                os_unlink(journal->root, path, NULL);
        }
    }
}

static bool return_ranks(const ApplyHost *host, Journal *journal, GHashTable *keep,
                         ChangeRank first, ChangeRank last, GError **error)
{
    g_autoptr(GArray) later = g_array_new(FALSE, FALSE, sizeof(guint));
    Pass pass = {first, last, later};
    return return_files(host, journal, keep, &pass, error) &&
           return_made(host, journal, later, error);
}

bool take_back_is_armed(const Journal *journal)
{
    for (guint i = 0; i < journal->plan->changes->len; i++)
        if (change_of(journal, i)->rank == RANK_TAKEBACK && pending(journal, i))
            return true;
    return false;
}

bool take_back_disarm(const ApplyHost *host, Journal *journal, GError **error)
{
    return return_ranks(host, journal, NULL, RANK_TAKEBACK, RANK_TAKEBACK, error);
}

/* The network first, as somebody may be cut off; what would do all this by itself last, for as long
 * as it is there it does.
 *
 * A note about one change that cannot be written does no harm: that change is then taken back once
 * more, which changes nothing. The first and the last notes decide what the next run does. */
bool take_back(const ApplyHost *host, Journal *journal, GHashTable *keep, GError **error)
{
    if (!journal_note(journal, "undoing", -1, error) ||
        !return_ranks(host, journal, keep, RANK_NETWORK, RANKS - 1, error) ||
        !return_ranks(host, journal, keep, RANK_PACKAGE, RANK_TAKEBACK - 1, error) ||
        !return_ranks(host, journal, keep, RANK_TAKEBACK, RANK_TAKEBACK, error) ||
        !journal_note(journal, "undone", -1, error))
        return false;
    /* What is kept may be wanted as it was, by hand. */
    if (keep == NULL || g_hash_table_size(keep) == 0)
        drop_copies(journal);
    return true;
}
