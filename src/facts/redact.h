/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/*
 * Replaces by "REDACTED" what tells one machine from another inside the texts of FACTS: UUIDs and
 * file system ids, MAC addresses, machine ids, serial numbers in names below /dev/disk/by-id, and
 * the host's name HOST (which may be NULL) in names of volumes and of USB devices and where the
 * kernel's command line gives it. Network interfaces that are named after their MAC
 * address get a number instead, the same wherever they are named.
 */
void facts_redact(Facts *facts, const char *host);

/* One text; the caller owns the result. */
char *redact_text(const char *text);
