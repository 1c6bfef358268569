/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "run/guest.h"

/* The parts of preflight_check() that have files of their own. Each adds its checks to LIST. */

/* What sits on the guest's PCI bus: disk, network, USB, display. */
void check_emulated(GPtrArray *list, const Machine *machine, const GuestReport *guest);

/* Each function of the host that the guest was given. */
void check_passed(GPtrArray *list, const Machine *machine, const GuestReport *guest);
