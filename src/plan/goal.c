/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/goal.h"

Goal *goal_new(const char *step, GoalKind kind, const char *target, const char *why)
{
    Goal *goal = g_new0(Goal, 1);
    goal->step = g_strdup(step);
    goal->kind = kind;
    goal->target = g_strdup(target);
    goal->why = g_strdup(why);
    return goal;
}

void goal_free(Goal *goal)
{
    if (goal == NULL)
        return;
    g_free(goal->step);
    g_free(goal->target);
    g_free(goal->name);
    g_free(goal->value);
    g_strfreev(goal->argv);
    g_free(goal->why);
    g_free(goal);
}

static void free_goal(gpointer data)
{
    goal_free(data);
}

GPtrArray *goals_new(void)
{
    return g_ptr_array_new_with_free_func(free_goal);
}

Goal *goal_kernel_argument(const char *step, const char *argument, const char *why)
{
    Goal *goal = goal_new(step, GOAL_KERNEL_ARGUMENT, argument, why);
    goal->restart = true;
    return goal;
}

Goal *goal_no_kernel_argument(const char *step, const char *argument, const char *why)
{
    Goal *goal = goal_new(step, GOAL_NO_KERNEL_ARGUMENT, argument, why);
    goal->restart = true;
    return goal;
}

bool goal_is_rules(const char *path)
{
    return g_str_has_prefix(path, "/etc/udev/rules.d/");
}

Goal *goal_file(const char *step, const char *path, const char *content, const char *why)
{
    Goal *goal = goal_new(step, GOAL_FILE, path, why);
    goal->value = g_strdup(content);
    /* modprobe.d(5), udev(7): what is said there has to be in the initramfs for the modules and
     * devices that come there. */
    goal->initramfs = goal->restart =
        g_str_has_prefix(path, "/etc/modprobe.d/") || goal_is_rules(path);
    return goal;
}

Goal *goal_setting(const char *step, const char *path, const char *name, const char *value,
                   const char *why)
{
    Goal *goal = goal_new(step, GOAL_SETTING, path, why);
    goal->name = g_strdup(name);
    goal->value = g_strdup(value);
    return goal;
}

Goal *goal_packages(const char *step, const char *names, const char *why)
{
    return goal_new(step, GOAL_PACKAGES, names, why);
}

Goal *goal_service(const char *step, const char *unit, const char *why)
{
    return goal_new(step, GOAL_SERVICE, unit, why);
}

Goal *goal_group(const char *step, const char *user, const char *group, const char *why)
{
    Goal *goal = goal_new(step, GOAL_GROUP, user, why);
    goal->value = g_strdup(group);
    return goal;
}

Goal *goal_command(const char *step, const char *target, const char *const *argv, const char *why)
{
    Goal *goal = goal_new(step, GOAL_COMMAND, target, why);
    goal->argv = g_strdupv((GStrv)argv);
    return goal;
}

Goal *goal_bridge(const char *step, const char *bridge, const char *interface, const char *why)
{
    Goal *goal = goal_new(step, GOAL_BRIDGE, bridge, why);
    goal->value = g_strdup(interface);
    return goal;
}

Goal *goal_early_modules(const char *step, const char *modules, const char *why)
{
    Goal *goal = goal_new(step, GOAL_EARLY_MODULES, modules, why);
    goal->restart = goal->initramfs = true;
    return goal;
}
