/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/block.h"
#include "facts/mounts.h"

/* Which block devices the mounts lie on. */
typedef struct {
    const OsRoot *root;
    const BlockIndex *index;
    const GPtrArray *mounts; /* of Mount * */
    GPtrArray *btrfs;        /* of GPtrArray of BlockDevice *: the members of each btrfs */
} Placement;

void placement_begin(Placement *placement, const OsRoot *root, const BlockIndex *index,
                     const GPtrArray *mounts);
void placement_end(Placement *placement);

/* The devices (BlockDevice *) that MOUNT lies on; the caller owns the list. None for what needs
 * none (proc, tmpfs, network file systems). RET_COMPLETE: whether these are certainly all. */
GPtrArray *placement_devices(const Placement *placement, const Mount *mount, bool *ret_complete);

/* The same for the file at PATH. */
GPtrArray *placement_file(const Placement *placement, const char *path, bool *ret_complete);
