/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * What is not known has a value of its own in every type: NULL for strings and lists, UNKNOWN for
 * numbers, TRI_UNKNOWN for yes and no. A list that is known to be empty is not NULL.
 */
#define UNKNOWN (-1)

typedef enum {
    TRI_UNKNOWN,
    TRI_NO,
    TRI_YES,
} Tri;

static inline Tri tri(gboolean yes)
{
    return yes ? TRI_YES : TRI_NO;
}
