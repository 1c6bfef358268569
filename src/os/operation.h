/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Every operation that changes a file or runs a program says so here before it is done, so that a
 * test can let the Nth one fail, or end the process in front of it. Outside tests nobody listens.
 */

/* OPERATION is "create", "write", "rename", "sync", "mkdir", "unlink", "rmdir" or "run"; PATH is
 * what it is done to. False lets it fail. */
typedef bool (*OsOperationWatch)(const char *operation, const char *path, gpointer data);

/* NULL ends it. */
void os_watch_operations(OsOperationWatch watch, gpointer data);

/* For those who are about to do it: false, with errno EIO, when it is to fail. */
bool os_operation(const char *operation, const char *path);
