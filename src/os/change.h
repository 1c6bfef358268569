/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/attributes.h"
#include "os/root.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Changing the host's files, below the same root handle that they are read through (os/root.h).
 * Paths are as there; links are resolved inside the root, and a file that a link leads to is the
 * one that is changed. A file is replaced as os/replace.h says; every change is synced to disk
 * before the function returns.
 */

/* The absolute path, on this machine, of the file PATH of ROOT. The file need not be there; its
 * folder must be (ERROR_MISSING). A link that leads nowhere is refused (ERROR_REFUSED). The caller
 * owns it. */
char *os_locate(const OsRoot *root, const char *path, GError **error);

/* Whether PATH is an ordinary file. RET_SIZE may be NULL. */
bool os_is_file(const OsRoot *root, const char *path, guint64 *ret_size);

/* Writes the whole file with these attributes. */
bool os_put(const OsRoot *root, const char *path, gconstpointer data, gsize length,
            const OsAttributes *attributes, GError **error);

/* The same with the bytes of the open file FROM, from its beginning, however many they are. */
bool os_put_copy(const OsRoot *root, const char *path, int from, const OsAttributes *attributes,
                 GError **error);

/* Adds TEXT to the end of a file that is there. */
bool os_append(const OsRoot *root, const char *path, const char *text, GError **error);

/* Removes a file; that it is not there is no error. */
bool os_unlink(const OsRoot *root, const char *path, GError **error);

/* Makes the folder PATH, whose parent is there. That it is there is no error. */
bool os_make_folder(const OsRoot *root, const char *path, mode_t mode, GError **error);

/* Removes the folder PATH if it is empty. That it is not empty or not there is no error. */
bool os_drop_folder(const OsRoot *root, const char *path, GError **error);

/* Removes what a killed process left in PATH's folder when it was writing PATH. */
void os_clear_leftovers(const OsRoot *root, const char *path);

/* The SHA-256 of the bytes of the open file FD, from its beginning, in hexadecimal digits. NULL
 * with an error when it cannot be read. */
char *os_digest(int fd, const char *path, GError **error);

/* Removes the symbolic link PATH itself. That there is none is no error. */
bool os_unlink_link(const OsRoot *root, const char *path, GError **error);
