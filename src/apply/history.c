/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"
#include "apply/check.h"
#include "apply/host.h"
#include "apply/journal.h"

#include "base/error.h"

#include <string.h>

static const char *const STATE_NAMES[] = {"unfinished", "done", "failed", "undoing", "undone",
                                          "unconfirmed", "expired"};
G_STATIC_ASSERT(G_N_ELEMENTS(STATE_NAMES) == APPLY_STATES);

const char *apply_state_name(ApplyState state)
{
    return STATE_NAMES[state];
}

static void entry_free(gpointer data)
{
    ApplyEntry *entry = data;
    plan_free(entry->plan);
    g_free(entry);
}

GPtrArray *apply_history(const OsRoot *root, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(entry_free);
    g_auto(GStrv) names = os_list(root, JOURNAL_FOLDER);
    if (names == NULL && os_exists(root, JOURNAL_FOLDER))
        return fail_null(error, ERROR_MISSING,
                         "The journal '/%s' can be read by root alone. Run the same command with "
                         "sudo, or as root.",
                         JOURNAL_FOLDER);
    g_autoptr(GArray) ids = journal_ids(root);
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(GError) fault = NULL;
        g_autoptr(Journal) journal = journal_open(root, g_array_index(ids, guint, i), &fault);
        if (fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return NULL;
        }
        if (journal == NULL)
            continue;
        ApplyEntry *entry = g_new0(ApplyEntry, 1);
        *entry = (ApplyEntry){.id = journal->id,
                              .time = journal->time,
                              .ended = journal->ended,
                              .state = journal->state,
                              .plan = g_steal_pointer(&journal->plan)};
        g_ptr_array_add(entries, entry);
    }
    return g_steal_pointer(&entries);
}

/* What the last apply that stands left in PATH. */
static const char *text_left(const GPtrArray *entries, const char *path)
{
    const char *text = NULL;
    for (guint i = 0; i < entries->len; i++) {
        const ApplyEntry *entry = entries->pdata[i];
        if (entry->state == APPLY_DONE)
            text = plan_text_of(entry->plan, path, text);
    }
    return text;
}

static bool is_as_left(const OsRoot *root, const GPtrArray *entries, const char *path)
{
    g_autofree char *now = NULL;
    if (!host_read(root, path, &now, NULL) || (now == NULL && is_boot_entry(path)))
        return true; /* entries go with their kernels */
    return g_strcmp0(now, text_left(entries, path)) == 0;
}

char *apply_lost_file(const OsRoot *root, const GPtrArray *entries, const Change *change)
{
    for (guint i = 0; i < change->edits->len; i++) {
        const FileEdit *edit = change->edits->pdata[i];
        if (!is_as_left(root, entries, edit->path))
            return g_strdup(edit->path);
    }
    for (guint i = 0; i < change->effects->len; i++) {
        const Effect *effect = change->effects->pdata[i];
        if (effect->file != NULL && check_shows(root, effect) == TRI_NO)
            return g_strdup(effect->file);
    }
    return NULL;
}
