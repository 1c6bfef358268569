/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/mounts.h"
#include "tree.h"

#include <string.h>

#define SATA "sys/devices/pci0000:00/0000:00:17.0/ata%u/host%u/target%u:0:0/%u:0:0:0/block/%s"
#define NVME "sys/devices/pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0/nvme0n1"
#define USB                                                                                        \
    "sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdc"

/* A block device at PLACE, which is its folder below sys/devices. */
static void add_device(const Tree *tree, const char *place, const char *number)
{
    g_autofree char *name = g_path_get_basename(place);
    g_autofree char *link = g_strdup_printf("sys/class/block/%s", name);
    g_autofree char *target = g_strdup_printf("../../../%s", place);
    g_autofree char *dev = g_strdup_printf("%s/dev", place);
    g_autofree char *size = g_strdup_printf("%s/size", place);
    g_autofree char *number_line = g_strdup_printf("%s\n", number);

    tree_link(tree, link, target);
    tree_write(tree, dev, number_line);
    tree_write(tree, size, "2048\n");
}

static char *add_sata(const Tree *tree, guint port, const char *name, const char *number)
{
    char *place = g_strdup_printf(SATA, port, port, port, port, name);
    add_device(tree, place, number);
    return place;
}

static void add_partition(const Tree *tree, const char *disk, const char *name, const char *number)
{
    g_autofree char *place = g_strdup_printf("%s/%s", disk, name);
    g_autofree char *file = g_strdup_printf("%s/partition", place);
    add_device(tree, place, number);
    tree_write(tree, file, "1\n");
}

/* A virtual device on SLAVES (names separated by blanks). */
static void add_virtual(const Tree *tree, const char *name, const char *number, const char *slaves)
{
    g_autofree char *place = g_strdup_printf("sys/devices/virtual/block/%s", name);
    g_auto(GStrv) names = g_strsplit(slaves, " ", -1);
    add_device(tree, place, number);
    for (char **slave = names; *slave != NULL && **slave != '\0'; slave++) {
        g_autofree char *link = g_strdup_printf("%s/slaves/%s", place, *slave);
        g_autofree char *target = g_strdup_printf("/sys/class/block/%s", *slave);
        tree_link(tree, link, target);
    }
}

static void add_mapper(const Tree *tree, const char *name, const char *number, const char *uuid,
                       const char *label, const char *slaves)
{
    add_virtual(tree, name, number, slaves);
    g_autofree char *uuid_file = g_strdup_printf("sys/devices/virtual/block/%s/dm/uuid", name);
    g_autofree char *name_file = g_strdup_printf("sys/devices/virtual/block/%s/dm/name", name);
    tree_write(tree, uuid_file, uuid);
    tree_write(tree, name_file, label);
}

static void add_udev(const Tree *tree, const char *number, const char *text)
{
    g_autofree char *path = g_strdup_printf("run/udev/data/b%s", number);
    tree_write(tree, path, text);
}

static void set_mounts(const Tree *tree, const char *text)
{
    tree_write(tree, "proc/self/mountinfo", text);
    tree_write(tree, "proc/swaps", "Filename Type Size Used Priority\n");
}

static Facts *collect(const Tree *tree)
{
    FactsOptions options = {0};
    Facts *facts = facts_new();
    facts_collect_storage(tree->root, &options, facts);
    return facts;
}

static const BlockDevice *device(const Facts *facts, const char *name)
{
    for (guint i = 0; facts->storage.devices != NULL && i < facts->storage.devices->len; i++) {
        const BlockDevice *found = g_ptr_array_index(facts->storage.devices, i);
        if (strcmp(found->name, name) == 0)
            return found;
    }
    g_error("no device %s", name);
}

static void assert_list(GStrv list, const char *expected)
{
    g_assert_nonnull(list);
    g_autofree char *joined = g_strjoinv("|", list);
    g_assert_cmpstr(joined, ==, expected);
}

/* Every name that DEVICE lies on leads down to the functions: what a person must be told. */
static void add_functions(const Facts *facts, const char *name, GPtrArray *functions)
{
    const BlockDevice *top = device(facts, name);
    for (char **pci = top->pci; *pci != NULL; pci++) {
        if (!g_ptr_array_find_with_equal_func(functions, *pci, g_str_equal, NULL))
            g_ptr_array_add(functions, g_strdup(*pci));
    }
    for (char **below = top->below; *below != NULL; below++)
        add_functions(facts, *below, functions);
}

static void assert_functions(const Facts *facts, const char *name, const char *expected)
{
    GPtrArray *functions = g_ptr_array_new();
    add_functions(facts, name, functions);
    g_ptr_array_add(functions, NULL);
    g_auto(GStrv) list = (GStrv)g_ptr_array_free(functions, FALSE);
    assert_list(list, expected);
}

static void test_lvm_on_luks_on_nvme(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_device(tree, NVME, "259:0");
    tree_write(tree, NVME "/device/model", "Samsung SSD 990 PRO 1TB   \n");
    tree_write(tree, NVME "/queue/rotational", "0\n");
    add_partition(tree, NVME, "nvme0n1p1", "259:1");
    add_partition(tree, NVME, "nvme0n1p2", "259:2");
    add_mapper(tree, "dm-0", "254:0", "CRYPT-LUKS2-abc-luks\n", "luks\n", "nvme0n1p2");
    add_mapper(tree, "dm-1", "254:1", "LVM-abcdef\n", "vg-root\n", "dm-0");
    add_mapper(tree, "dm-2", "254:2", "LVM-abcdeg\n", "vg-swap\n", "dm-0");
    add_udev(tree, "259:2", "S:disk/by-uuid/1\nE:ID_FS_TYPE=crypto_LUKS\n");
    add_udev(tree, "254:0", "E:ID_FS_TYPE=LVM2_member\n");
    set_mounts(tree, "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n"
                     "23 22 259:1 / /boot/efi rw - vfat /dev/nvme0n1p1 rw\n");
    tree_write(tree, "proc/swaps",
               "Filename\tType\tSize\tUsed\tPriority\n/dev/dm-2 partition 99 0 -2\n");
    g_autoptr(Facts) facts = collect(tree);

    const BlockDevice *disk = device(facts, "nvme0n1");
    g_assert_cmpint(disk->kind, ==, BLOCK_DISK);
    g_assert_cmpstr(disk->model, ==, "Samsung SSD 990 PRO 1TB");
    g_assert_cmpint(disk->size, ==, 2048 * 512);
    g_assert_cmpint(disk->rotational, ==, TRI_NO);
    assert_list(disk->mounts, "");
    assert_list(device(facts, "nvme0n1p1")->mounts, "/boot/efi");
    g_assert_cmpstr(device(facts, "nvme0n1p1")->content, ==, "vfat");
    g_assert_cmpstr(device(facts, "nvme0n1p2")->content, ==, "crypto_LUKS");
    g_assert_cmpint(device(facts, "dm-0")->kind, ==, BLOCK_CRYPT);
    g_assert_cmpint(device(facts, "dm-1")->kind, ==, BLOCK_LVM);
    g_assert_cmpstr(device(facts, "dm-1")->label, ==, "vg-root");
    assert_list(device(facts, "dm-1")->mounts, "/");
    g_assert_cmpint(device(facts, "dm-2")->swap, ==, TRI_YES);
    g_assert_cmpint(device(facts, "dm-1")->swap, ==, TRI_NO);
    assert_functions(facts, "dm-1", "0000:01:00.0");
    assert_functions(facts, "dm-2", "0000:01:00.0");
    assert_list(facts->storage.unplaced, "");
}

static void test_raid_of_two_disks(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autofree char *sdb = add_sata(tree, 2, "sdb", "8:16");
    add_partition(tree, sda, "sda1", "8:1");
    add_partition(tree, sdb, "sdb1", "8:17");
    add_virtual(tree, "md0", "9:0", "sda1 sdb1");
    tree_write(tree, "sys/devices/virtual/block/md0/md/level", "raid1\n");
    set_mounts(tree, "22 1 9:0 / / rw - ext4 /dev/md0 rw\n");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpint(device(facts, "md0")->kind, ==, BLOCK_RAID);
    g_assert_cmpstr(device(facts, "md0")->label, ==, "raid1");
    assert_list(device(facts, "md0")->below, "sda1|sdb1");
    assert_list(device(facts, "md0")->mounts, "/");
    assert_functions(facts, "md0", "0000:00:17.0");
    assert_list(facts->storage.unplaced, "");
}

static void test_btrfs_counts_every_disk(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autofree char *sdb = add_sata(tree, 2, "sdb", "8:16");
    add_device(tree, NVME, "259:0");
    add_partition(tree, sda, "sda2", "8:2");
    tree_folder(tree, "sys/fs/btrfs/features");
    tree_link(tree, "sys/fs/btrfs/1111/devices/sda2", "/sys/class/block/sda2");
    tree_link(tree, "sys/fs/btrfs/1111/devices/sdb", "/sys/class/block/sdb");
    tree_link(tree, "sys/fs/btrfs/2222/devices/nvme0n1", "/sys/class/block/nvme0n1");
    set_mounts(tree, "22 1 0:33 /@ / rw - btrfs /dev/sda2 rw,subvol=/@\n"
                     "23 22 0:33 /@home /home rw - btrfs /dev/sda2 rw,subvol=/@home\n");
    tree_write(tree, "proc/swaps", "Filename\n/home/my\\040swap file 99 0 -2\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sda2")->mounts, "/|/home");
    assert_list(device(facts, "sdb")->mounts, "/|/home");
    g_assert_cmpint(device(facts, "sdb")->swap, ==, TRI_YES);
    /* mounted, as sysfs says, and not where we can see it */
    assert_list(device(facts, "nvme0n1")->mounts, "another mount namespace");
    g_assert_cmpint(device(facts, "nvme0n1")->swap, ==, TRI_NO);
    assert_list(facts->storage.unplaced, "");
}

static void test_btrfs_by_another_name(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autofree char *sdb = add_sata(tree, 2, "sdb", "8:16");
    add_udev(tree, "8:16", "S:disk/by-uuid/5555\nE:ID_FS_TYPE=btrfs\n");
    tree_folder(tree, "sys/fs/btrfs/5555/devices/sdb");
    tree_folder(tree, "sys/fs/btrfs/6666/devices/sda");
    set_mounts(tree, "22 1 0:33 / / rw - btrfs /dev/disk/by-uuid/5555 rw\n"
                     "23 1 0:34 / /mnt rw - btrfs /dev/root rw\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sdb")->mounts, "/");
    /* one of the two holds /mnt and nothing says which */
    assert_list(facts->storage.unplaced, "btrfs /dev/root on /mnt");
    assert_list(device(facts, "sda")->mounts, "another mount namespace");
}

static void test_bind_mounts_and_escapes(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    set_mounts(tree, "22 1 8:0 / / rw - xfs /dev/root rw\n"
                     "23 22 8:0 /srv/a /mnt/my\\040disk\\134x rw master:1 propagate_from:2 - xfs "
                     "/dev/root rw\n"
                     "24 22 8:0 /srv/a /mnt/my\\040disk\\134x rw - xfs /dev/root rw\n"
                     "25 22 0:40 / /sys rw - sysfs sysfs rw\n"
                     "26 22 0:41 / /net rw - nfs4 server:/dev/x rw\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sda")->mounts, "/|/mnt/my disk\\x");
    assert_list(facts->storage.unplaced, "");
}

static void test_nvme_multipath(void)
{
    g_autoptr(Tree) tree = tree_new();
    const char *subsystem = "sys/devices/virtual/nvme-subsystem/nvme-subsys0";
    const char *disk = "sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1";
    tree_folder(tree, "sys/devices/pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0");
    tree_folder(tree, "sys/devices/pci0000:40/0000:40:01.0/0000:41:00.0/nvme/nvme1");
    g_autofree char *first = g_strdup_printf("%s/nvme0", subsystem);
    tree_link(tree, first, "/sys/devices/pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0");
    add_device(tree, disk, "259:0");
    add_partition(tree, disk, "nvme0n1p1", "259:1");
    /* the second controller is known by its hidden disk only */
    const char *path = "sys/devices/pci0000:40/0000:40:01.0/0000:41:00.0/nvme/nvme1/nvme0c1n1";
    add_device(tree, path, "0:0");
    g_autofree char *hidden = g_strdup_printf("%s/hidden", path);
    tree_write(tree, hidden, "1\n");
    set_mounts(tree, "22 1 259:1 / / rw - ext4 /dev/nvme0n1p1 rw\n");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpuint(facts->storage.devices->len, ==, 2);
    g_assert_cmpint(device(facts, "nvme0n1")->kind, ==, BLOCK_DISK);
    assert_list(device(facts, "nvme0n1")->pci, "0000:01:00.0|0000:41:00.0");
    assert_functions(facts, "nvme0n1p1", "0000:01:00.0|0000:41:00.0");
    assert_list(facts->storage.unplaced, "");
}

static void test_volume_management_device(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_device(tree,
               "sys/devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:1d.0/10000:e1:00.0/nvme/"
               "nvme0/nvme0n1",
               "259:0");
    set_mounts(tree, "22 1 259:0 / / rw - ext4 /dev/nvme0n1 rw\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "nvme0n1")->pci, "0000:00:0e.0|10000:e1:00.0");
}

static void test_zfs_root(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autofree char *sdb = add_sata(tree, 2, "sdb", "8:16");
    add_partition(tree, sda, "sda3", "8:3");
    add_udev(tree, "8:3", "E:ID_FS_LABEL=rpool\nE:ID_FS_TYPE=zfs_member\n");
    add_virtual(tree, "zd0", "230:0", "");
    tree_write(tree, "proc/spl/kstat/zfs/arcstats", "");
    tree_write(tree, "proc/spl/kstat/zfs/rpool/state", "ONLINE\n");
    tree_write(tree, "proc/spl/kstat/zfs/tank/state", "ONLINE\n");
    set_mounts(tree, "22 1 0:30 / / rw - zfs rpool/ROOT/pve-1 rw,xattr\n"
                     "23 22 230:0 / /data rw - ext4 /dev/zd0 rw\n");
    g_autoptr(Facts) facts = collect(tree);

    g_assert_cmpstr(device(facts, "sda3")->content, ==, "zfs_member");
    assert_list(device(facts, "sda3")->mounts, "/|zfs pool rpool");
    /* nothing proves that sdb is in no pool */
    assert_list(facts->storage.unplaced, "zfs rpool/ROOT/pve-1 on /|ext4 /dev/zd0 on /data|"
                                         "zfs pool rpool|zfs pool tank");
}

static void test_usb_stick_and_overlay(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_device(tree, USB, "8:32");
    add_partition(tree, USB, "sdc1", "8:33");
    add_virtual(tree, "loop0", "7:0", "");
    tree_write(tree, "sys/devices/virtual/block/loop0/loop/backing_file",
               "/run/live/medium/live/filesystem.squashfs\n");
    set_mounts(tree,
               "22 1 0:25 / / rw - overlay overlay "
               "rw,lowerdir=/run/live/rootfs,upperdir=/run/live/rw/up,workdir=/x\n"
               "23 22 8:33 / /run/live/medium ro - iso9660 /dev/sdc1 ro\n"
               "24 22 7:0 / /run/live/rootfs ro - squashfs /dev/loop0 ro\n"
               "25 22 0:26 / /run/live/rw rw - tmpfs tmpfs rw\n"
               "26 22 0:27 / /var/lib/docker/1/merged rw - overlay overlay rw,lowerdir=l/A\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sdc")->pci, "0000:00:14.0");
    assert_list(device(facts, "sdc1")->mounts, "/run/live/medium");
    assert_list(device(facts, "loop0")->mounts, "/|/run/live/rootfs");
    assert_list(facts->storage.unplaced, "");
}

static void test_overlay_that_hides_its_layers(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    set_mounts(tree, "22 1 0:25 / / rw - overlay overlay rw,lowerdir=/lower,upperdir=/upper\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(facts->storage.unplaced, "overlay overlay on /");
}

static void test_several_devices_in_one_source(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autofree char *sdb = add_sata(tree, 2, "sdb", "8:16");
    add_device(tree, NVME, "259:0");
    set_mounts(tree, "22 1 0:33 / / rw - bcachefs /dev/sda:/dev/sdb rw\n"
                     "23 22 259:0 / /x rw - xfs /dev/nvme0n1 rw,logdev=/dev/sdb\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sda")->mounts, "/");
    assert_list(device(facts, "sdb")->mounts, "/|/x");
    assert_list(facts->storage.unplaced, "");
}

static void test_iscsi_is_not_placed(void)
{
    g_autoptr(Tree) tree = tree_new();
    add_device(tree, "sys/devices/platform/host3/session1/target3:0:0/3:0:0:0/block/sda", "8:0");
    add_partition(tree, "sys/devices/platform/host3/session1/target3:0:0/3:0:0:0/block/sda", "sda1",
                  "8:1");
    set_mounts(tree, "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sda1")->mounts, "/");
    assert_list(facts->storage.unplaced, "ext4 /dev/sda1 on /");
}

/* Nothing of sdb and sdc is mounted now, and the host cannot do without either. */
static void test_mounted_on_demand(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autofree char *sdb = add_sata(tree, 2, "sdb", "8:16");
    g_autofree char *sdc = add_sata(tree, 3, "sdc", "8:32");
    g_autofree char *sdd = add_sata(tree, 4, "sdd", "8:48");
    add_partition(tree, sdc, "sdc1", "8:33");
    add_udev(tree, "8:16", "S:disk/by-uuid/aaaa\nE:ID_FS_TYPE=ext4\n");
    add_udev(tree, "8:33", "S:disk/by-partuuid/12345678-abcd\nE:ID_FS_TYPE=vfat\n");
    add_udev(tree, "8:48", "S:disk/by-label/backup\nE:ID_FS_TYPE=ext4\n");
    tree_write(
        tree, "etc/fstab",
        "# UUID=aaaa /srv ext4\n\nUUID=\"aaaa\"\t/my\\040data  ext4 x-systemd.automount 0 2\n"
        "LABEL=backup /backup ext4 noauto 0 0\nLABEL=gone /gone ext4\nshort\n");
    tree_write_bytes(
        tree, "sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",
        "\6\0\0\0001\0002\0003\0004\0005\0006\0007\0008\0-\0A\0B\0C\0D\0\0\0", 32);
    set_mounts(tree, "22 1 8:0 / / rw - ext4 /dev/sda rw\n"
                     "23 22 0:50 / /my\\040data rw - autofs systemd-1 rw\n"
                     "24 22 0:51 / /gone rw - autofs systemd-1 rw\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sdb")->mounts, "/my data, mounted on demand");
    assert_list(device(facts, "sdc1")->mounts, "the boot loader of this boot");
    assert_list(device(facts, "sdd")->mounts, "");
    assert_list(facts->storage.unplaced, "");
}

static void test_mounts_of_process_1(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autofree char *sdb = add_sata(tree, 2, "sdb", "8:16");
    set_mounts(tree, "22 1 8:0 / / rw - ext4 /dev/sda rw\n");
    tree_write(tree, "proc/1/mountinfo",
               "22 1 8:0 / / rw - ext4 /dev/sda rw\n"
               "29 22 8:16 / /home rw - ext4 /dev/sdb rw\n");
    tree_folder(tree, "sys/fs/ext4/sdb");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "sda")->mounts, "/");
    assert_list(device(facts, "sdb")->mounts, "/home");
}

static void test_what_is_missing_is_unknown(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autoptr(Facts) nothing = collect(tree);
    g_assert_null(nothing->storage.devices);
    g_assert_null(nothing->storage.unplaced);

    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    g_autoptr(Facts) facts = collect(tree);
    g_assert_null(facts->storage.unplaced);
    g_assert_null(device(facts, "sda")->mounts);
    g_assert_null(device(facts, "sda")->content);
    g_assert_cmpint(device(facts, "sda")->swap, ==, TRI_UNKNOWN);
    g_assert_cmpint(device(facts, "sda")->rotational, ==, TRI_UNKNOWN);
}

static void test_malformed(void)
{
    g_autoptr(Tree) tree = tree_new();
    g_autofree char *sda = add_sata(tree, 1, "sda", "8:0");
    add_virtual(tree, "dm-0", "254:0", "dm-1");
    add_virtual(tree, "dm-1", "254:1", "dm-0 sda");
    tree_link(tree, "sys/class/block/gone", "../../devices/nowhere");
    tree_write(tree, "proc/swaps", "\n/dev/sdz partition\n\\\n\\777 x\n");
    tree_write(tree, "proc/self/mountinfo",
               "\n1\n22 1 8:0 / /\\04 rw\n22 1 8:0 / / rw - \n- - - - - -\n"
               "22 1 254:0 / /loop\\000\\ rw - ext4 /dev/dm-0\n"
               "22 1 99:1 / /strange rw - ext4 /dev/dm-7 rw\n");
    g_autoptr(Facts) facts = collect(tree);

    assert_list(device(facts, "dm-0")->mounts, "/loop\\000\\");
    /* a swap that nobody can find may be on sda */
    g_assert_cmpint(device(facts, "sda")->swap, ==, TRI_UNKNOWN);
    g_assert_true(g_strv_contains((const char *const *)facts->storage.unplaced,
                                  "ext4 /dev/dm-7 on /strange"));
    g_assert_true(
        g_strv_contains((const char *const *)facts->storage.unplaced, "swap on /dev/sdz"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/storage/lvm-on-luks-on-nvme", test_lvm_on_luks_on_nvme);
    g_test_add_func("/facts/storage/raid", test_raid_of_two_disks);
    g_test_add_func("/facts/storage/btrfs", test_btrfs_counts_every_disk);
    g_test_add_func("/facts/storage/btrfs-names", test_btrfs_by_another_name);
    g_test_add_func("/facts/storage/bind", test_bind_mounts_and_escapes);
    g_test_add_func("/facts/storage/nvme-multipath", test_nvme_multipath);
    g_test_add_func("/facts/storage/vmd", test_volume_management_device);
    g_test_add_func("/facts/storage/zfs", test_zfs_root);
    g_test_add_func("/facts/storage/usb-live", test_usb_stick_and_overlay);
    g_test_add_func("/facts/storage/overlay-hidden", test_overlay_that_hides_its_layers);
    g_test_add_func("/facts/storage/several-devices", test_several_devices_in_one_source);
    g_test_add_func("/facts/storage/iscsi", test_iscsi_is_not_placed);
    g_test_add_func("/facts/storage/on-demand", test_mounted_on_demand);
    g_test_add_func("/facts/storage/process-1", test_mounts_of_process_1);
    g_test_add_func("/facts/storage/missing", test_what_is_missing_is_unknown);
    g_test_add_func("/facts/storage/malformed", test_malformed);
    return g_test_run();
}
