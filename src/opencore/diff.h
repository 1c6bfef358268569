/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "opencore/plist.h"
#include "opencore/schema.h"

/*
 * Two configurations compared by what they mean: order of keys, comments, keys that begin with #
 * (comments to OpenCore) and ways to write a number do not count, and elements of an array are
 * matched by what they are (a kext by its bundle, a driver by its file), not by their place.
 */
typedef enum {
    DIFFERENCE_ADDED,
    DIFFERENCE_REMOVED,
    DIFFERENCE_CHANGED,
    DIFFERENCE_ORDER, /* the elements that both have come in another order, and that matters */
} DifferenceKind;

typedef struct {
    DifferenceKind kind;
    char *path;               /* elements are named by what they are where that tells them apart */
    const PlistValue *before; /* of the two trees; NULL for what was added, removed */
    const PlistValue *after;
} Difference;

/* A list of Difference *, in the order of BEFORE and then of AFTER; valid as long as both trees. */
GPtrArray *config_diff(const Schema *schema, const PlistValue *before, const PlistValue *after);
