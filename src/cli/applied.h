/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"
#include "path/path.h"

#include <glib.h>
#include <stdbool.h>

/* What was applied to a host, as the path takes it. */
typedef struct {
    GPtrArray *entries; /* of ApplyEntry *, whose texts CHANGES has */
    GPtrArray *changes; /* of PathApplied *, the oldest first */
    bool hidden;        /* there is a journal, and this user may not read it */
} Applied;

/* What stands of what was applied to the host at ROOT, and whether that has started since. A
 * journal that cannot be read is no error: then nothing is known. */
Applied *applied_read(const OsRoot *root);
void applied_free(Applied *applied);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Applied, applied_free)
