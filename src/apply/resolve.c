/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/resolve.h"

#include "apply/command-kinds.h"
#include "apply/host.h"
#include "apply/kind.h"
#include "apply/package.h"
#include "apply/resolver.h"
#include "base/error.h"
#include "plan/setting.h"

#include <string.h>

bool resolver_read(const Resolver *resolver, const char *path, char **ret_text, GError **error)
{
    g_autofree char *now = NULL;
    if (!host_read(resolver->host->root, path, &now, error))
        return false;
    *ret_text = g_strdup(plan_text_of(resolver->plan, path, now));
    return true;
}

bool resolver_is(const Resolver *resolver, const char *id)
{
    const HostTraits *traits = resolver->traits;
    return g_strcmp0(traits->distribution, id) == 0 ||
           (traits->like != NULL && g_strv_contains((const char *const *)traits->like, id));
}

Change *resolver_change(const Goal *goal, ChangeKind kind, const char *target)
{
    Change *change = change_new(goal->step, kind, target);
    change->why = g_strdup(goal->why);
    change->restart = goal->restart;
    return change;
}

Change *resolver_command(const Goal *goal, ChangeRank rank, const char *target,
                         const char *const *argv, const char *outputs)
{
    Change *change = change_new(goal->step, CHANGE_COMMAND, target);
    change->rank = rank;
    change->restart = true;
    change->command = g_strdupv((GStrv)argv);
    change->revert = g_strdupv((GStrv)argv);
    change->outputs = outputs != NULL ? g_strsplit(outputs, " ", -1) : NULL;
    return change;
}

static bool resolve_file(Resolver *resolver, const Goal *goal, GError **error)
{
    g_autofree char *now = NULL;
    if (!resolver_read(resolver, goal->target, &now, error))
        return false;
    bool changed = g_strcmp0(now, goal->value) != 0;
    if (changed) {
        Change *change = resolver_change(goal, CHANGE_FILE, goal->target);
        change_set_states(change, now, goal->value);
        change_add_edit(change, goal->target, now, goal->value);
        if (!plan_add(resolver->plan, change, error))
            return false;
    }
    return !goal->initramfs || resolve_initramfs(resolver, goal, goal->target, changed, error);
}

static SettingForm form_of(const char *path)
{
    if (g_str_has_prefix(path, "/etc/default/"))
        return SETTING_SHELL;
    return g_str_has_suffix(path, ".yaml") ? SETTING_COLON : SETTING_EQUALS;
}

static bool resolve_setting(Resolver *resolver, const Goal *goal, GError **error)
{
    SettingForm form = form_of(goal->target);
    g_autoptr(GError) fault = NULL;
    g_autofree char *text = NULL;
    if (!resolver_read(resolver, goal->target, &text, error))
        return false;
    if (text == NULL)
        return fail(error, ERROR_REFUSED,
                    "'%s', in which '%s' is to be set, is not there yet. It comes with a package: "
                    "apply the steps that install packages first, and then this one.",
                    goal->target, goal->name);
    g_autofree char *old = setting_get(text, form, goal->name, &fault);
    if (fault == NULL && g_strcmp0(old, goal->value) == 0)
        return true;
    g_autofree char *changed =
        fault == NULL ? setting_set(text, form, goal->name, goal->value, &fault) : NULL;
    if (changed == NULL) {
        g_propagate_prefixed_error(error, g_steal_pointer(&fault), "In '%s': ", goal->target);
        return false;
    }
    g_autofree char *target = g_strdup_printf("%s: %s", goal->target, goal->name);
    Change *change = resolver_change(goal, CHANGE_SETTING, target);
    change_set_states(change, old, goal->value);
    change_add_edit(change, goal->target, text, changed);
    return plan_add(resolver->plan, change, error);
}

bool resolve_packages(Resolver *resolver, const Goal *goal, GError **error)
{
    const PackageManager *manager = package_manager(resolver->host);
    if (manager == NULL)
        return fail(error, ERROR_REFUSED,
                    "This host has no package manager that is known here (apt, dnf, zypper, "
                    "pacman, rpm-ostree). Install by hand: %s.",
                    goal->target);
    g_auto(GStrv) purposes = g_strsplit(goal->target, " ", -1);
    g_auto(GStrv) names = package_names(manager, (const char *const *)purposes, error);
    g_auto(GStrv) missing =
        names != NULL ? package_missing(resolver->host, manager, (const char *const *)names, error)
                      : NULL;
    if (missing == NULL)
        return false;
    if (missing[0] == NULL)
        return true;
    g_autofree char *target = g_strjoinv(" ", missing);
    Change *change = resolver_change(goal, CHANGE_PACKAGE, target);
    change_set_states(change, NULL, "installed");
    change->tool = g_strdup(manager->name);
    change->restart = manager->restart;
    change->command = package_vector(manager->install, (const char *const *)missing);
    return plan_add(resolver->plan, change, error);
}

/* Whether STATE is that of a unit that starts by itself, or of one without an [Install] section,
 * which can only be started. */
static bool is_enabled(const char *state)
{
    static const char *const ENABLED[] = {"enabled",  "enabled-runtime", "alias", "static",
                                          "indirect", "generated",       NULL};
    g_auto(GStrv) words = g_strsplit(state, ", ", 2);
    return g_strv_contains(ENABLED, words[0]);
}

static bool is_in_use(const char *state)
{
    return state != NULL && (is_enabled(state) || g_str_has_suffix(state, ", running"));
}

/* A service under the names that it may have: the one in use, else the first that there is, else,
 * before its package is there, the first. */
static bool choose_unit(const Resolver *resolver, const Goal *goal, char **ret_unit,
                        char **ret_state, GError **error)
{
    g_auto(GStrv) units = g_strsplit(goal->target, " ", -1);
    *ret_unit = g_strdup(units[0]);
    for (guint i = 0; units[i] != NULL; i++) {
        g_autoptr(Change) question = resolver_change(goal, CHANGE_SERVICE, units[i]);
        g_autofree char *now = NULL;
        if (!KIND_SERVICE.state(resolver->host, question, &now, error))
            return false;
        if (now == NULL || (*ret_state != NULL && !is_in_use(now)))
            continue;
        g_free(*ret_unit);
        g_free(*ret_state);
        *ret_unit = g_strdup(units[i]);
        *ret_state = g_steal_pointer(&now);
        if (is_in_use(*ret_state))
            break;
    }
    return true;
}

static bool resolve_service(Resolver *resolver, const Goal *goal, GError **error)
{
    g_autofree char *unit = NULL;
    g_autofree char *now = NULL;
    if (!choose_unit(resolver, goal, &unit, &now, error))
        return false;
    bool enabled = now != NULL && is_enabled(now);
    if (enabled && g_str_has_suffix(now, ", running"))
        return true;
    g_auto(GStrv) words = g_strsplit(enabled ? now : "enabled", ", ", 2);
    g_autofree char *after = g_strdup_printf("%s, running", words[0]);
    Change *change = resolver_change(goal, CHANGE_SERVICE, unit);
    change_set_states(change, now, after);
    const char *const start[] = {"systemctl", "start", unit, NULL};
    const char *const enable[] = {"systemctl", "enable", "--now", unit, NULL};
    change->command = g_strdupv((GStrv)(enabled ? start : enable));
    return plan_add(resolver->plan, change, error);
}

static bool resolve_group(Resolver *resolver, const Goal *goal, GError **error)
{
    static const char FILES[] = "/etc/group /etc/gshadow /etc/group- /etc/gshadow-";
    g_autofree char *target = g_strdup_printf("%s in %s", goal->target, goal->value);
    g_autofree char *now = NULL;
    g_autoptr(Change) change = resolver_change(goal, CHANGE_GROUP, target);
    if (!KIND_GROUP.state(resolver->host, change, &now, error))
        return false;
    if (now != NULL)
        return true;
    const char *const argv[] = {"usermod", "-a", "-G", goal->value, goal->target, NULL};
    change_set_states(change, NULL, "member");
    change->command = g_strdupv((GStrv)argv);
    change->outputs = g_strsplit(FILES, " ", -1);
    return plan_add(resolver->plan, g_steal_pointer(&change), error);
}

static bool resolve_command(Resolver *resolver, const Goal *goal, GError **error)
{
    g_autofree char *now = NULL;
    g_autoptr(Change) change = resolver_change(goal, CHANGE_COMMAND, goal->target);
    change->rank = RANK_SERVICE;
    change->command = g_strdupv(goal->argv);
    const Kind *kind = command_kind(goal->argv);
    if (kind != NULL) {
        g_autofree char *after = command_kind_after(goal->argv);
        if (!kind->state(resolver->host, change, &now, error))
            return false;
        if (g_strcmp0(now, after) == 0)
            return true;
        change_set_states(change, now, after);
    }
    return plan_add(resolver->plan, g_steal_pointer(&change), error);
}

static bool resolve_goal(Resolver *resolver, const Goal *goal, GError **error)
{
    switch (goal->kind) {
    case GOAL_KERNEL_ARGUMENT:
    case GOAL_NO_KERNEL_ARGUMENT:
        return resolve_kernel_argument(resolver, goal, error);
    case GOAL_FILE:
        return resolve_file(resolver, goal, error);
    case GOAL_SETTING:
        return resolve_setting(resolver, goal, error);
    case GOAL_PACKAGES:
        return resolve_packages(resolver, goal, error);
    case GOAL_SERVICE:
        return resolve_service(resolver, goal, error);
    case GOAL_GROUP:
        return resolve_group(resolver, goal, error);
    case GOAL_EARLY_MODULES:
        return resolve_early_modules(resolver, goal, error);
    case GOAL_COMMAND:
        return resolve_command(resolver, goal, error);
    case GOAL_BRIDGE:
        return resolve_bridge(resolver, goal, error);
    case GOAL_KINDS:
        break;
    }
    return true;
}

Plan *apply_resolve(const ApplyHost *host, const HostTraits *traits, const GPtrArray *goals,
                    GError **error)
{
    g_autoptr(Plan) plan = plan_new();
    Resolver resolver = {.host = host, .traits = traits, .plan = plan};
    for (guint i = 0; i < goals->len; i++)
        if (!resolve_goal(&resolver, goals->pdata[i], error))
            return NULL;
    plan_sort(plan);
    return g_steal_pointer(&plan);
}
