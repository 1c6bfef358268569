/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

/* The version of the package NAME as dpkg's and pacman's databases have it, without what the
 * distribution adds: "1:7.2+dfsg-7+deb12u7" is "7.2". NULL when it is not installed there. */
char *package_version(const OsRoot *root, const char *name);
