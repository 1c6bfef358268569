/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "image/gpt.h"

#include "base/error.h"
#include "os/write.h"

#include <libfdisk.h>

/* UEFI specification 2.10, table 5.7. */
#define ESP_TYPE "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
#define PARTITION_NAME "EFI System"

typedef struct fdisk_context Context;
typedef struct fdisk_partition Partition;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Context, fdisk_unref_context)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Partition, fdisk_unref_partition)

static int add_esp(Context *context, const Layout *layout, const Identifiers *identifiers)
{
    g_autoptr(Partition) partition = fdisk_new_partition();
    struct fdisk_parttype *type =
        fdisk_label_get_parttype_from_string(fdisk_get_label(context, NULL), ESP_TYPE);
    if (partition == NULL || type == NULL)
        return -ENOMEM;
    fdisk_partition_set_partno(partition, 0);
    fdisk_partition_set_type(partition, type);
    fdisk_partition_set_start(partition, layout->first_sector);
    fdisk_partition_size_explicit(partition, 1);
    fdisk_partition_set_size(partition, layout->sectors);
    fdisk_partition_set_name(partition, PARTITION_NAME);
    fdisk_partition_set_uuid(partition, identifiers->partition);
    return fdisk_add_partition(context, partition, NULL);
}

bool gpt_write(const OsReplace *image, const Layout *layout, const Identifiers *identifiers,
               GError **error)
{
    const char *path = os_replace_target(image);
    g_autoptr(Context) context = fdisk_new_context();
    if (context == NULL)
        return os_fail_write(path, ENOMEM, error);
    fdisk_disable_dialogs(context, 1);
    int result = fdisk_assign_device(context, os_replace_path(image), 0);
    if (result == 0)
        result = fdisk_save_user_sector_size(context, SECTOR_SIZE, SECTOR_SIZE);
    if (result == 0)
        result = fdisk_create_disklabel(context, "gpt");
    if (result == 0)
        result = fdisk_set_disklabel_id_from_string(context, identifiers->disk);
    if (result == 0)
        result = add_esp(context, layout, identifiers);
    if (result == 0)
        result = fdisk_write_disklabel(context);
    /* Syncing is left to the one who commits the file. */
    int closed = fdisk_deassign_device(context, 1);
    if (result == 0)
        result = closed;
    return result == 0 ? true : os_fail_write(path, result < 0 ? -result : EIO, error);
}
