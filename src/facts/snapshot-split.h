/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* A piece of a text that somebody else owns. */
typedef struct {
    const char *start;
    gsize length;
} SnapshotPiece;

/*
 * A document tree takes some ten times the memory of its text, and a host can have thousands of PCI
 * functions. So the long array is cut out of the text and its elements are parsed one by one.
 *
 * Finds the member KEY of the object that TEXT is. When that is one array of objects, returns the
 * text with null in its place (RET_LENGTH bytes, owned by the caller), and its elements in PIECES
 * (of SnapshotPiece), which point into TEXT. In all other cases returns NULL: then TEXT has no such
 * array, or is malformed, which a parser of the whole will say better. The pieces and the rest are
 * not checked beyond their brackets.
 */
char *snapshot_split(const char *text, gsize length, const char *key, GArray *pieces,
                     gsize *ret_length);

typedef struct {
    gsize values;  /* or a few more: what is outside of strings and begins an object, an array or a
                    * further element or member. What a parser allocates grows with this */
    gsize longest; /* bytes of the longest string as it is written, with its quotes */
} SnapshotExtent;

SnapshotExtent snapshot_measure(const char *text, gsize length);
