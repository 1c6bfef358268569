/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/output.h"
#include "run/bootloader.h"

/* What `preflight --bootloader` found, for a person and for a program. */
void bootloader_print(const Output *output, const Bootloader *run);
bool bootloader_write_json(const Bootloader *run, GError **error);
