/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/apply.h"
#include "cli/context.h"
#include "os/person.h"

/* What the store has of the machine. */
static bool read_state(Context *context, const Machine *machine, PathMachine *ret_state,
                       GError **error)
{
    StoreState state;
    if (!store_state(context->store, machine, &state, error))
        return false;
    *ret_state = path_machine_unknown();
    ret_state->disk = tri(state.has_disk);
    ret_state->nvram = tri(state.has_nvram);
    ret_state->domain = tri(state.has_domain && state.current);
    ret_state->opencore = tri(state.has_opencore);
    ret_state->disk_used = state.disk_used;
    ret_state->preflight = store_preflight_passed(context->store, machine);
    return true;
}

/* The name of the machine whose path is asked for; NULL for the host's alone. A recorded host's
 * machines are elsewhere. */
static const char *asked_machine(Context *context)
{
    const char *name = command_line_value(context->line, "machine");
    if (name != NULL || command_line_has(context->line, "host"))
        return name;
    Store *store = context_store(context, NULL);
    context->machines = store != NULL ? store_list(store, NULL) : NULL;
    if (context->machines == NULL || g_strv_length(context->machines) != 1)
        return NULL;
    return context->machines[0];
}

/* The machine, and its state in the store. One that was not asked for by name and cannot be used
 * stands not in the way of the host's path. */
static bool find_machine(Context *context, PathMachine *ret_state, GError **error)
{
    g_autoptr(GError) cause = NULL;
    const char *name = asked_machine(context);
    bool named = command_line_has(context->line, "machine");

    if (name == NULL)
        return true;
    context->machine = context_machine_named(context, name, &cause);
    if (context->machine != NULL && read_state(context, context->machine, ret_state, &cause))
        return true;
    g_clear_pointer(&context->machine, machine_free);
    if (named) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    output_note(&context->output, "The machine %s is left out. %s", name, cause->message);
    return true;
}

/* Who asks, where it is this host whose path is asked for. */
static char *find_account(const Context *context)
{
    bool elsewhere =
        command_line_has(context->line, "host") || command_line_has(context->line, "root");
    return elsewhere ? NULL : os_person_name();
}

/* Nothing was applied to a recorded host. */
static bool read_applied(Context *context, GError **error)
{
    const char *path = command_line_value(context->line, "root");
    if (command_line_has(context->line, "host"))
        return true;
    g_autoptr(OsRoot) root = os_root_open(path != NULL ? path : "/", error);
    if (root == NULL)
        return false;
    context->applied = applied_read(root);
    return true;
}

/* Whether an apply waits to be confirmed, which everybody may see by its timer. */
static Tri find_unconfirmed(const Context *context)
{
    const char *path = command_line_value(context->line, "root");
    if (command_line_has(context->line, "host"))
        return TRI_UNKNOWN;
    g_autoptr(OsRoot) root = os_root_open(path != NULL ? path : "/", NULL);
    return root != NULL ? tri(os_exists(root, APPLY_TAKEBACK_TIMER)) : TRI_UNKNOWN;
}

const Path *context_path(Context *context, GError **error)
{
    PathMachine state = path_machine_unknown();

    if (context->path != NULL)
        return context->path;
    const Verdict *verdict = context_verdict(context, error);
    if (verdict == NULL || !find_machine(context, &state, error) || !read_applied(context, error))
        return NULL;
    context->account = find_account(context);
    state.account = context->account;
    state.unconfirmed = find_unconfirmed(context);
    state.other_machines = context->machines;
    state.applied = context->applied != NULL ? context->applied->changes : NULL;
    context->path = path_make(context->facts, verdict, context->catalog, context->machine, &state);
    return context->path;
}
