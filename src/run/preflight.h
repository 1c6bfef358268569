/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "run/checks.h"
#include "run/guest.h"
#include "run/options.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Boots a machine's firmware with the probe instead of an operating system, on throw-away disks and
 * a throw-away variable store, and holds what the guest sees against the machine.
 */
typedef struct {
    bool booted;        /* the probe reported */
    double seconds;     /* from the start of the guest to its end */
    GuestReport *guest; /* NULL when it did not boot */
    GPtrArray *checks;  /* of PreflightCheck * */
    char *screenshot;   /* path of the PNG; NULL: none */
    char *connection;   /* URI that was used */
} Preflight;

/* Runs it. However this ends (success, failure, a signal, even a kill), no QEMU of it stays and its
 * run folder goes. An error means that the guest did not report: ERROR_MISSING without libvirt's
 * QEMU driver, QEMU or firmware; ERROR_FAILED with the end of QEMU's own log when it died or the
 * time was up. Checks that are not ok are no error. */
Preflight *preflight_run(const Machine *machine, const PreflightOptions *options, GError **error);
void preflight_free(Preflight *preflight);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Preflight, preflight_free)

bool preflight_all_ok(const Preflight *preflight);
