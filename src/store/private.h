/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/files.h"
#include "store/store.h"

/*
 * Folders can be passed through by QEMU's own account, which must reach a machine's images, but not
 * listed; what is in the files only their owner reads. libvirt gives an image to that account while
 * the guest runs.
 */
#define STORE_FOLDER_MODE 0711
#define STORE_FILE_MODE 0600

/* Names that no machine can have: what is being made, and what is being removed. */
#define STORE_NEW_PREFIX ".new"
#define STORE_GONE_PREFIX ".gone"

/* "STORE/machines", owned by the caller. */
char *store_machines(const Store *store);
char *store_machine_folder(const Store *store, const char *name);

/* Makes a folder of the store with that mode. One that is there stays as it is: it may be
 * somebody's own. */
bool store_make_folder(const char *path, GError **error);

/* The longest file of a machine that people write. */
#define STORE_MACHINE_FILE "machine.ini"
#define STORE_IDENTITY_FILE "identity.ini"
#define STORE_TEXT_MAX (64 * 1024)

/* The lock on the list of machines, for making and removing one; and the lock on one machine. */
OsLock *store_lock_list(const Store *store, GError **error);
OsLock *store_lock_machine(const Store *store, const char *name, GError **error);

/* Removes what a program that was killed left behind. Called with the list locked. */
void store_sweep(const Store *store);

/* Fails with ERROR_INPUT when there is no machine NAME, and names those that there are. */
bool store_check_has(const Store *store, const char *name, GError **error);

/* Makes a machine: its folder, which FILL fills before it has its name, and a new identity. */
typedef bool (*StoreFill)(const char *folder, void *data, GError **error);
bool store_make(Store *store, const char *name, StoreFill fill, void *data, GError **error);

/* identity.c */
char *identity_format(const MachineIdentity *identity);
/* Whether no other machine of the store has the UUID or MAC address. ERROR_INPUT names the one that
 * has. */
bool identity_check(const Store *store, const char *name, const MachineIdentity *identity,
                    GError **error);
bool identity_parse(const char *text, gsize length, const char *name, MachineIdentity *ret_identity,
                    GError **error);
