/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * Files are replaced, never edited: the new file is written beside the old one without a name or
 * under a temporary one, synced, renamed over it, and the folder is synced. Until then the old file
 * stays as it is; on any error and when the program is killed nothing half-written is left under
 * PATH.
 *
 *     g_autoptr(OsReplace) file = os_replace_begin("/srv/x.img", 0644, &error);
 *     ... write to os_replace_fd(file), or let a program write to os_replace_path(file) ...
 *     if (!os_replace_commit(file, &error)) ...
 *
 * Freeing it without a commit throws the new file away.
 */
typedef struct OsReplace OsReplace;

/* PATH gets exactly MODE, whatever the umask. A link, a folder or a device node at PATH is refused
 * (ERROR_INPUT). What a killed process left behind when it was replacing PATH is removed. */
OsReplace *os_replace_begin(const char *path, mode_t mode, GError **error);
int os_replace_fd(const OsReplace *file);

/* PATH as it was given, for messages. */
const char *os_replace_target(const OsReplace *file);

/* The temporary path (in the same folder), for programs that want a name. A program must write into
 * that file and not replace it. */
const char *os_replace_path(const OsReplace *file);

bool os_replace_commit(OsReplace *file, GError **error);

/* The same for a file that must be new: ERROR_FAILED, and PATH stays as it is, when there is
 * something under that name by now. */
bool os_replace_commit_new(OsReplace *file, GError **error);
void os_replace_free(OsReplace *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OsReplace, os_replace_free)

/* Removes what a killed process left behind when it was replacing PATH. */
void os_replace_clear(const char *path);

/* The three steps at once for bytes in memory. */
bool os_replace_bytes(const char *path, const void *data, gsize length, mode_t mode,
                      GError **error);

/* The same for a file that is there: the new one has its mode, and its owner where we may give it
 * away. */
bool os_replace_content(const char *path, const void *data, gsize length, GError **error);
