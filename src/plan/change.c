/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/change.h"

#include <string.h>

static const char *const KIND_NAMES[] = {"kernel-argument", "file",  "setting", "package",
                                         "service",         "group", "command"};
G_STATIC_ASSERT(G_N_ELEMENTS(KIND_NAMES) == CHANGE_KINDS);

static const ChangeRank KIND_RANKS[] = {RANK_FILE,    RANK_FILE,    RANK_FILE,     RANK_PACKAGE,
                                        RANK_SERVICE, RANK_ACCOUNT, RANK_INITRAMFS};
G_STATIC_ASSERT(G_N_ELEMENTS(KIND_RANKS) == CHANGE_KINDS);

static void edit_free(gpointer data)
{
    FileEdit *edit = data;
    g_free(edit->path);
    g_free(edit->before);
    g_free(edit->after);
    g_free(edit);
}

static void effect_free(gpointer data)
{
    Effect *effect = data;
    g_free(effect->file);
    g_strfreev(effect->program);
    g_free(effect->text);
    g_free(effect);
}

Change *change_new(const char *step, ChangeKind kind, const char *target)
{
    Change *change = g_new0(Change, 1);
    change->step = g_strdup(step);
    change->kind = kind;
    change->rank = KIND_RANKS[kind];
    change->target = g_strdup(target);
    change->edits = g_ptr_array_new_with_free_func(edit_free);
    change->effects = g_ptr_array_new_with_free_func(effect_free);
    return change;
}

void change_free(Change *change)
{
    if (change == NULL)
        return;
    g_free(change->step);
    g_free(change->target);
    g_free(change->before);
    g_free(change->after);
    g_free(change->why);
    g_free(change->tool);
    g_ptr_array_unref(change->edits);
    g_strfreev(change->command);
    g_strfreev(change->revert);
    g_strfreev(change->outputs);
    g_ptr_array_unref(change->effects);
    g_free(change);
}

void change_set_states(Change *change, const char *before, const char *after)
{
    g_free(change->before);
    g_free(change->after);
    change->before = g_strdup(before);
    change->after = g_strdup(after);
}

static FileEdit *add_edit(Change *change, const char *path, const char *before, const char *after)
{
    FileEdit *edit = g_new0(FileEdit, 1);
    edit->path = g_strdup(path);
    edit->before = g_strdup(before);
    edit->after = g_strdup(after);
    g_ptr_array_add(change->edits, edit);
    return edit;
}

void change_add_edit(Change *change, const char *path, const char *before, const char *after)
{
    add_edit(change, path, before, after);
}

void change_add_secret(Change *change, const char *path, const char *before, const char *after)
{
    add_edit(change, path, before, after)->secret = true;
}

static Effect *add_effect(Change *change, const char *text, bool absent)
{
    Effect *effect = g_new0(Effect, 1);
    effect->text = g_strdup(text);
    effect->absent = absent;
    g_ptr_array_add(change->effects, effect);
    return effect;
}

void change_add_effect_file(Change *change, const char *file, const char *text, bool absent)
{
    add_effect(change, text, absent)->file = g_strdup(file);
}

void change_add_effect_program(Change *change, const char *const *program, const char *text,
                               bool absent)
{
    add_effect(change, text, absent)->program = g_strdupv((GStrv)program);
}

const char *change_kind_name(ChangeKind kind)
{
    return KIND_NAMES[kind];
}

bool change_kind_from_name(const char *name, ChangeKind *ret_kind)
{
    for (guint i = 0; i < CHANGE_KINDS; i++) {
        if (g_strcmp0(name, KIND_NAMES[i]) == 0) {
            *ret_kind = (ChangeKind)i;
            return true;
        }
    }
    return false;
}
