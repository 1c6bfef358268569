/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/argv.h"
#include "plan/diff.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <string.h>

static char *command_of(const Change *change)
{
    return change->command != NULL ? argv_line((const char *const *)change->command) : NULL;
}

static void print_states(GString *text, const Change *change)
{
    if (change->before != NULL)
        g_string_append_printf(text, "- %s\n", change->before);
    if (change->after != NULL)
        g_string_append_printf(text, "+ %s\n", change->after);
}

static void print_change(GString *text, const Change *change, guint number)
{
    g_autofree char *command = command_of(change);
    g_string_append_printf(text, "%u. %s %s (%s)%s\n", number, change_kind_name(change->kind),
                           change->target, change->step,
                           change->restart ? ", takes effect after a restart" : "");
    if (change->why != NULL)
        g_string_append_printf(text, "   %s\n", change->why);
    /* The whole of a file is in its diff. */
    if (change->kind != CHANGE_FILE && change->kind != CHANGE_COMMAND)
        print_states(text, change);
    for (guint i = 0; i < change->edits->len; i++) {
        const FileEdit *edit = change->edits->pdata[i];
        g_autofree char *diff = diff_text(edit->path, edit->before, edit->after);
        g_string_append(text, diff);
    }
    if (command != NULL)
        g_string_append_printf(text, "$ %s\n", command);
}

char *plan_diff(const Plan *plan)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < plan->changes->len; i++) {
        if (i > 0)
            g_string_append_c(text, '\n');
        print_change(text, plan->changes->pdata[i], i + 1);
    }
    return g_string_free(text, FALSE);
}

/* A line that is not in TEXT, to end a here-document. */
static char *end_mark(const char *content)
{
    g_autoptr(GString) mark = g_string_new("END");
    while (strstr(content, mark->str) != NULL)
        g_string_append_c(mark, 'D');
    return g_strdup(mark->str);
}

static void edit_by_hand(GString *text, const FileEdit *edit)
{
    g_autofree char *path = g_shell_quote(edit->path);
    g_autofree char *folder = g_path_get_dirname(edit->path);
    g_autofree char *quoted_folder = g_shell_quote(folder);
    if (edit->after == NULL) {
        g_string_append_printf(text, "sudo rm %s\n", path);
        return;
    }
    if (edit->before == NULL)
        g_string_append_printf(text, "sudo mkdir -p %s\n", quoted_folder);
    if (edit->before == NULL && edit->secret)
        g_string_append_printf(text, "sudo install -m 600 /dev/null %s\n", path);
    g_autofree char *mark = end_mark(edit->after);
    bool newline = g_str_has_suffix(edit->after, "\n");
    g_string_append_printf(text, "sudo tee %s >/dev/null <<'%s'\n%s%s%s\n", path, mark, edit->after,
                           newline ? "" : "\n", mark);
}

char *plan_by_hand(const Plan *plan)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        for (guint j = 0; j < change->edits->len; j++)
            edit_by_hand(text, change->edits->pdata[j]);
        g_autofree char *command = command_of(change);
        if (command != NULL)
            g_string_append_printf(text, "sudo %s\n", command);
    }
    return g_string_free(text, FALSE);
}
