/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"
#include "os/root.h"

/*
 * Who uses the host's screens, as systemd-logind records it in run/systemd/sessions: a file a
 * session, a line a property (sd-login(3); the compositor takes its devices from logind, whose
 * record then has their numbers in DEVICES).
 */
typedef struct {
    Tri graphical;       /* a graphical session runs on a seat */
    GHashTable *devices; /* set of char *: numbers of the DRM cards that sessions took, "226:0" */
    bool untold;         /* a graphical session runs that did not take its cards from logind */
} SeatUse;

void seat_use_read(const OsRoot *root, SeatUse *ret_use);
void seat_use_clear(SeatUse *use);
