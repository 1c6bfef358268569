/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/*
 * What the host would lose with the PCI function at ADDRESS: "0000:01:00.0 holds / (nvme0n1p2)" for
 * a mounted file system or swap space on it, "... carries the default route (enp3s0)". NULL:
 * nothing of the kind is known. The caller owns it. This is asked beside the verdict because
 * --force overrides verdicts, but never this.
 */
char *held_by_host(const Facts *facts, const char *address);
