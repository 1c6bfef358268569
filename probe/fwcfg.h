/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <efi.h>

/* The decimal number in a file of QEMU's fw_cfg device (`-fw_cfg name=NAME,string=10`), at most
 * MAX; 0 where there is no such device, file or number. Only to be called in a guest. */
UINTN fwcfg_number(const char *name, UINTN max);
