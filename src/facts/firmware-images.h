/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "os/root.h"

/*
 * The firmware for guests that the host has installed, by QEMU's descriptors (QEMU
 * docs/interop/firmware.json, @Firmware): those for x86_64 that are mapped as flash
 * memory, in order of precedence. A descriptor that is no valid one is left out. NULL when none of
 * the folders of descriptors can be read. The list owns its FirmwareImage *.
 */
GPtrArray *firmware_images_read(const OsRoot *root);
