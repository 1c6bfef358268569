/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/journal.h"

#include "base/error.h"
#include "os/change.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define ID_MAX 999999999

static int compare_ids(gconstpointer a, gconstpointer b)
{
    guint left = *(const guint *)a, right = *(const guint *)b;
    return left < right ? -1 : left > right;
}

GArray *journal_ids(const OsRoot *root)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(guint));
    g_auto(GStrv) names = os_list(root, JOURNAL_FOLDER);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        guint64 number = 0;
        if (!g_ascii_string_to_unsigned(names[i], 10, 1, ID_MAX, &number, NULL))
            continue;
        guint id = (guint)number;
        g_array_append_val(ids, id);
    }
    g_array_sort(ids, compare_ids);
    return ids;
}

bool journal_make_place(const OsRoot *root, GError **error)
{
    static const char *const ABOVE[] = {"var", "var/lib", "var/lib/rootstock"};
    for (guint i = 0; i < G_N_ELEMENTS(ABOVE); i++)
        if (!os_make_folder(root, ABOVE[i], 0755, error))
            return false;
    return os_make_folder(root, JOURNAL_FOLDER, FOLDER_MODE, error);
}

static bool put(const Journal *journal, const char *name, const char *text, gsize length,
                GError **error)
{
    g_autofree char *path = g_build_filename(journal->folder, name, NULL);
    g_autoptr(OsAttributes) attributes = os_attributes_new(FILE_MODE, geteuid(), getegid());
    return os_put(journal->root, path, text, length, attributes, error);
}

static bool write_plan(const Journal *journal, const Plan *plan, GError **error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    JsonWrite *json = jw_new(stream);
    jw_begin_object(json, NULL);
    plan_write_changes(plan, json, true);
    jw_end_object(json);
    bool written = jw_finish(json, error);
    fclose(stream);
    written = written && put(journal, "plan.json", text, length, error);
    free(text);
    return written;
}

static Journal *journal_new(const OsRoot *root, guint id)
{
    Journal *journal = g_new0(Journal, 1);
    journal->root = root;
    journal->id = id;
    journal->folder = g_strdup_printf(JOURNAL_FOLDER "/%u", id);
    journal->progress = g_array_new(FALSE, TRUE, sizeof(Progress));
    journal->time = journal->ended = UNKNOWN;
    return journal;
}

void journal_free(Journal *journal)
{
    if (journal == NULL)
        return;
    g_free(journal->folder);
    plan_free(journal->plan);
    g_array_unref(journal->progress);
    g_free(journal);
}

static gint64 now(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

Journal *journal_begin(const OsRoot *root, const Plan *plan, GError **error)
{
    g_autoptr(GArray) ids = journal_ids(root);
    guint last = ids->len > 0 ? g_array_index(ids, guint, ids->len - 1) : 0;
    g_autoptr(Journal) journal = journal_new(root, last + 1);
    g_autofree char *first = g_strdup_printf("%" G_GINT64_FORMAT " prepared\n", now());
    if (!os_make_folder(root, journal->folder, FOLDER_MODE, error) ||
        !write_plan(journal, plan, error) || !put(journal, "log", first, strlen(first), error))
        return NULL;
    /* What is carried out is what an undo will read. */
    return journal_open(root, journal->id, error);
}

/* What a line of the log means for the journal's state. */
static void take_note(Journal *journal, gint64 time, const char *word, int change)
{
    if (change >= 0 && (guint)change < journal->progress->len) {
        Progress *progress = &g_array_index(journal->progress, Progress, change);
        if (strcmp(word, "begin") == 0)
            *progress = PROGRESS_BEGUN;
        else if (strcmp(word, "done") == 0)
            *progress = PROGRESS_DONE;
        else if (strcmp(word, "undone") == 0)
            *progress = PROGRESS_UNDONE;
    } else if (strcmp(word, "prepared") == 0) {
        journal->time = time;
    } else if (strcmp(word, "done") == 0) {
        journal->state = plan_needs_confirmation(journal->plan) ? APPLY_UNCONFIRMED : APPLY_DONE;
    } else if (strcmp(word, "confirmed") == 0) {
        journal->state = APPLY_DONE;
        journal->expired = false;
    } else if (strcmp(word, "expired") == 0) {
        journal->expired = true;
    } else if (strcmp(word, "failed") == 0) {
        journal->failed = true;
    } else if (strcmp(word, "undoing") == 0) {
        journal->state = APPLY_UNDOING;
    } else if (strcmp(word, "undone") == 0) {
        journal->state = journal->failed    ? APPLY_FAILED
                         : journal->expired ? APPLY_EXPIRED
                                            : APPLY_UNDONE;
        journal->ended = time;
    }
}

bool journal_note(Journal *journal, const char *word, int change, GError **error)
{
    gint64 time = now();
    g_autofree char *number = change >= 0 ? g_strdup_printf(" %d", change) : g_strdup("");
    g_autofree char *line = g_strdup_printf("%s%" G_GINT64_FORMAT " %s%s\n",
                                            journal->torn ? "\n" : "", time, word, number);
    g_autofree char *path = g_build_filename(journal->folder, "log", NULL);
    if (!os_append(journal->root, path, line, error))
        return false;
    journal->torn = false;
    take_note(journal, time, word, change);
    return true;
}

/* The last line may have been cut short by a crash; it does not count, and the next note begins a
 * line of its own. */
static void read_log(Journal *journal, const char *text)
{
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        g_autofree char *line = g_strndup(text, (gsize)(end - text));
        g_auto(GStrv) words = g_strsplit(line, " ", 3);
        gint64 time = 0, change = -1;
        if (g_strv_length(words) < 2 ||
            !g_ascii_string_to_signed(words[0], 10, 0, G_MAXINT64, &time, NULL))
            continue;
        if (words[2] != NULL && !g_ascii_string_to_signed(words[2], 10, 0, G_MAXINT, &change, NULL))
            continue;
        take_note(journal, time, words[1], (int)change);
    }
    journal->torn = *text != '\0';
}

Journal *journal_open(const OsRoot *root, guint id, GError **error)
{
    g_autoptr(Journal) journal = journal_new(root, id);
    g_autofree char *log_path = g_build_filename(journal->folder, "log", NULL);
    g_autofree char *plan_path = g_build_filename(journal->folder, "plan.json", NULL);
    g_autofree char *log = os_read_text(root, log_path, NULL);
    if (log == NULL && !os_exists(root, log_path))
        return NULL;
    gsize length = 0;
    g_autofree char *text = os_read_text(root, plan_path, &length);
    if (log == NULL || text == NULL)
        return fail_null(error, ERROR_FAILED, "The journal '/%s' cannot be read.", journal->folder);
    g_autoptr(JsonDocument) document = jr_parse(text, length, plan_path, error);
    journal->plan = document != NULL ? plan_read(document, jr_top(document), error) : NULL;
    if (journal->plan == NULL)
        return NULL;
    g_array_set_size(journal->progress, journal->plan->changes->len);
    read_log(journal, log);
    return g_steal_pointer(&journal);
}

static char *record_path(const Journal *journal, guint change, const char *when)
{
    return g_strdup_printf("%s/%u.%s.json", journal->folder, change, when);
}

bool journal_write_record(const Journal *journal, guint change, const char *when,
                          const Record *record, GError **error)
{
    g_autofree char *path = record_path(journal, change, when);
    return record_write(record, journal->root, path, error);
}

Record *journal_read_record(const Journal *journal, guint change, const char *when, GError **error)
{
    g_autofree char *path = record_path(journal, change, when);
    return record_read(journal->root, path, error);
}

char *journal_copy_path(const Journal *journal, guint change, guint file)
{
    return g_strdup_printf("%s/%u.%u", journal->folder, change, file);
}
