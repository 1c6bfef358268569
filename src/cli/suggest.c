/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/suggest.h"

#include <string.h>

enum { WORD_MAX = 32 };

/* Edit distance with swaps of neighbours (optimal string alignment). */
static guint distance(const char *a, const char *b)
{
    guint cost[WORD_MAX + 1][WORD_MAX + 1];
    gsize a_length = strlen(a), b_length = strlen(b);

    for (gsize i = 0; i <= a_length; i++) {
        for (gsize j = 0; j <= b_length; j++) {
            if (i == 0 || j == 0) {
                cost[i][j] = (guint)(i + j);
                continue;
            }
            guint best = cost[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            best = MIN(best, MIN(cost[i - 1][j], cost[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = MIN(best, cost[i - 2][j - 2] + 1);
            cost[i][j] = best;
        }
    }
    return cost[a_length][b_length];
}

const char *suggest_nearest(const char *word, const GPtrArray *names)
{
    const char *nearest = NULL;
    guint least = G_MAXUINT;

    if (strlen(word) > WORD_MAX)
        return NULL;
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        if (strlen(name) > WORD_MAX)
            continue;
        guint edits = distance(word, name);
        if (edits < least && edits <= MAX(strlen(name) / 3, 1)) {
            least = edits;
            nearest = name;
        }
    }
    return nearest;
}
