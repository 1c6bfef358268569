/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/* Starts to measure the time stamp counter against the ACPI power management timer. */
void clock_start(void);

/* The frequency, measured from clock_start() to now, and by what: "pm-timer" or "stall". The first
 * call ends the measurement (it waits until 5 ms have passed); later ones repeat its result. */
UINT64 clock_hz(const char **ret_source);
