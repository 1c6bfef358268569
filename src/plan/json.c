/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/plan.h"

#include "base/error.h"

#include <string.h>

static void write_edits(JsonWrite *json, const Change *change)
{
    jw_begin_array(json, "edits");
    for (guint i = 0; i < change->edits->len; i++) {
        const FileEdit *edit = change->edits->pdata[i];
        jw_begin_object(json, NULL);
        jw_string(json, "path", edit->path);
        jw_string(json, "before", edit->before);
        jw_string(json, "after", edit->after);
        if (edit->secret)
            jw_boolean(json, "secret", true);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_effects(JsonWrite *json, const Change *change)
{
    jw_begin_array(json, "effects");
    for (guint i = 0; i < change->effects->len; i++) {
        const Effect *effect = change->effects->pdata[i];
        jw_begin_object(json, NULL);
        jw_string_known(json, "file", effect->file);
        jw_strings_known(json, "program", effect->program);
        jw_string(json, "text", effect->text);
        jw_boolean(json, "absent", effect->absent);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_change(JsonWrite *json, const Change *change, bool full)
{
    jw_begin_object(json, NULL);
    jw_string(json, "step", change->step);
    jw_string(json, "kind", change_kind_name(change->kind));
    jw_string(json, "target", change->target);
    jw_string(json, "before", change->before);
    jw_string(json, "after", change->after);
    jw_boolean(json, "restart", change->restart);
    jw_string_known(json, "why", change->why);
    write_edits(json, change);
    jw_strings_known(json, "command", change->command);
    if (full) {
        jw_integer(json, "rank", change->rank);
        jw_string_known(json, "tool", change->tool);
        jw_strings_known(json, "revert", change->revert);
        jw_strings_known(json, "outputs", change->outputs);
        write_effects(json, change);
    }
    jw_end_object(json);
}

void plan_write_changes(const Plan *plan, JsonWrite *json, bool full)
{
    jw_begin_array(json, "changes");
    for (guint i = 0; i < plan->changes->len; i++)
        write_change(json, plan->changes->pdata[i], full);
    jw_end_array(json);
}

/* A text that has to be there; "" with the document's error when it is not. */
static char *needed(JsonDocument *document, const JsonValue *object, const char *key)
{
    char *text = jr_string(document, object, key);
    if (text != NULL)
        return text;
    jr_fail(document, "A change has no '%s'.", key);
    return g_strdup("");
}

static void read_edits(JsonDocument *document, const JsonValue *object, Change *change)
{
    const JsonValue *edits = jr_array(document, object, "edits");
    for (guint i = 0; i < jr_length(edits); i++) {
        const JsonValue *edit = jr_element(edits, i);
        g_autofree char *path = needed(document, edit, "path");
        g_autofree char *before = jr_string(document, edit, "before");
        g_autofree char *after = jr_string(document, edit, "after");
        if (jr_tri(document, edit, "secret") == TRI_YES)
            change_add_secret(change, path, before, after);
        else
            change_add_edit(change, path, before, after);
    }
}

static void read_effects(JsonDocument *document, const JsonValue *object, Change *change)
{
    const JsonValue *effects = jr_array(document, object, "effects");
    for (guint i = 0; i < jr_length(effects); i++) {
        const JsonValue *effect = jr_element(effects, i);
        g_autofree char *file = jr_string(document, effect, "file");
        g_auto(GStrv) program = jr_strings(document, effect, "program");
        g_autofree char *text = needed(document, effect, "text");
        bool absent = jr_tri(document, effect, "absent") == TRI_YES;
        if (file != NULL)
            change_add_effect_file(change, file, text, absent);
        else if (program != NULL)
            change_add_effect_program(change, (const char *const *)program, text, absent);
    }
}

static Change *read_change(JsonDocument *document, const JsonValue *object)
{
    g_autofree char *step = needed(document, object, "step");
    g_autofree char *name = needed(document, object, "kind");
    g_autofree char *target = needed(document, object, "target");
    ChangeKind kind = CHANGE_FILE;
    if (!change_kind_from_name(name, &kind))
        jr_fail(document, "'%s' is no kind of change.", name);
    Change *change = change_new(step, kind, target);
    change->before = jr_string(document, object, "before");
    change->after = jr_string(document, object, "after");
    change->restart = jr_tri(document, object, "restart") == TRI_YES;
    change->why = jr_string(document, object, "why");
    change->tool = jr_string(document, object, "tool");
    gint64 rank = jr_integer(document, object, "rank", 0, RANKS - 1);
    if (rank != UNKNOWN)
        change->rank = (ChangeRank)rank;
    read_edits(document, object, change);
    change->command = jr_strings(document, object, "command");
    change->revert = jr_strings(document, object, "revert");
    change->outputs = jr_strings(document, object, "outputs");
    read_effects(document, object, change);
    return change;
}

Plan *plan_read(JsonDocument *document, const JsonValue *object, GError **error)
{
    g_autoptr(Plan) plan = plan_new();
    const JsonValue *changes = jr_array(document, object, "changes");
    for (guint i = 0; i < jr_length(changes); i++)
        g_ptr_array_add(plan->changes, read_change(document, jr_element(changes, i)));
    return jr_ok(document, error) ? g_steal_pointer(&plan) : NULL;
}
