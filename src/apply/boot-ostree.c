/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/resolver.h"

#include "apply/host.h"
#include "apply/kind.h"
#include "plan/arguments.h"

#include <string.h>

/* rpm-ostree keeps the arguments with each deployment; `rpm-ostree kargs` prints those of the next
 * start and makes a new deployment with others (rpm-ostree(1)). */
static const char *const SHOW[] = {"rpm-ostree", "kargs", NULL};

/* A deployment is a tree of its own; on a slow disk that takes minutes. */
#define DEPLOYMENT_TIMEOUT_S (30 * 60)

bool ostree_makes_initramfs(const Resolver *resolver)
{
    return os_exists(resolver->host->root, "run/ostree-booted") &&
           host_has_program(resolver->host, SHOW[0]);
}

static char *read_line(const ApplyHost *host, GError **error)
{
    g_autoptr(OsOutput) output = host_run(host, SHOW, 0, false, error);
    return output != NULL ? g_strdup(g_strstrip(output->out)) : NULL;
}

static bool lines(const Resolver *resolver, GPtrArray *list, GError **error)
{
    char *line = read_line(resolver->host, error);
    if (line != NULL)
        g_ptr_array_add(list, line);
    return line != NULL;
}

static void add_options(GStrvBuilder *argv, const char *option, const char *arguments)
{
    g_auto(GStrv) words = arguments_of(arguments != NULL ? arguments : "");
    for (guint i = 0; words[i] != NULL; i++) {
        g_autofree char *word = g_strconcat(option, words[i], NULL);
        g_strv_builder_add(argv, word);
    }
}

/* The command that has NEW in the place of OLD; either may be NULL. */
static GStrv exchange(const char *old, const char *new)
{
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
    g_strv_builder_add_many(argv, SHOW[0], SHOW[1], NULL);
    add_options(argv, "--delete-if-present=", old);
    add_options(argv, "--append-if-missing=", new);
    return g_strv_builder_end(argv);
}

static bool edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                 GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    if (!lines(resolver, list, error))
        return false;
    if (argument_is_so(argument, list->pdata[0]))
        return true;
    change->command = exchange(change->before, change->after);
    change->revert = exchange(change->after, change->before);
    change_add_effect_program(change, SHOW, argument->argument, argument->drop);
    return true;
}

const BootLoader BOOT_RPM_OSTREE = {
    .name = "rpm-ostree", .keeps = ostree_makes_initramfs, .lines = lines, .edit = edit};

static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    g_autofree char *line = read_line(host, error);
    *ret_state = line != NULL ? arguments_with_key(line, change->target) : NULL;
    return line != NULL;
}

static bool inventory(const ApplyHost *host, const Change *change, char **ret_text, GError **error)
{
    *ret_text = read_line(host, error);
    return *ret_text != NULL;
}

/* The command that makes the line NOW the line BEFORE, in its order: of several arguments of one
 * key the last counts. */
static GStrv restoration(const char *now, const char *before)
{
    g_auto(GStrv) old = arguments_of(now), new = arguments_of(before);
    g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
    guint same = 0;
    while (old[same] != NULL && new[same] != NULL && strcmp(old[same], new[same]) == 0)
        same++;
    g_autofree char *gone = g_strjoinv(" ", old + same);
    g_autofree char *back = g_strjoinv(" ", new + same);
    g_strv_builder_add_many(argv, SHOW[0], SHOW[1], NULL);
    add_options(argv, "--delete-if-present=", gone);
    add_options(argv, "--append=", back);
    return g_strv_builder_end(argv);
}

/* Where somebody changed other arguments since, those stay, and this one alone is exchanged. */
static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    g_autofree char *now = read_line(host, error);
    if (now == NULL)
        return false;
    if (before == NULL || strcmp(now, before) == 0)
        return true;
    bool as_left = after == NULL || strcmp(now, after) == 0;
    g_auto(GStrv) argv = as_left ? restoration(now, before) : g_strdupv(change->revert);
    g_autoptr(OsOutput) output =
        host_run(host, (const char *const *)argv, DEPLOYMENT_TIMEOUT_S, false, error);
    return output != NULL;
}

const Kind KIND_OSTREE_ARGUMENT = {
    .state = state, .inventory = inventory, .revert = revert, .timeout_s = DEPLOYMENT_TIMEOUT_S};

/* `rpm-ostree initramfs-etc` keeps copies of files of /etc in an archive that is started beside the
 * image of the system, which stays as it was signed and is made anew by no dracut; they come along
 * with each update (rpm-ostree(1)). */
static const char *const TRACKED[] = {"rpm-ostree", "initramfs-etc", NULL};

static bool lists_line(const char *text, const char *wanted)
{
    g_auto(GStrv) found = g_strsplit(text, "\n", -1);
    for (guint i = 0; found[i] != NULL; i++)
        if (strcmp(g_strstrip(found[i]), wanted) == 0)
            return true;
    return false;
}

bool resolve_ostree_initramfs(Resolver *resolver, const Goal *goal, const char *path, bool changed,
                              GError **error)
{
    g_autofree char *track = g_strconcat("--track=", path, NULL);
    g_autofree char *untrack = g_strconcat("--untrack=", path, NULL);
    g_autoptr(OsOutput) output = host_run(resolver->host, TRACKED, 0, false, error);
    if (output == NULL)
        return false;
    bool tracked = lists_line(output->out, path);
    if (tracked && !changed)
        return true;
    const char *const make[] = {TRACKED[0], TRACKED[1], tracked ? "--force-sync" : track, NULL};
    const char *const take[] = {TRACKED[0], TRACKED[1], tracked ? "--force-sync" : untrack, NULL};
    Change *command = resolver_command(goal, RANK_INITRAMFS, "initramfs", make, NULL);
    command->tool = g_strdup(TRACKED[0]);
    command->why = g_strdup("The initramfs holds a copy of the file, for what is needed before the "
                            "root file system is there.");
    g_strfreev(command->revert);
    command->revert = g_strdupv((GStrv)take);
    change_add_effect_program(command, TRACKED, path, false);
    return plan_add(resolver->plan, command, error);
}
