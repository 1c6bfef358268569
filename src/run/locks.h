/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

/* Where libvirt makes the lock of a guest's serial port when it is opened: LCK..NAME, with the
 * number of its process (FHS 3.0, 5.9). */
#define LOCKS_FOLDER "/var/lock"

/* Removes those in FOLDER that the process OWNER made, which has ended: libvirt does not when it is
 * killed. A guest of another user's could not have the same terminal then. */
void locks_remove(const char *folder, pid_t owner);
