/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * Files of the program's own (its store, its run folders, files that the user names), as opposed to
 * the host's files, which os/root.h reads.
 */

/* Makes the folder and those above it, like mkdir -p. MODE is for the new ones. */
bool os_make_folders(const char *path, mode_t mode, GError **error);

/* A new folder with a unique name below PARENT (made if need be), mode 0700. The caller owns the
 * path. */
char *os_make_temporary_folder(const char *parent, const char *prefix, GError **error);

/* Removes a file, or a folder with all that is in it, without following a symbolic link and without
 * leaving the folder's file system. That it is not there is no error. */
bool os_remove(const char *path, GError **error);

/* The whole file, at most MAX bytes (ERROR_INPUT when it is longer or not there). `-` is standard
 * input. Ended by NUL; the caller owns it. */
char *os_read_file(const char *path, gsize max, gsize *ret_length, GError **error);

/* An exclusive lock on a file, which is made if need be; released with the handle, and by the
 * kernel when the program dies. WAIT_MS 0 fails at once (ERROR_FAILED, naming WHAT) when it is
 * taken. */
typedef struct OsLock OsLock;
OsLock *os_lock(const char *path, guint wait_ms, const char *what, GError **error);
void os_lock_free(OsLock *lock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OsLock, os_lock_free)
