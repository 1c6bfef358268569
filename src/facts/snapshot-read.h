/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonread.h"
#include "facts/facts.h"
#include "facts/snapshot-split.h"

/*
 * The parts of the snapshot reader. Each reads one member of the object TOP into FACTS; what is
 * wrong is noted in the document. One file a group of subjects.
 */
void snapshot_read_processor(JsonDocument *document, const JsonValue *top, Facts *facts);
void snapshot_read_iommu(JsonDocument *document, const JsonValue *top, Facts *facts);
void snapshot_read_storage(JsonDocument *document, const JsonValue *top, Facts *facts);
void snapshot_read_system(JsonDocument *document, const JsonValue *top, Facts *facts);

/* The PCI functions, each in a piece of text of its own (facts/snapshot-split.h). */
bool snapshot_read_functions(const GArray *pieces, const char *name, Facts *facts, GError **error);

/* A whole number from 0 to MAX, at the most that of an int. */
int snapshot_int(JsonDocument *document, const JsonValue *object, const char *key, int max);

/* A size, count or other number that may be large. */
gint64 snapshot_size(JsonDocument *document, const JsonValue *object, const char *key);

/* A PCI address in its full form; "" only with MAY_BE_NONE. The caller owns it. */
char *snapshot_address(JsonDocument *document, const JsonValue *object, const char *key,
                       bool may_be_none);

/* Whether ELEMENT of the array KEY is an object; notes an error where it is not. */
bool snapshot_is_object(JsonDocument *document, const JsonValue *element, const char *key,
                        guint index);

/* A name that an element of a list must have and that no other one in SEEN has. NULL and an error
 * where it is not so; else it is in SEEN, which owns it. */
const char *snapshot_take_name(JsonDocument *document, char *name, const char *what,
                               GHashTable *seen);
