/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>
#include <stdbool.h>

/*
 * The first serial port (COM1, a 16550 at port 3F8h), without the firmware: its own console may be
 * on the same port. Where there is no such port nothing happens, and nothing waits.
 */
void serial_open(void);
void serial_write(const char *bytes, UINTN length);
/* Drops what has been received so far. */
void serial_drain(void);
/* Whether a byte has been received. */
bool serial_received(void);
