/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "facts/facts.h"

/* Writes FACTS as one JSON object, the file form of `scan`. What is unknown is left out. The member
 * "schema" is the form's version, 1. */
void facts_write(const Facts *facts, JsonWrite *json, const char *key);

/* A snapshot with 4,096 functions, each in use and with long names, has some 6 MiB. What is beyond
 * these is no host, and reading it would take memory without end. */
enum {
    SNAPSHOT_LENGTH_MAX = 8 * 1024 * 1024, /* bytes */
    SNAPSHOT_FUNCTIONS_MAX = 8192,
    SNAPSHOT_VALUES_MAX = 100 * 1000, /* beside the functions, and of a function */
    SNAPSHOT_TEXT_MAX = 16 * 1024,    /* bytes of one text; the kernel's command line has 4 KiB */
    SNAPSHOT_NAME_MAX = 512,          /* of a function; the longest name in pci.ids has some 160 */
};

/* Reads a snapshot. NAME is what messages call it. ERROR_INPUT when it is not one, is cut off, of
 * a newer schema or too large. A snapshot is not trusted: addresses must be addresses, numbers in
 * range. */
Facts *facts_read(const char *text, gsize length, const char *name, GError **error);
