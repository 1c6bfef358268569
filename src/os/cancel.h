/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Ctrl-C, SIGTERM and SIGHUP ask long operations to stop and clean up instead of ending the program
 * where it stands.
 */

/* Installs the handlers. Called once, by cli/. */
void os_cancel_install(void);

/* Whether such a signal has come. */
bool os_cancelled(void);

/* While held, signals are kept but nothing sees them: for taking back what was begun, which must
 * not stop half way. */
void os_cancel_hold(bool hold);

/* The signal's number, for the exit (128 + number, as shells count), or 0. */
int os_cancel_signal(void);

/* A descriptor that becomes readable when such a signal comes, for poll(2); -1 before install. */
int os_cancel_fd(void);

/* Returns false with ERROR_FAILED, "interrupted", when cancelled; else true. WHAT is what was being
 * done or made ("the image /srv/x.img"). */
bool os_check_cancel(const char *what, GError **error);
