/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * Work that may start daemons, in processes of its own:
 *
 *     program ── guard ── worker ── whatever the worker starts
 *
 * QEMU puts itself into the background: its parent ends and the kernel gives it to the nearest
 * ancestor that takes orphans. The guard is that ancestor (PR_SET_CHILD_SUBREAPER), so that
 *   - all that the worker started is a child of the guard when the worker is gone, and is killed
 *     there, without a guess about process numbers;
 *   - a QEMU that ended is collected at once. libvirt waits until it is; where process 1 is slow at
 *     that (containers), each of QEMU's ends takes it seconds.
 * The guard is in a session of its own and does not heed Ctrl-C, SIGTERM and SIGHUP. When the
 * program ends in whatever way, or lets it go, it stops the worker (SIGTERM, then SIGKILL).
 */
typedef struct {
    int life; /* the guard ends when this is closed */
    int out;  /* what the worker writes; end of file when it has ended */
} Guard;

/* Runs in the worker. Must heed SIGTERM. The worker ends with what it returns. */
typedef int (*GuardWork)(void *data, int out);

/* What guard_start() needs. */
typedef struct {
    const char *folder; /* removed if the program dies, and each QEMU that uses it is killed: one
                         * that a daemon started is not the worker's */
    GuardWork work;
    void *data;
    /* Called in the guard when the worker and all of it have ended; may be NULL. */
    void (*tidy)(void *data, pid_t worker);
    guint patience_ms; /* how long the worker may take to stop by itself */
} GuardJob;

/* The program must have no other threads. */
bool guard_start(Guard *guard, const GuardJob *job, GError **error);

/* Stops the worker if it still runs, waits until nothing of it is left, and closes all. Returns the
 * worker's exit status, or -1 when it was killed. */
int guard_finish(Guard *guard);
