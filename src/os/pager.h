/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Standard output through a pager, for people at a terminal.
 *
 *     OsPager pager;
 *     os_pager_begin(&pager, argv);
 *     puts("...");
 *     os_pager_end(&pager);
 *
 * The pager has the terminal while it runs; Ctrl-C is its business then.
 */
typedef struct {
    int terminal; /* standard output as it was; -1: there is no pager */
    int pid;
} OsPager;

/* Starts ARGV (ARGV[0] is looked up in PATH) and turns standard output into its input. False, and
 * nothing is changed, when it cannot be started. */
bool os_pager_begin(OsPager *pager, const char *const *argv);

/* Ends its input, waits for it and gives standard output back. What it did not read, because it was
 * left early, is dropped without an error. Does nothing where none was started. */
void os_pager_end(OsPager *pager);
