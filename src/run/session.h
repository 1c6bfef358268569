/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "run/folder.h"
#include "run/guard.h"
#include "run/options.h"
#include "run/worker.h"

#include <glib.h>
#include <stdbool.h>

/*
 * One guest on throw-away files, from its start to its end, in processes of its own (run/guard.h).
 * However this ends, nothing of it stays.
 *
 *     g_auto(Session) session = {.machine = machine, .options = options};
 *     if (!session_begin(&session, error)) ...
 *     ... put files into session.folder, name them in session.job.files ...
 *     if (!session_run(&session, error)) ...
 *     ... read what is left in session.folder ...
 */
typedef struct {
    const Machine *machine;
    const PreflightOptions *options;
    char *(*guest_words)(const char *serial, gsize length); /* a sentence of what the guest said,
                                                             * for an error; may be NULL */
    RunFolder *folder;
    char *domain;
    WorkerJob job; /* files and wait are for the caller to fill */
    char *uuid;    /* that the guest was given */
    char *connection;
    char *reported; /* what the worker said with WORKER_REPORTED; NULL: nothing */
    double seconds;
    /* of session.c */
    Guard guard;
    GString *line;
    GError *problem;
} Session;

void session_progress(const Session *session, const char *what);

/* Checks what can be checked before, and makes the run folder. */
bool session_begin(Session *session, GError **error);

/* Runs the guest until the worker has reported, or fails with the worker's error and QEMU's own
 * words. ERROR_MISSING without libvirt's QEMU driver, QEMU or firmware. */
bool session_run(Session *session, GError **error);

/* What came over the serial port. The caller owns it. */
char *session_serial(const Session *session, gsize *ret_length, GError **error);

/* Writes the picture of the screen, where there is one and it was asked for. */
bool session_picture(const Session *session, char **ret_path, GError **error);

void session_clear(Session *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Session, session_clear)
