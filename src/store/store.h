/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "machine/machine.h"
#include "render/render.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Where machines, images and downloads are kept.
 *
 *     STORE/machines/NAME/machine.ini    what the person chose
 *                         identity.ini   UUID and MAC address, made once
 *                         disk.qcow2     the guest's disk
 *                         nvram.fd       the guest's firmware variables
 *                         mac.ini        serial numbers of the Mac, made once
 *                         opencore.img   what the guest starts from; opencore.img.1 ... before it
 *                         domain.xml     the libvirt domain, as last built
 *                         preflight.ini  whether the last preflight passed, and of which domain
 *     STORE/parts/                       the boot loader and kexts that were fetched
 *     STORE/probe.img                    what preflight boots
 *     STORE/run/                         run folders of preflights under way
 *     STORE/cache/                       what can be made again
 */
typedef struct Store Store;

/* PATH NULL: /var/lib/rootstock for root, os_store_folder() otherwise. Nothing is made yet. */
Store *store_open(const char *path, GError **error);
void store_free(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)

const char *store_path(const Store *store);

/* Names of the machines, sorted; empty when there are none. */
GStrv store_list(const Store *store, GError **error);
bool store_has(const Store *store, const char *name);

/* Whether the name is taken: by a machine, or by a folder that has lost its machine file, which
 * only store_delete() takes. */
bool store_is_taken(const Store *store, const char *name);

/* Makes a machine: its folder, file and identity. ERROR_INPUT when there is one of that name; on
 * any error nothing of it stays behind. */
bool store_create(Store *store, const char *name, const MachineChoices *choices, GError **error);

/* What came of a clone beside the machine. */
typedef struct {
    bool disk;    /* a disk was copied */
    bool numbers; /* serial numbers of the person's own were left out */
} StoreClone;

/*
 * Makes a machine TO with the choices of FROM and an identity of its own: UUID and MAC address now,
 * serial numbers with its first image. What its firmware has stored does not come with it. With
 * DISK its disk is copied; ERROR_FAILED while a guest has that open. ERROR_INPUT when there is no
 * FROM or a TO. On an error nothing of TO stays behind.
 */
bool store_clone(Store *store, const char *from, const char *to, bool disk, StoreClone *ret_clone,
                 GError **error);

/* A new identity from the kernel's random numbers, for a machine that is not stored yet. */
MachineIdentity store_new_identity(void);
void machine_identity_clear(MachineIdentity *identity);

/* Reads a machine. ERROR_INPUT when there is none (names those there are) or its file is wrong. */
MachineChoices *store_load(const Store *store, const char *name, const Catalog *catalog,
                           MachineIdentity *ret_identity, GError **error);

/* Changes the text of a machine's file: EDIT returns the new text of TEXT, owned by the caller, or
 * NULL with an error when nothing is to be written. ERROR_FAILED while another command works on the
 * machine. */
typedef char *(*StoreEdit)(const char *text, void *data, GError **error);
bool store_edit(Store *store, const char *name, StoreEdit edit, void *data, GError **error);

/* Removes a machine with its disk. ERROR_FAILED while QEMU has one of its files open. */
bool store_delete(Store *store, const char *name, GError **error);

/* The path of FILE ("disk.qcow2") of machine NAME. The caller owns it. */
char *store_machine_file(const Store *store, const char *name, const char *file);

/* What there is of a machine: for `list` and `show`. */
typedef struct {
    bool has_disk, has_nvram, has_opencore, has_domain;
    bool current;     /* domain.xml is what would be rendered now */
    gint64 disk_used; /* bytes that the disk image takes on the host; UNKNOWN: none */
} StoreState;

/* Notes that a preflight of MACHINE was run, and whether it passed; and what the last note about it
 * says. Unknown where there is none, or where the machine has become another since. */
bool store_note_preflight(Store *store, const Machine *machine, bool passed, GError **error);
Tri store_preflight_passed(const Store *store, const Machine *machine);

/* Reads the state of a stored MACHINE. */
bool store_state(const Store *store, const Machine *machine, StoreState *ret_state, GError **error);
