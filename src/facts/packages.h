/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "os/root.h"

/* The version of the package NAME as dpkg's and pacman's databases have it, without what the
 * distribution adds: "1:7.2+dfsg-7+deb12u7" is "7.2". NULL when it is not installed there. */
char *package_version(const OsRoot *root, const char *name);

/* The installed packages that matter to a hypervisor, of PackageFacts *, by name; NULL where
 * neither dpkg's nor pacman's database is there. The caller owns it. */
GPtrArray *packages_installed(const OsRoot *root);
