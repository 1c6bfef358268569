/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The throw-away files of a run. They are not synced: nobody reads them after a crash. */

/* Copies the file FROM to the new file TO, holes as holes, sharing its blocks where the file system
 * can. WHAT it is, for messages. ERROR_MISSING when FROM is not there. */
bool copy_file(const char *from, const char *to, const char *what, GError **error);

/* Makes the new file PATH of SIZE bytes, all a hole. */
bool copy_empty(const char *path, gint64 size, GError **error);

/* Writes the new file PATH. */
bool copy_bytes(const char *path, const void *data, gsize length, GError **error);
