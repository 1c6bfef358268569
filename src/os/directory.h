/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * What the files of this folder share about directories; not for other folders.
 */

/* openat2(2), which the C library does not wrap. RESOLVE is of RESOLVE_*. Tries again where the
 * kernel asks for it (EAGAIN: something was renamed meanwhile). -1 with errno set. */
int directory_open_at(int folder, const char *path, int flags, guint64 resolve);

/* The names in the open directory, sorted by bytes, without `.` and `..`. Takes FD over, and closes
 * it. NULL with errno set. */
GStrv directory_names(int fd);

/* The path of an open file as the kernel knows it (/proc/self/fd); NULL when there is none. */
char *directory_path_of(int fd);
