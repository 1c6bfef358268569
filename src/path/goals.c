/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/path.h"

static const struct {
    const char *name;   /* as in CLI.md */
    const char *phrase; /* before the target */
} KINDS[] = {
    [GOAL_KERNEL_ARGUMENT] = {"kernel-argument", "the kernel argument"},
    [GOAL_NO_KERNEL_ARGUMENT] = {"kernel-argument", "no more the kernel argument"},
    [GOAL_FILE] = {"file", "the file"},
    [GOAL_SETTING] = {"setting", "a setting in"},
    [GOAL_PACKAGES] = {"package", "what has to be installed for"},
    [GOAL_SERVICE] = {"service", "enabled and started, the unit"},
    [GOAL_GROUP] = {"group", "you in the group"},
    [GOAL_EARLY_MODULES] = {"file", "in the initial RAM file system, the module"},
    [GOAL_COMMAND] = {"command", "once, the command"},
    [GOAL_BRIDGE] = {"command", "with the host's network card as its port, the bridge"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(KINDS) == GOAL_KINDS);

const char *step_goal_kind(const Goal *goal)
{
    return KINDS[goal->kind].name;
}

char *step_goal_describe(const Goal *goal)
{
    g_autofree char *command = goal->argv != NULL ? g_strjoinv(" ", goal->argv) : NULL;
    const char *what = command != NULL            ? command
                       : goal->kind == GOAL_GROUP ? goal->value
                                                  : goal->target;
    return g_strdup_printf("%s `%s`", KINDS[goal->kind].phrase, what);
}
