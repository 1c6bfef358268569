/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "facts/facts.h"

/* Writes FACTS as one JSON object, the file form of `scan`. What is unknown is left out. The member
 * "schema" is the form's version, 1. */
void facts_write(const Facts *facts, JsonWrite *json, const char *key);

/* Reads a snapshot. NAME is what messages call it. ERROR_INPUT when it is not one, is cut off, or
 * of a newer schema. A snapshot is not trusted: addresses must be addresses, numbers in range. */
Facts *facts_read(const char *text, gsize length, const char *name, GError **error);
