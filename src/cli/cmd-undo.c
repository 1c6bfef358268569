/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/confirm.h"
#include "cli/prepare.h"

#include <stdio.h>

#define ID_MAX 999999999

/* How long the timer's undo waits for a rootstock that is at work. */
#define TIMER_WAIT_MS (15 * 60 * 1000)

/* The number that was given; 0: none was. */
static bool read_id(const Context *context, guint *ret_id, GError **error)
{
    guint64 id = 0;
    const char *text = context->line->argument;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, ID_MAX, &id, NULL))
        return fail(error, ERROR_INPUT,
                    "'%s' is no number of an apply. `rootstock history` shows them.", text);
    *ret_id = (guint)id;
    return true;
}

/* The entry that apply_undo() would take back; NULL when it will say that there is none. */
static const ApplyEntry *find_entry(const GPtrArray *entries, guint id)
{
    for (guint i = entries->len; i-- > 0;) {
        const ApplyEntry *entry = entries->pdata[i];
        bool stands = entry->state != APPLY_FAILED && entry->state != APPLY_UNDONE &&
                      entry->state != APPLY_EXPIRED;
        if (id == 0 ? stands : entry->id == id)
            return entry;
    }
    return NULL;
}

static bool may_undo(const Context *context, const ApplyEntry *entry, GError **error)
{
    g_autofree char *targets = prepare_targets(entry->plan);
    g_autofree char *question = g_strdup_printf("Undo apply %u (%s)?", entry->id, targets);
    return confirm(context, question, "Nothing was undone.", error);
}

static bool may_undo_unconfirmed(const Context *context, GError **error)
{
    return confirm(context, "Undo what was not confirmed?", "Nothing was undone.", error);
}

static bool say_nothing_undone(GError **error)
{
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_null(json, "id");
    jw_end_object(json);
    return jw_finish(json, error);
}

static bool say_undone(const Context *context, const ApplyEntry *entry, GError **error)
{
    bool restart = plan_needs_restart(entry->plan);
    if (!context->output.json) {
        output_note(&context->output, "Apply %u is undone.%s", entry->id,
                    restart ? " Restart the host to have it take effect." : "");
        return true;
    }
    JsonWrite *json = jw_new(stdout);
    jw_begin_object(json, NULL);
    jw_integer(json, "id", entry->id);
    jw_boolean(json, "restart", restart);
    prepare_write_changes(json, entry->plan);
    jw_end_object(json);
    return jw_finish(json, error);
}

static const ApplyEntry *find_id(const GPtrArray *entries, guint id)
{
    return id != 0 ? find_entry(entries, id) : NULL;
}

/* For the timer: there may be nothing to do, and another rootstock may be busy for a while. */
static int undo_unconfirmed(Context *context, ApplyHost *host, GError **error)
{
    guint id = 0;
    host->wait_ms = TIMER_WAIT_MS;
    if (!may_undo_unconfirmed(context, error) || !apply_expire(host, &id, error))
        return -1;
    g_autoptr(GPtrArray) entries = apply_history(host->root, error);
    if (entries == NULL)
        return -1;
    const ApplyEntry *entry = find_id(entries, id);
    if (entry != NULL)
        return say_undone(context, entry, error) ? 0 : -1;
    if (context->output.json)
        return say_nothing_undone(error) ? 0 : -1;
    output_note(&context->output, "Nothing waits to be confirmed.");
    return 0;
}

int cmd_undo(Context *context, GError **error)
{
    g_auto(ApplyHost) host = {0};
    guint id = 0;
    UndoOptions options = {.keep_changed = command_line_has(context->line, "keep-changed")};

    if (!read_id(context, &id, error) || !prepare_host(context, &host, error) ||
        !apply_check_rights(&host, error))
        return -1;
    if (command_line_has(context->line, "unconfirmed"))
        return undo_unconfirmed(context, &host, error);
    g_autoptr(GPtrArray) entries = apply_history(host.root, error);
    const ApplyEntry *entry = entries != NULL ? find_entry(entries, id) : NULL;
    if (entries == NULL || (entry != NULL && !may_undo(context, entry, error)))
        return -1;
    /* What was asked about is what is undone, whatever happens in between. */
    if (!apply_undo(&host, entry != NULL ? entry->id : id, &options, NULL, error))
        return -1;
    return say_undone(context, entry, error) ? 0 : -1;
}
