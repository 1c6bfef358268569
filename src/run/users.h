/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Kills every QEMU whose command line names a file below FOLDER, for what earlier runs left when
 * even their guard was killed. Waits at most two seconds for them to go. */
void users_kill_all(const char *folder);
