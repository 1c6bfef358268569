/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/kext.h"

/* Reads and checks the kext at PATH, which messages call NAME: its Info.plist, that its executable
 * is there and is one, and for which processors (RET_PROCESSORS: BINARY_*, 0 where it has no code).
 * ERROR_INPUT. The caller owns it. */
Kext *bundle_check(const char *path, const char *name, guint *ret_processors, GError **error);
