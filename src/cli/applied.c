/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/applied.h"

#include "apply/apply.h"
#include "base/error.h"

#include <string.h>

/* proc_stat(5): "btime 1764077611", seconds since 1970. UNKNOWN where it is not there. */
static gint64 boot_time(const OsRoot *root)
{
    g_autofree char *text = os_read_text(root, "proc/stat", NULL);
    const char *line = text != NULL ? strstr(text, "\nbtime ") : NULL;
    g_autofree char *word = line != NULL ? g_strdup(line + strlen("\nbtime ")) : NULL;
    guint64 seconds;

    if (word != NULL)
        word[strcspn(word, "\n")] = '\0';
    if (word == NULL ||
        !g_ascii_string_to_unsigned(word, 10, 0, (guint64)G_MAXINT64, &seconds, NULL))
        return UNKNOWN;
    return (gint64)seconds;
}

static void change_clear(gpointer data)
{
    PathApplied *change = data;
    g_free((char *)change->lost);
    g_free(change);
}

static void add_entry(Applied *applied, const OsRoot *root, const ApplyEntry *entry, gint64 booted)
{
    for (guint i = 0; i < entry->plan->changes->len; i++) {
        const Change *change = entry->plan->changes->pdata[i];
        if (change->rank == RANK_TAKEBACK)
            continue; /* it went with the confirmation */
        PathApplied *one = g_new0(PathApplied, 1);
        *one = (PathApplied){
            .apply = entry->id,
            .step = change->step,
            .kind = change_kind_name(change->kind),
            .target = change->target,
            .after = change->after,
            .tool = change->tool,
            .lost = apply_lost_file(root, applied->entries, change),
            .restart = change->restart,
            .restarted = booted != UNKNOWN ? tri(entry->time < booted) : TRI_UNKNOWN,
        };
        g_ptr_array_add(applied->changes, one);
    }
}

Applied *applied_read(const OsRoot *root)
{
    g_autoptr(GError) fault = NULL;
    Applied *applied = g_new0(Applied, 1);
    gint64 booted = boot_time(root);

    applied->changes = g_ptr_array_new_with_free_func(change_clear);
    applied->entries = apply_history(root, &fault);
    applied->hidden = fault != NULL && error_code(fault) == ERROR_MISSING;
    for (guint i = 0; applied->entries != NULL && i < applied->entries->len; i++) {
        const ApplyEntry *entry = applied->entries->pdata[i];
        if (entry->state == APPLY_DONE)
            add_entry(applied, root, entry, booted);
    }
    return applied;
}

void applied_free(Applied *applied)
{
    if (applied == NULL)
        return;
    g_clear_pointer(&applied->entries, g_ptr_array_unref);
    g_ptr_array_unref(applied->changes);
    g_free(applied);
}
