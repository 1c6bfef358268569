/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/prepare.h"

#include "base/error.h"
#include "cli/goals.h"
#include "cli/step-out.h"

#include <stdio.h>

/* How long another rootstock that changes the host is waited for. */
#define WAIT_MS 2000

static void say_progress(const Change *change, bool undo, gpointer data)
{
    const Output *output = data;
    output_note(output, "%s %s %s ...",
                undo ? "Taking back:" : "Making:", change_kind_name(change->kind), change->target);
}

bool prepare_host(Context *context, ApplyHost *ret_host, GError **error)
{
    const char *path = command_line_value(context->line, "root");
    if (command_line_has(context->line, "host"))
        return fail(error, ERROR_INPUT,
                    "--host is about a recorded host, and what was applied is in the journal of a "
                    "real one. Run it without --host, on the host itself.");
    OsRoot *root = os_root_open(path != NULL ? path : "/", error);
    if (root == NULL)
        return false;
    *ret_host = (ApplyHost){.root = root,
                            .programs = g_getenv("ROOTSTOCK_PROGRAMS"),
                            .wait_ms = WAIT_MS,
                            .progress = say_progress,
                            .data = &context->output};
    return true;
}

void prepare_clear(ApplyHost *host)
{
    os_root_free((OsRoot *)host->root);
    host->root = NULL;
}

HostTraits prepare_traits(const Facts *facts)
{
    return (HostTraits){.boot_loader = facts->boot_loader.kind,
                        .evidence = facts->boot_loader.evidence,
                        .distribution = facts->distribution.id,
                        .like = facts->distribution.like};
}

Plan *prepare_plan(Context *context, const ApplyHost *host, GError **error)
{
    const Path *path = context_path(context, error);
    if (path == NULL)
        return NULL;
    g_autoptr(GPtrArray) goals = goals_of_path(path, context->line->arguments, error);
    HostTraits traits = prepare_traits(context->facts);
    return goals != NULL ? apply_resolve(host, &traits, goals, error) : NULL;
}

static bool has_arguments(const Plan *plan)
{
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        if (change->kind == CHANGE_KERNEL_ARGUMENT || change->rank == RANK_BOOT_MENU)
            return true;
    }
    return false;
}

void prepare_print_boot_loader(const Context *context, const Plan *plan)
{
    const PathStep *loader = path_step(context->path, "boot-loader");
    g_autofree char *text = NULL;

    if (!has_arguments(plan) || loader->evidence == NULL)
        return;
    output_section(&context->output, NULL);
    text = step_sentences(loader);
    output_text(&context->output, "%s", text);
}

void prepare_write_boot_loader(const Context *context, JsonWrite *json)
{
    const BootLoaderFacts *loader = &context->facts->boot_loader;

    jw_begin_object(json, "boot_loader");
    jw_string(json, "kind", loader->kind);
    jw_string(json, "evidence", loader->evidence);
    jw_begin_array(json, "others");
    for (char *const *other = loader->others; other != NULL && *other != NULL; other++)
        jw_string(json, NULL, *other);
    jw_end_array(json);
    jw_end_object(json);
}

void prepare_print_plan(const Output *output, const Plan *plan)
{
    if (plan->changes->len == 0) {
        output_text(output, "Nothing is to be changed: what Rootstock would change on this host "
                            "is so already. `rootstock status` shows what is left.");
        return;
    }
    g_autofree char *text = plan_diff(plan);
    fputs(text, stdout);
    output_text(output, "%u change%s%s.", plan->changes->len, plan->changes->len == 1 ? "" : "s",
                plan_needs_restart(plan) ? ", some of which count from the next start of the host"
                                         : "");
    if (plan_needs_confirmation(plan))
        output_text(output,
                    "The last of them change the network that you may have come by: `rootstock "
                    "confirm` has to follow within %d minutes, or all of this is taken back by "
                    "itself.",
                    APPLY_CONFIRM_SECONDS / 60);
}

void prepare_write_changes(JsonWrite *json, const Plan *plan)
{
    jw_begin_array(json, "changes");
    for (guint i = 0; i < plan->changes->len; i++) {
        const Change *change = plan->changes->pdata[i];
        jw_begin_object(json, NULL);
        jw_string(json, "step", change->step);
        jw_string(json, "kind", change_kind_name(change->kind));
        jw_string(json, "target", change->target);
        jw_end_object(json);
    }
    jw_end_array(json);
}

char *prepare_targets(const Plan *plan)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < plan->changes->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? ", " : "",
                               ((const Change *)plan->changes->pdata[i])->target);
    return g_string_free(text, FALSE);
}
