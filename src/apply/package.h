/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Package managers. What one installs beside the packages that were asked for is known by the list
 * of all packages before and after; an undo removes what came, and nothing that was there before.
 */
typedef struct {
    const char *name;
    const char *const
        *install; /* names follow; nothing is removed, nothing recommended comes along */
    const char *const
        *simulate;           /* names follow; fails when they cannot be had. NULL: no way to ask */
    const char *const *list; /* prints "STATE NAME" or NAME lines of all packages */
    const char *const
        *test_removal;         /* names follow; fails when others need them. NULL: REMOVE does */
    const char *const *remove; /* names follow */
    const char *const *repair; /* after it was killed; NULL: nothing to repair */
    bool restart;              /* what it installs is there after a restart */
} PackageManager;

/* The host's, by the programs that it has; NULL when there is none that is known. */
const PackageManager *package_manager(const ApplyHost *host);

/* The manager of that name, or NULL. */
const PackageManager *package_manager_named(const char *name);

/* The names among NAMES that are not installed. NULL with an error. */
GStrv package_missing(const ApplyHost *host, const PackageManager *manager,
                      const char *const *names, GError **error);

/* The packages of MANAGER for PURPOSES, each once: those of data/packages.table, and what is no
 * purpose there as it is. NULL with an error. */
GStrv package_names(const PackageManager *manager, const char *const *purposes, GError **error);

/* ARGV and then NAMES. The caller owns it. */
GStrv package_vector(const char *const *argv, const char *const *names);
