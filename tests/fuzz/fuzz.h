/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What every target defines: the name is libFuzzer's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
