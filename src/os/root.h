/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <glib.h>
#include <stdbool.h>

/*
 * The host's files, under one root directory. Every file of the host that the program reads is read
 * through a handle of this type, so that a recorded tree, a chroot or an image can stand in for the
 * live host.
 *
 *     g_autoptr(OsRoot) root = os_root_open("/", &error);
 *     g_autofree char *release = os_read_line(root, "proc/sys/kernel/osrelease");
 *     g_autoptr(OsRoot) device = os_root_sub(root, "sys/bus/pci/devices/0000:01:00.0");
 *     gint64 vendor = os_read_integer(device, "vendor");
 *
 * Paths are relative to the handle, with or without a leading slash. Under a root other than `/`,
 * symbolic links (absolute ones and `..` too) are resolved inside that root (openat2(2),
 * RESOLVE_IN_ROOT), so a recorded tree cannot lead to the live host's files.
 */
typedef struct OsRoot OsRoot;

/* Opens the directory PATH as a root. ERROR_INPUT when it is not a directory that can be read. */
OsRoot *os_root_open(const char *path, GError **error);

/* A handle on a directory below ROOT; links are still resolved inside ROOT's own root. The
 * directory need not exist: reads through the handle then find nothing. */
OsRoot *os_root_sub(const OsRoot *root, const char *path);

/* Whether this is the live host (`/`), where programs may be run and device nodes opened. */
bool os_root_is_live(const OsRoot *root);

/* The root's path as it was given, for messages. */
const char *os_root_path(const OsRoot *root);

void os_root_free(OsRoot *root);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OsRoot, os_root_free)

/* At most this much of a file is read, in bytes: the host's files are not to be trusted either. */
#define OS_READ_MAX (16 * 1024 * 1024)

/* The whole file, ended by NUL, or NULL when it is not there or cannot be read (unknown).
 * RET_LENGTH may be NULL. The caller owns it. */
char *os_read_text(const OsRoot *root, const char *path, gsize *ret_length);

/* The file's first line without white space at its ends; NULL when it is not there or empty. */
char *os_read_line(const OsRoot *root, const char *path);

/* The first line as a number, decimal or with 0x hexadecimal; UNKNOWN when it is none. */
gint64 os_read_integer(const OsRoot *root, const char *path);

/* The first line as yes (1, Y, y) or no (0, N, n). */
Tri os_read_tri(const OsRoot *root, const char *path);

/* The names in a directory, sorted by bytes, without `.` and `..`; NULL when it cannot be read. */
GStrv os_list(const OsRoot *root, const char *path);

/* The target of a symbolic link as it is written, and the last component of it; NULL when it is no
 * link. */
char *os_read_link(const OsRoot *root, const char *path);
char *os_link_name(const OsRoot *root, const char *path);

/* The path that PATH resolves to, relative to the root and with no leading slash; NULL when it does
 * not exist. A device's place in sys/devices is found so. */
char *os_resolve(const OsRoot *root, const char *path);

bool os_exists(const OsRoot *root, const char *path);

/* A read-only descriptor (O_CLOEXEC) of a regular file or node, or -1 with errno set. */
int os_open(const OsRoot *root, const char *path);
