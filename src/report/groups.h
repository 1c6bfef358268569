/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

#include <glib.h>
#include <stdbool.h>

/* IOMMU groups as the map shows them: what of the host goes where. Pure. */

typedef enum {
    PLACE_GUEST,   /* the guest gets it */
    PLACE_COULD,   /* a guest could have it */
    PLACE_UNKNOWN, /* whether one could is not known */
    PLACE_STAYS,   /* the host needs it, or it cannot be passed */
    PLACE_BRIDGE,  /* it joins buses, and is of no one */
    PLACES,
} Place;

/* The mark, which is also the class: "guest", "could", ...; and a heading over such groups. */
const char *place_mark(Place place);
const char *place_title(Place place);

typedef struct {
    const DeviceVerdict *device;
    Place place;
    char *label; /* "to the guest", "kept back", "could go", ... */
    char *note;  /* what is against it, in sentences; "" nothing */
} MapFunction;

typedef struct {
    char *id;             /* "15"; "slot-0a-00" where groups are unknown */
    char *title;          /* "Group 15", "Slot 0a:00" */
    Place place;          /* of its most telling function */
    GPtrArray *functions; /* of MapFunction *, by address */
} MapGroup;

/* The groups (of MapGroup *) with what goes to the guest first, and those of one place by number.
 * Without groups the functions of each slot stand together. The caller frees the list; NULL where
 * the host's functions are unknown. */
GPtrArray *map_groups(const Path *path);
