/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/types.h>

/* The account of the person who asks: the one that called sudo(8) where root asks, else the
 * process's own. An account is only named by this, never trusted. */
uid_t os_person(void);

/* Its name, which the caller owns; NULL when the system has none for it. */
char *os_person_name(void);

/*
 * Where the machines of somebody who is not root lie. Home folders are closed to the account that
 * QEMU runs as under libvirt's system connection, and libvirt's own folder for images is not: a
 * person may have a folder of their own in it.
 */

/* That folder of the account, "/var/lib/libvirt/images/rootstock-NAME", there or not. NULL when the
 * account has no name that can be part of a path. The caller owns it. */
char *os_images_folder(const char *account);

/* The folder in which the machines of UID are looked for: that one where it is there and theirs,
 * and holds machines or the one in their home folder holds none; else the XDG data folder. The
 * caller owns it. */
char *os_store_folder(uid_t uid);
