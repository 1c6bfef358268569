/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Writing, with errors that say what a person needs: which file, and how much is free where.
 */

/* Writes all LENGTH bytes at the descriptor's position. PATH is for the message. ERROR_FAILED. */
bool os_write(int fd, const void *data, gsize length, const char *path, GError **error);

/* Fails with ERROR_FAILED because writing PATH failed with ERROR_NUMBER (of errno). For a full disk
 * (ENOSPC, EDQUOT) the message says how much is free, and where. */
bool os_fail_write(const char *path, int error_number, GError **error);

/* The bytes that we may still write on the file system of PATH, or of the nearest folder above it
 * that exists. False with errno set. */
bool os_free_space(const char *path, guint64 *ret_bytes);
