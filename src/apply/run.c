/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/apply.h"

#include "apply/check.h"
#include "apply/host.h"
#include "apply/journal.h"
#include "apply/kind.h"
#include "apply/lock.h"
#include "apply/takeback.h"
#include "base/error.h"
#include "os/cancel.h"
#include "os/change.h"
#include "os/write.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is made new, where nobody's is replaced. */
#define NEW_FILE_MODE 0644
#define NEW_SECRET_MODE 0600
#define NEW_FOLDER_MODE 0755

/* Copies of what a command writes are made only where this many times their size is free: an apply
 * must not fill the disk. Without them an undo makes those files anew. */
#define ROOM_FACTOR 2

/* The folders above PATH that are not there, the outermost first, without those in FOLDERS. */
static void missing_folders(const OsRoot *root, const char *path, GPtrArray *folders)
{
    g_autofree char *folder = g_path_get_dirname(path);
    if (strcmp(folder, "/") == 0 || strcmp(folder, ".") == 0 || os_exists(root, folder) ||
        g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
        return;
    missing_folders(root, folder, folders);
    g_ptr_array_add(folders, g_steal_pointer(&folder));
}

static GStrv find_folders(const OsRoot *root, const Change *change)
{
    g_autoptr(GPtrArray) folders = g_ptr_array_new();
    for (guint i = 0; i < change->edits->len; i++) {
        const FileEdit *edit = change->edits->pdata[i];
        if (edit->after != NULL)
            missing_folders(root, edit->path, folders);
    }
    g_ptr_array_add(folders, NULL);
    return (GStrv)g_ptr_array_steal(folders, NULL);
}

/* A file whose folder is still to be made is not there, and has no place to be looked for. */
static bool add_file(const Journal *journal, Record *record, guint change, const char *path,
                     bool output, bool copy, GError **error)
{
    g_autofree char *to = copy ? journal_copy_path(journal, change, record->files->len) : NULL;
    return record_file(record, path) != NULL ||
           record_add(record, journal->root, path, output, to, error);
}

static guint64 size_of_outputs(const OsRoot *root, const Change *change)
{
    guint64 sum = 0;
    for (guint i = 0; change->outputs != NULL && change->outputs[i] != NULL; i++) {
        g_auto(GStrv) paths = host_match(root, change->outputs[i]);
        for (guint j = 0; paths[j] != NULL; j++) {
            guint64 size = 0;
            if (os_is_file(root, paths[j], &size))
                sum += size;
        }
    }
    return sum;
}

static bool has_room(const Journal *journal, const Change *change)
{
    g_autofree char *folder = os_locate(journal->root, journal->folder, NULL);
    guint64 free_bytes = 0;
    return folder != NULL && os_free_space(folder, &free_bytes) &&
           size_of_outputs(journal->root, change) <= free_bytes / ROOM_FACTOR;
}

/* COPIES: with the bytes, for what is going to be replaced. */
static Record *take_record(const ApplyHost *host, const Journal *journal, guint index, bool copies,
                           GError **error)
{
    const Change *change = journal->plan->changes->pdata[index];
    const Kind *kind = kind_of(change);
    bool copy_outputs = copies && has_room(journal, change);
    g_autoptr(Record) record = record_new();
    for (guint i = 0; i < change->edits->len; i++)
        if (!add_file(journal, record, index, ((const FileEdit *)change->edits->pdata[i])->path,
                      false, copies, error))
            return NULL;
    for (guint i = 0; change->outputs != NULL && change->outputs[i] != NULL; i++) {
        g_auto(GStrv) paths = host_match(host->root, change->outputs[i]);
        for (guint j = 0; paths[j] != NULL; j++)
            if (!add_file(journal, record, index, paths[j], true, copy_outputs, error))
                return NULL;
    }
    record->folders = find_folders(host->root, change);
    if (kind->inventory != NULL && !kind->inventory(host, change, &record->state, error))
        return NULL;
    return g_steal_pointer(&record);
}

static bool write_edit(const OsRoot *root, const FileEdit *edit, const FileRecord *old,
                       GError **error)
{
    if (edit->after == NULL)
        return os_unlink(root, edit->path, error);
    g_autoptr(OsAttributes) attributes =
        os_attributes_new(edit->secret ? NEW_SECRET_MODE : NEW_FILE_MODE, geteuid(), getegid());
    if (old->there) {
        attributes->mode = old->attributes->mode;
        attributes->uid = old->attributes->uid;
        attributes->gid = old->attributes->gid;
        for (guint i = 0; i < old->attributes->xattrs->len; i++) {
            const OsXattr *xattr = old->attributes->xattrs->pdata[i];
            gsize length = 0;
            gconstpointer value = g_bytes_get_data(xattr->value, &length);
            os_attributes_add(attributes, xattr->name, value, length);
        }
    }
    return os_put(root, edit->path, edit->after, strlen(edit->after), attributes, error);
}

static bool write_edits(const ApplyHost *host, const Change *change, const Record *before,
                        GError **error)
{
    for (guint i = 0; before->folders[i] != NULL; i++)
        if (!os_make_folder(host->root, before->folders[i], NEW_FOLDER_MODE, error))
            return false;
    for (guint i = 0; i < change->edits->len; i++) {
        const FileEdit *edit = change->edits->pdata[i];
        if (!write_edit(host->root, edit, record_file(before, edit->path), error))
            return false;
    }
    return true;
}

static bool run_command(const ApplyHost *host, const Change *change, GError **error)
{
    if (change->command == NULL)
        return true;
    g_autoptr(OsOutput) output = host_run(host, (const char *const *)change->command,
                                          kind_of(change)->timeout_s, false, error);
    return output != NULL;
}

static bool make_change(const ApplyHost *host, Journal *journal, guint index, GError **error)
{
    const Change *change = journal->plan->changes->pdata[index];
    if (host->progress != NULL)
        host->progress(change, false, host->data);
    g_autoptr(Record) before = take_record(host, journal, index, true, error);
    if (before == NULL || !journal_write_record(journal, index, "before", before, error) ||
        !journal_note(journal, "begin", (int)index, error))
        return false;
    if (!write_edits(host, change, before, error) || !run_command(host, change, error) ||
        !check_took(host, change, error))
        return false;
    g_autoptr(Record) after = take_record(host, journal, index, false, error);
    return after != NULL && journal_write_record(journal, index, "after", after, error) &&
           journal_note(journal, "done", (int)index, error);
}

/* Whether the files still are what they were to be when all commands have run: a hook of the
 * distribution may have made one anew from a source that the plan does not know. */
static bool check_kept(const ApplyHost *host, const Plan *plan, GError **error)
{
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        for (guint j = 0; j < change->edits->len; j++) {
            const char *path = ((const FileEdit *)change->edits->pdata[j])->path;
            g_autofree char *now = NULL;
            if (!host_read(host->root, path, &now, error))
                return false;
            if (g_strcmp0(now, plan_text_of(plan, path, NULL)) != 0)
                return fail(error, ERROR_FAILED,
                            "'%s' was written anew by a program that a later change ran.", path);
        }
    }
    return true;
}

static bool make_changes(const ApplyHost *host, Journal *journal, GError **error)
{
    for (guint i = 0; i < journal->plan->changes->len; i++)
        if (!os_check_cancel("the plan", error) || !make_change(host, journal, i, error))
            return false;
    return check_kept(host, journal->plan, error) && journal_note(journal, "done", -1, error);
}

/* Takes back what was done before FAULT, which ERROR gets with what came of it. */
static void take_back_after(const ApplyHost *host, Journal *journal, const GError *fault,
                            GError **error)
{
    g_autoptr(GError) second = NULL;
    os_cancel_hold(true);
    journal_note(journal, "failed", -1, NULL);
    bool back = take_back(host, journal, NULL, &second);
    os_cancel_hold(false);
    if (back)
        fail(error, error_code(fault),
             "A change failed, and all that had been changed before was taken back. %s",
             fault->message);
    else
        fail(error, ERROR_FAILED,
             "A change failed, and taking back what had been changed before it failed too: %s What "
             "was there before is kept in '/%s'; `rootstock undo %u` tries again. The first "
             "failure: %s",
             second->message, journal->folder, journal->id, fault->message);
}

guint apply_run(const ApplyHost *host, const Plan *plan, GError **error)
{
    g_autoptr(GError) fault = NULL;
    if (plan->changes->len == 0 || !apply_check_rights(host, error))
        return 0;
    g_autoptr(OsLock) lock = apply_lock(host, error);
    if (lock == NULL || !recover_locked(host, NULL, error) || !check_confirmed(host, error) ||
        !apply_check(host, plan, error))
        return 0;
    g_autoptr(Journal) journal = journal_begin(host->root, plan, error);
    if (journal == NULL)
        return 0;
    if (make_changes(host, journal, &fault))
        return journal->id;
    take_back_after(host, journal, fault, error);
    return 0;
}
