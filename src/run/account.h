/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What the account that QEMU runs as can reach. Asked of the kernel by a child process that takes
 * the account's user and groups, so that groups and access control lists count. Without root's
 * rights QEMU runs as this user, and the question is asked for it.
 */

/* Whether it may do MODE (R_OK, W_OK, X_OK; see access(2)) to PATH. USER NULL: unknown, unless this
 * is not root. The program must have no other threads. */
Tri account_may(const char *user, const char *path, int mode);

/* ERROR_FAILED, naming the first folder on the way to PATH that the account cannot enter. */
bool account_check_folder(const char *user, const char *path, GError **error);

/* The group that libvirt is to run QEMU as for USER: the one of the same name, else the account's
 * own. NULL when there is no such account. The caller owns it. */
char *account_group(const char *user);
