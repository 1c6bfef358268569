/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Texts of UEFI device paths, as DeviceProperties names devices: `PciRoot(0x0)/Pci(0x1,0x0)`.
 * OpenCore compares them with what the firmware prints, so only the firmware's own form counts
 * (UEFI Specification 2.10, 10.6.1; edk2 MdePkg/Library/UefiDevicePathLib). Letters may be of any
 * case.
 */

/* What is wrong with the form of TEXT, as the end of a sentence ("is ..."), or NULL. Nodes that
 * only some devices have (disks, networks) are not looked into. The caller owns it. */
char *device_path_problem(const char *text);

/* The first node of TEXT that no firmware knows, which would be taken for a file's name; or NULL.
 * The caller owns it. */
char *device_path_odd_node(const char *text);
