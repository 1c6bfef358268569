/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * A file of the machine's own that a guest reads below a layer of its own. libvirt gives all images
 * of a guest to QEMU's account (owner, and SELinux label), and takes back only those on top: an
 * image below may serve other guests as well (libvirt, virSecurityDACRestoreImageLabel).
 */
typedef struct {
    char *path; /* NULL: nothing is lent */
    uid_t user;
    gid_t group;
    char label[256]; /* of SELinux */
    ssize_t label_length;
} LentFile;

/* Notes whose PATH is. */
bool lent_note(LentFile *lent, const char *path, GError **error);

/* Makes it theirs again, where it is not. For root alone: others cannot. */
void lent_give_back(const LentFile *lent);

void lent_clear(LentFile *lent);
