/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/console.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The little of libvirt that is needed here. The library is loaded when it is first asked for: to
 * link it costs every start of the program some 7 ms and 50 shared libraries, and most commands do
 * without. libvirt.c is the only file that includes its headers.
 *
 * The embedded driver (qemu:///embed) runs in this process, with threads of its own.
 */

/* Loads the library, silences its own printing and starts the thread for its events. ERROR_MISSING
 * when it is not installed. */
bool lv_load(GError **error);

typedef struct LvConnection LvConnection;

void lv_close(LvConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LvConnection, lv_close)

/* A connection that is being made, in a thread of its own: libvirt waits without an end for a
 * daemon that does not answer. */
typedef struct LvOpening LvOpening;

/* Begins to connect. A byte is written to WAKE_FD (never blocking) when it is done. */
LvOpening *lv_open(const char *uri, int wake_fd);

/* Whether it is done; then CONNECTION is set, or NULL with an error: ERROR_MISSING when libvirt has
 * no driver for the URI, ERROR_FAILED else. Ask no more then. */
bool lv_opened(LvOpening *opening, LvConnection **connection, GError **error);

/* Gives up a connection that is not made yet. */
void lv_opening_free(LvOpening *opening);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LvOpening, lv_opening_free)

typedef enum {
    LV_RUNNING,
    LV_OFF,   /* it powered off, and libvirt is ending its QEMU */
    LV_ENDED, /* and QEMU is gone; also when it was stopped */
    LV_DIED,  /* QEMU failed or crashed */
} LvState;

typedef struct LvGuest LvGuest;

typedef struct {
    bool
        autodestroy; /* the daemon stops it when this connection ends; not in the embedded driver */
    Console *console; /* takes what comes over the first serial port; outlives the guest */
    int wake_fd; /* a byte is written here (never blocking) when the console or state changed */
} LvStart;

/* Starts a transient guest from its XML. Its processors run only when its console is open, so that
 * no output is lost. */
LvGuest *lv_start(LvConnection *connection, const char *xml, const LvStart *start, GError **error);

LvState lv_state(LvGuest *guest);

/* Whether its serial port is at its end, so that all of its output is in the console. */
bool lv_drained(LvGuest *guest);

/* Sends LENGTH bytes to its serial port; false when they could not be sent. */
bool lv_send(LvGuest *guest, const char *data, gsize length);

/* The screen of its first display, as libvirt gives it, at most MAX bytes. */
GBytes *lv_screenshot(LvGuest *guest, gsize max, GError **error);

/* Stops it at once if it still runs, and frees the handle. */
void lv_guest_free(LvGuest *guest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LvGuest, lv_guest_free)
