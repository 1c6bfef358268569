/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/* The I/O port of the ACPI power management timer and the mask of its bits; 0 when there is none.
 */
UINT16 acpi_pm_timer(UINT32 *ret_mask);
