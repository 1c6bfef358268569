/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "os/root.h"

typedef struct {
    bool private_too; /* serial numbers, MAC addresses, UUIDs and host names as well */
} FactsOptions;

/* Reads the host below ROOT. Never fails: what cannot be read is unknown. Without private_too,
 * UUIDs and MAC addresses inside other text (the kernel's command line) are replaced by
 * "REDACTED". */
Facts *facts_collect(const OsRoot *root, const FactsOptions *options);
