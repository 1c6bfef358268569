/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "text.h"

#include <efi.h>

/* The device path of a handle as text, by the firmware's own words; null when it has none. */
void path_member(Text *json, EFI_HANDLE handle);

/* The bus that a disk hangs on, by the nodes of its device path: "sata", "ide", "nvme", "usb",
 * "scsi", "virtio" or "other". */
const char *path_bus(EFI_HANDLE handle);
