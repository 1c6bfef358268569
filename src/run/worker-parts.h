/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/libvirt.h"
#include "run/worker.h"

/* Parts of worker.c. */
typedef struct {
    const WorkerJob *job;
    int out;
    int wake[2];
    Console *console; /* never freed: libvirt's thread may append until the process ends */
    char *embed;      /* folder of the embedded driver; NULL: a daemon */
    GTimer *timer;    /* since the guest's start */
} Worker;

/* What a picture of the screen may take, in bytes. */
#define WORKER_SCREEN_MAX (64 * 1024 * 1024)
#define WORKER_DRAIN_MS 2000 /* for the last words of a guest that is off */

/* A time from now. */
gint64 worker_deadline(guint milliseconds);

/* Waits until something happened or LIMIT (monotonic) has come; false when it has, or on a stop. */
bool worker_wait(const Worker *worker, gint64 limit);

/* Whether the worker was asked to stop. */
bool worker_is_stopped(void);

/* Waits until the boot loader has come to an end, and says to which: WORKER_END_PICKER .. NULL when
 * QEMU died or the worker was asked to stop. */
const char *worker_await_picker(const Worker *worker, LvGuest *guest, GError **error);
