/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "os/root.h"

/*
 * The host's block devices, and the names under which mounts and swap speak of them. `mounts` and
 * `swap` of the devices are still unknown here: facts_collect_storage() fills them.
 */
typedef struct {
    GPtrArray *devices;    /* of BlockDevice *, by name; owns them */
    GHashTable *by_name;   /* "sda1" -> BlockDevice * */
    GHashTable *by_number; /* "8:1" -> BlockDevice * */
    GHashTable *by_path;   /* "/dev/mapper/root" -> BlockDevice *: names that udev gave */
    GHashTable *pools;     /* name of a ZFS pool -> GPtrArray of BlockDevice *, members of it */
    GHashTable *placeless; /* set of BlockDevice *: what they lie on cannot be told */
} BlockIndex;

/* NULL when sys/class/block cannot be read. */
BlockIndex *block_index_new(const OsRoot *root);
void block_index_free(BlockIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BlockIndex, block_index_free)

/* The device that PATH ("/dev/disk/by-uuid/...") names, or NULL. */
BlockDevice *block_index_find(const BlockIndex *index, const OsRoot *root, const char *path);

/* Whether DEVICE lies, at any depth, on something that cannot be told. */
bool block_index_placeless(const BlockIndex *index, const BlockDevice *device);
