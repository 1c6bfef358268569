/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "place.h"

#include <glib.h>

/*
 * Zip archives that are written byte by byte (PKWARE APPNOTE 6.3.3, 4.3), as no tool makes the
 * hostile ones.
 */
typedef struct {
    GByteArray *bytes, *directory;
    guint files;
} Zip;

enum { BIT_PASSWORD = 1, BIT_UTF8 = 0x800 };

Zip *zip_new(void);

/* A file of mode 0644 with TEXT. */
void zip_add(Zip *zip, const char *name, const char *text);

/* The same with bytes, and the mode and flags that are asked for. */
void zip_add_full(Zip *zip, const char *name, const guint8 *data, gsize length, guint mode,
                  guint flags);

/* Writes all but the last CUT bytes to `a.zip`, and frees ZIP. */
void zip_write(Zip *zip, const Place *place, gsize cut);

/* The same, all of it, to NAME. */
void zip_write_as(Zip *zip, const Place *place, const char *name);
