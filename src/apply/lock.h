/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "os/files.h"

#include <glib.h>
#include <stdbool.h>

/* One apply, undo or recovery at a time. ERROR_FAILED when another one is at work. */
OsLock *apply_lock(const ApplyHost *host, GError **error);

/* Whether no apply waits to be confirmed: ERROR_REFUSED, naming it. */
bool check_confirmed(const ApplyHost *host, GError **error);

/* apply_recover() for who has the lock. RET_ID may be NULL. */
bool recover_locked(const ApplyHost *host, guint *ret_id, GError **error);
