/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/preflight.h"

/* The parts of preflight_check(). */

/* Adds a check to LIST. Takes EXPECTED and FOUND; ID is static. */
void check_add(GPtrArray *list, const char *id, bool ok, char *expected, char *found);

/* What sits on the guest's PCI bus: disk, network, USB, display. */
void check_emulated(GPtrArray *list, const Machine *machine, const GuestReport *guest);

/* Each function of the host that the guest was given. */
void check_passed(GPtrArray *list, const Machine *machine, const GuestReport *guest);

/* The function at ADDRESS in the guest, or NULL. */
const GuestFunction *check_function(const GuestReport *guest, const char *address);
