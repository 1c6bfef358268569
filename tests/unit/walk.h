/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/*
 * The path of a host for a test, with the verdict that it refers to. The facts must outlive it.
 *
 *     g_auto(Walk) walk = walk_path(facts);
 */
typedef struct {
    Verdict *verdict;
    Path *path;
} Walk;

/* The catalog of all tests; loaded at the first use. */
const Catalog *walk_catalog(void);

Walk walk_path(const Facts *facts);
void walk_clear(Walk *walk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)
