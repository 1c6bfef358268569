/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

/* One line of proc/PID/mountinfo (proc_pid_mountinfo(5)), with its octal escapes resolved. */
typedef struct {
    char *number;  /* "259:2"; "0:33" for file systems without a device number of their own */
    char *point;   /* where it is mounted */
    char *type;    /* "ext4", "fuse.sshfs" */
    char *source;  /* "/dev/nvme0n1p2", "rpool/ROOT" */
    GStrv options; /* of the file system: "rw", "logdev=/dev/sdb1" */
} Mount;

/* The mounts that process 1 sees and those that this one sees, each once, in the kernel's order:
 * who runs in a mount namespace of its own must still know what the host has mounted. NULL when
 * neither can be read. The list owns its Mount *. */
GPtrArray *mounts_read(const OsRoot *root);

/* An empty list that owns its Mount *, and one for it that has no device number. */
GPtrArray *mounts_list_new(void);
Mount *mount_new(const char *point, const char *type, const char *source);

/* The same as mounts_read() for one file's text; lines that are not in the form are left out. */
GPtrArray *mounts_parse(const char *text);

/* The mount that the file PATH lies on, other than EXCEPT; NULL when there is none. */
const Mount *mounts_containing(const GPtrArray *mounts, const char *path, const Mount *except);

/* Resolves \040 and its like in place, as proc's files write white space and backslashes. */
char *mounts_unescape(char *text);
