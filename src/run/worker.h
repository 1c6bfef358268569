/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "render/render.h"
#include "run/lent.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * One guest, from its start to its end, in a process of its own (run/guard.h). It tells how it goes
 * in messages: lines of a word, a space and a text in which control characters are escaped.
 */
#define WORKER_PROGRESS "progress"
#define WORKER_CONNECTION "connection" /* the URI */
#define WORKER_UUID "uuid"             /* of the domain */
#define WORKER_REPORTED "reported"     /* what was waited for has come: see WorkerWait */
#define WORKER_SECONDS "seconds"       /* from the guest's start to its end */
#define WORKER_ERROR "error"           /* code, a space, the message */

/* What the worker leaves in the run folder. */
#define WORKER_SERIAL "serial" /* what came over the serial port */
#define WORKER_SCREEN "screen" /* the picture of the screen, as QEMU gave it */
#define WORKER_EMBED "e"       /* folder of the embedded driver */

/* What the guest is to do. */
typedef enum {
    WORKER_WAIT_REPORT, /* the probe reports and the guest powers off; said with "" */
    WORKER_WAIT_PICKER, /* the boot loader comes to an end: one of the words below */
} WorkerWait;

#define WORKER_END_PICKER "picker" /* OpenCore's log says that the picker is up */
#define WORKER_END_HALTED "halted" /* it says that it stops */
#define WORKER_END_STILL "still"   /* it says nothing any more, and the screen stays as it is */
#define WORKER_END_OFF "off"       /* the guest powered off or restarted */
#define WORKER_END_TIME "time"     /* the time was up */

typedef struct {
    const Machine *machine;
    WorkerWait wait;
    RenderFiles files;   /* name and uuid are chosen by the worker */
    const char *folder;  /* the run folder */
    const char *domain;  /* name for the domain */
    const char *connect; /* URI; NULL: see PreflightOptions */
    const char *cache_folder;
    const char *qemu_user;
    const LentFile *lent; /* NULL: nothing */
    bool screenshot;
    guint timeout_ms;
} WorkerJob;

/* Does JOB and writes the messages to OUT. 0 when the guest reported; else an error was sent. A
 * GuardWork. */
int worker_run(void *job, int out);

/* Removes what libvirt left of WORKER, which has ended, outside the run folder, and gives back what
 * was lent to JOB. */
void worker_tidy(void *job, pid_t worker);
