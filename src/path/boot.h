/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/* Which boot loader started the kernel, and which others there are. Its row is in kernel.c. */
void boot_judge_loader(const Path *path, PathStep *step);

/* The kind of boot loader (BootLoaderFacts.kind) whose files TOOL writes (Change.tool, as "grub
 * (update-grub)"); NULL: it is none that keeps the kernel's arguments. */
const char *boot_kind_of_tool(const char *tool);
