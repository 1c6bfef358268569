/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/mounts.h"

/*
 * File systems that the host needs although they are not mounted at the moment: what systemd mounts
 * when somebody looks there (automount points of etc/fstab, systemd.automount(5)), and the EFI
 * system partition that this boot came from (systemd-gpt-auto-generator(8) unmounts it after two
 * minutes). Their points say so. MOUNTS is what is mounted; the list owns its Mount *.
 */
GPtrArray *automounts_read(const OsRoot *root, const GPtrArray *mounts);
