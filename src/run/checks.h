/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "run/checks-list.h"
#include "run/guest.h"

/* Holds what the guest saw against the machine, each promise by itself. Returns PreflightCheck *s,
 * which the caller owns. Pure. */
GPtrArray *preflight_check(const Machine *machine, const GuestReport *guest);
