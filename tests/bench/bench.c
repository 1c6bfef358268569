/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 9

static bool over_limit;

typedef enum {
    OURS,
    THEIRS,
} Side;

static bool run_once(const BenchPair *pair, Side side, gpointer data, double *ret_seconds,
                     GError **error)
{
    if (pair->prepare != NULL && !pair->prepare(data, error))
        return false;
    BenchFunction function = side == OURS ? pair->run_ours : pair->run_theirs;
    gint64 start = g_get_monotonic_time();
    bool done = function(data, error);
    *ret_seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
    return done;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static double median(double *seconds, guint count)
{
    qsort(seconds, count, sizeof(double), compare);
    return count % 2 == 1 ? seconds[count / 2] : (seconds[count / 2 - 1] + seconds[count / 2]) / 2;
}

void bench_header(void)
{
    printf("%-26s %13s %13s %7s\n", "", "ours", "by hand", "ratio");
}

static void print_line(const BenchPair *pair, double ours, double theirs)
{
    double ratio = ours / theirs;
    printf("%-26s %10.1f ms %10.1f ms %7.2f", pair->name, ours * 1000, theirs * 1000, ratio);
    if (pair->limit > 0)
        printf("  at most %.2f: %s", pair->limit, ratio <= pair->limit ? "ok" : "TOO SLOW");
    printf("\n  %s / %s\n", pair->ours, pair->theirs);
    fflush(stdout);
    over_limit = over_limit || (pair->limit > 0 && ratio > pair->limit);
}

bool bench_pair(const BenchPair *pair, gpointer data, GError **error)
{
    guint rounds = pair->rounds != 0 ? pair->rounds : ROUNDS;
    g_autofree double *ours = g_new0(double, rounds + 1);
    g_autofree double *theirs = g_new0(double, rounds + 1);
    for (guint round = 0; round <= rounds; round++) {
        Side first = round % 2 == 0 ? OURS : THEIRS;
        for (guint turn = 0; turn < 2; turn++) {
            Side side = turn == 0 ? first : (first == OURS ? THEIRS : OURS);
            double *place = side == OURS ? &ours[round] : &theirs[round];
            if (!run_once(pair, side, data, place, error))
                return false;
        }
    }
    /* Round 0 filled the caches. */
    print_line(pair, median(ours + 1, rounds), median(theirs + 1, rounds));
    return true;
}

int bench_status(void)
{
    return over_limit ? 1 : 0;
}
