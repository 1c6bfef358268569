/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonread.h"
#include "base/jsonwrite.h"
#include "facts/setup.h"

/* The member "setup" of a snapshot, written and read in one file. */
void snapshot_write_setup(JsonWrite *json, const SetupFacts *setup);

/* TOP is the snapshot's object; what is wrong is noted in the document. */
void snapshot_read_setup(JsonDocument *document, const JsonValue *top, SetupFacts *setup);
