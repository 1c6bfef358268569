/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "place.h"
#include "sample.h"

#include "store/build.h"

/*
 * What tests of the boot loader's image share: a machine `demo` in a store, and parts that the test
 * puts there instead of downloads.
 */
typedef struct {
    Sample sample;
    Store *store;
    Machine *machine;
} Built;

void built_open(Built *built, const Place *place);
void built_close(Built *built);

/* A machine whose image was made; false where the tools for it are missing, and the test is
 * skipped. */
bool built_ready(Built *built, const Place *place);

/* Makes a machine in the store, and reads the one of that name, as built->machine. */
void built_create(Built *built, const char *name);
void built_fill(Built *built, const char *name);

/* Makes the image, which is to be EXPECTED. */
void built_make(Built *built, BuildAction expected);

/* A folder `mine` with all that a machine without a card needs, and fetching from it. */
void built_put_parts(const Place *place);
void built_fetch(const Place *place, Built *built);

/* A kext of `mine`; MORE is XML of its Info.plist. Any file of the place. */
void built_put_kext(const Place *place, const char *name, const char *id, const char *more);
void built_put(const Place *place, const char *name, const void *bytes, gsize length);

/* A file of the place. The caller owns it. */
char *built_contents(const Place *place, const char *name, gsize *length);

/* Whether two files of the place have the same bytes; piece by piece, as images are large. */
bool built_equal(const Place *place, const char *a, const char *b);
