/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "facts/options.h"
#include "os/root.h"

/* Reads the host below ROOT. Never fails: what cannot be read is unknown. Without private_too,
 * UUIDs and MAC addresses inside other text (the kernel's command line) are replaced by
 * "REDACTED". */
Facts *facts_collect(const OsRoot *root, const FactsOptions *options);
