/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/parts.h"

/*
 * Copies what the table has of PART from the folder FROM, into which it was unpacked, to the empty
 * folder TO, and checks each: headers of programs, and of kexts the Info.plist, the executable and
 * its processors.
 *
 * With WHOLE everything must be there (ERROR_INPUT). RET_COUNT is how many files and bundles there
 * were; RET_VERSION the version that the part's own kext gives itself, NULL where it has none.
 */
bool parts_take(const Parts *parts, const Part *part, const char *from, const char *to, bool whole,
                guint *ret_count, char **ret_version, GError **error);
