/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * A folder for the files of one run: made for it, locked while it is in use, gone afterwards. Its
 * lock is shared with the processes that are forked while it is held.
 */
typedef struct RunFolder RunFolder;

/* The longest path that such a folder may have: libvirt makes sockets in it, and a socket's path
 * ends at 107 bytes (unix(7)). */
#define RUN_FOLDER_MAX 62

/* Makes one below PARENT, which is made if need be, and removes what earlier runs left there that
 * were killed with all their helpers (their QEMU is killed first). Others can pass through the
 * folder but not list it, since QEMU's account must. */
RunFolder *run_folder_make(const char *parent, GError **error);

const char *run_folder_path(const RunFolder *folder);

/* The path of a file in it. The caller owns it. */
char *run_folder_file(const RunFolder *folder, const char *name);

/* Removes it with all that is in it. */
void run_folder_free(RunFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunFolder, run_folder_free)
