/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * What a file has beside its bytes: mode, owner, time of its last change, and the extended
 * attributes, among which are SELinux's label (security.selinux) and access lists
 * (system.posix_acl_access).
 */
typedef struct {
    char *name;
    GBytes *value;
} OsXattr;

typedef struct {
    mode_t mode; /* permissions alone, 07777 */
    uid_t uid;
    gid_t gid;
    gint64 mtime_ns;   /* since 1970; UNKNOWN: it gets the time of writing */
    GPtrArray *xattrs; /* of OsXattr *, by name */
} OsAttributes;

/* Of the open file FD. PATH is for the message. ERROR_FAILED. */
OsAttributes *os_attributes_read(int fd, const char *path, GError **error);

/* Gives them to FD, all but the mode, which os_replace_commit() sets. ERROR_FAILED, naming what
 * could not be set: a file without its label or owner is not as it was. */
bool os_attributes_give(const OsAttributes *attributes, int fd, const char *path, GError **error);

OsAttributes *os_attributes_new(mode_t mode, uid_t uid, gid_t gid);
void os_attributes_add(OsAttributes *attributes, const char *name, gconstpointer value,
                       gsize length);
bool os_attributes_equal(const OsAttributes *a, const OsAttributes *b);

void os_attributes_free(OsAttributes *attributes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OsAttributes, os_attributes_free)
