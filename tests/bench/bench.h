/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Two ways to the same end, measured in turn in one run: each round runs both, and who goes first
 * changes with the round, so that neither has the warmer caches nor the quieter machine. The ratio
 * is that of the medians.
 *
 *     static const BenchPair PAIR = {.name = "scan", .ours = "rootstock scan",
 *                                    .theirs = "lspci -nnk", .run_ours = scan,
 *                                    .run_theirs = lspci, .limit = 1.5};
 *     bench_header();
 *     if (!bench_pair(&PAIR, NULL, &error)) ...
 */
typedef bool (*BenchFunction)(gpointer data, GError **error);

typedef struct {
    const char *name;
    const char *ours;
    const char *theirs;
    BenchFunction run_ours;
    BenchFunction run_theirs;
    BenchFunction prepare; /* before each run, not measured; may be NULL */
    guint rounds;          /* measured; 0: 9. One more goes before them unmeasured */
    double limit;          /* the ratio that is promised; 0: none */
} BenchPair;

/* Prints the table's first line. */
void bench_header(void);

/* Measures one pair and prints its line. An error is one of the functions that it runs; a ratio
 * over the limit is said in the line, and by bench_status(). */
bool bench_pair(const BenchPair *pair, gpointer data, GError **error);

/* The exit status for main(): 0 when every ratio kept its limit, else 1. */
int bench_status(void);
