/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

/* What a scan is to read. */
typedef struct {
    bool private_too; /* serial numbers, MAC addresses, UUIDs and host names as well */
} FactsOptions;
