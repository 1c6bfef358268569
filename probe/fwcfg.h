/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/*
 * The decimal number in a file of QEMU's fw_cfg device (`-fw_cfg name=NAME,string=10`), at most
 * MAX; 0 where there is no such device (its ports then read as FFh), file or number.
 */
UINTN fwcfg_number(const char *name, UINTN max);
