/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#define MOST_HOLDS 8

/* Why what is in use may hang on any function of a kind: the first reason is kept. */
static void doubt(Verdict *verdict, const HostObstacle **place, const HostObstacle *about)
{
    if (*place != NULL)
        return;
    HostObstacle *obstacle = obstacle_add(verdict, about->id, ANSWER_UNKNOWN, about->text);
    obstacle->what = about->what;
    obstacle->command = about->command;
    *place = obstacle;
}

void host_uses_doubt_storage(HostUses *uses, const char *text)
{
    doubt(uses->verdict, &uses->storage,
          &(HostObstacle){
              .id = "disks",
              .text = text,
              .what = "what the host's disks hang on",
              .command = "ls -l /sys/block; lsblk -Po KNAME,NAME,PKNAME,TYPE,FSTYPE,MOUNTPOINT",
          });
}

void host_uses_doubt_network(HostUses *uses, const char *text)
{
    doubt(uses->verdict, &uses->network,
          &(HostObstacle){
              .id = "network",
              .text = text,
              .what = "by which card the default route leaves",
              .command = "ip route show default; ls -l /sys/class/net /sys/class/net/*/master",
          });
}

void host_uses_doubt_display(HostUses *uses, const char *text)
{
    doubt(uses->verdict, &uses->display,
          &(HostObstacle){
              .id = "displays",
              .text = text,
              .what = "which card shows the console or a session",
              .command = "ls -l /sys/class/drm /sys/class/graphics; grep -hE '^(TYPE|DEVICES)=' "
                         "/run/systemd/sessions/*",
          });
}

void host_uses_doubt_absent(HostUses *uses, void (*add)(HostUses *uses, const char *text))
{
    GHashTableIter iter;
    gpointer address, holds;

    g_hash_table_iter_init(&iter, uses->holds);
    while (g_hash_table_iter_next(&iter, &address, &holds)) {
        if (g_hash_table_contains(uses->verdict->by_address, address))
            continue;
        const Hold *hold = &g_array_index((GArray *)holds, Hold, 0);
        add(uses, say(uses->verdict,
                      "Facts do not fit together: %s, and no such function is known, so that it "
                      "may be another one of its kind",
                      hold->text));
        g_hash_table_iter_remove(&iter);
    }
}

HostUses *host_uses_new(Verdict *verdict)
{
    HostUses *uses = g_new0(HostUses, 1);
    uses->verdict = verdict;
    uses->holds =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    return uses;
}

void host_uses_free(HostUses *uses)
{
    if (uses == NULL)
        return;
    g_hash_table_unref(uses->holds);
    g_free(uses);
}

void host_uses_add(HostUses *uses, const char *address, Answer answer, const char *what)
{
    GArray *holds = g_hash_table_lookup(uses->holds, address);

    if (holds == NULL) {
        holds = g_array_new(FALSE, FALSE, sizeof(Hold));
        g_hash_table_insert(uses->holds, (gpointer)say(uses->verdict, "%s", address), holds);
    }
    /* The first is kept if it is a "no"; an "unknown" gives way to a later "no". */
    if (holds->len == MOST_HOLDS) {
        Hold *last = &g_array_index(holds, Hold, MOST_HOLDS - 1);
        if (answer != ANSWER_NO || last->answer == ANSWER_NO)
            return;
        g_array_set_size(holds, MOST_HOLDS - 1);
    }
    Hold hold = {answer, say(uses->verdict, "%s %s", address, what)};
    for (guint i = 0; i < holds->len; i++) {
        if (g_array_index(holds, Hold, i).text == hold.text)
            return;
    }
    g_array_append_val(holds, hold);
}

const GArray *host_uses_of(const HostUses *uses, const PciFunction *function)
{
    return g_hash_table_lookup(uses->holds, function->address);
}
