/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/network.h"
#include "apply/host.h"
#include "apply/kind.h"

#include <string.h>

/*
 * libvirt's networks: `virsh [-c URI] net-start NAME` and `net-autostart NAME` (virsh(1)). What a
 * network is now is in the lines "Active: yes" and "Autostart: no" of `net-info`.
 */
static const struct {
    const char *verb, *field, *inverse, *option;
} VERBS[] = {
    {"net-start", "Active:", "net-destroy", NULL},
    {"net-autostart", "Autostart:", "net-autostart", "--disable"},
};

/* The row of the verb in ARGV, and its place there; -1: it has none. */
static int find_verb(char *const *argv, guint *ret_place)
{
    for (guint i = 1; strcmp(argv[0], "virsh") == 0 && argv[i] != NULL; i++)
        for (guint row = 0; row < G_N_ELEMENTS(VERBS); row++)
            if (strcmp(argv[i], VERBS[row].verb) == 0 && argv[i + 1] != NULL &&
                argv[i + 2] == NULL) {
                *ret_place = i;
                return (int)row;
            }
    return -1;
}

bool network_is(char *const *argv)
{
    guint place = 0;
    return find_verb(argv, &place) >= 0;
}

char *network_after(char *const *argv)
{
    return g_strdup("yes");
}

/* "yes" or "no" of the line FIELD; NULL when there is none. */
static char *field_of(const char *text, const char *field)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (g_str_has_prefix(lines[i], field))
            return g_strdup(g_strstrip(lines[i] + strlen(field)));
    return NULL;
}

/* ARGV with VERB in the place PLACE, and OPTION at the end. */
static GStrv with_verb(char *const *argv, guint place, const char *verb, const char *option)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (guint i = 0; argv[i] != NULL; i++)
        g_strv_builder_add(builder, i == place ? verb : argv[i]);
    if (option != NULL)
        g_strv_builder_add(builder, option);
    return g_strv_builder_end(builder);
}

static bool state(const ApplyHost *host, const Change *change, char **ret_state, GError **error)
{
    guint place = 0;
    int row = find_verb(change->command, &place);
    *ret_state = NULL;
    /* Before its package is there, no network is known. */
    if (!host_has_program(host, "virsh"))
        return true;
    g_auto(GStrv) argv = with_verb(change->command, place, "net-info", NULL);
    g_autoptr(OsOutput) output = host_run(host, (const char *const *)argv, 0, true, error);
    if (output == NULL)
        return false;
    if (output->status == 0)
        *ret_state = field_of(output->out, VERBS[row].field);
    return true;
}

static bool revert(const ApplyHost *host, const Change *change, const char *before,
                   const char *after, GError **error)
{
    guint place = 0;
    int row = find_verb(change->command, &place);
    g_autofree char *now = NULL;
    if (!state(host, change, &now, error))
        return false;
    if (g_strcmp0(before, "yes") == 0 || g_strcmp0(now, "yes") != 0)
        return true;
    g_auto(GStrv) argv = with_verb(change->command, place, VERBS[row].inverse, VERBS[row].option);
    g_autoptr(OsOutput) output = host_run(host, (const char *const *)argv, 0, false, error);
    return output != NULL;
}

/* What it is just before the change: libvirt's package may have started it. */
static bool inventory(const ApplyHost *host, const Change *change, char **ret_text, GError **error)
{
    return state(host, change, ret_text, error);
}

const Kind KIND_NETWORK = {.state = state, .inventory = inventory, .revert = revert};
