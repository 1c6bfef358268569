/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *id; /* "memory", "pci-display"; static */
    bool ok;
    char *expected, *found;
} PreflightCheck;

/* Adds a check to LIST, of PreflightCheck *. Takes EXPECTED and FOUND, of which NULL stands for
 * nothing; ID is static. */
void check_add(GPtrArray *list, const char *id, bool ok, char *expected, char *found);

void preflight_check_free(PreflightCheck *check);
