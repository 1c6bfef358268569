/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/* What the writer and the reader of snapshots agree on. */
#define SNAPSHOT_SCHEMA 1

static const char *const SNAPSHOT_BAR_KINDS[] = {
    [BAR_MEMORY_32] = "memory32",
    [BAR_MEMORY_64] = "memory64",
    [BAR_IO] = "io",
};
