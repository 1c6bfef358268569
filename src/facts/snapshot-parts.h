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
void snapshot_read_peripherals(JsonDocument *document, const JsonValue *top, Facts *facts);
void snapshot_read_system(JsonDocument *document, const JsonValue *top, Facts *facts);

/* The PCI functions, each in a piece of text of its own (facts/snapshot-split.h). */
bool snapshot_read_functions(const GArray *pieces, const char *name, Facts *facts, GError **error);
