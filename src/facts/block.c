/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/block.h"

#include "facts/place.h"

#include <string.h>

/* The unit of sys/class/block/NAME/size, whatever the device's own sectors are. */
#define SYSFS_SECTOR 512

/* One entry of sys/class/block while it is read. */
typedef struct {
    const OsRoot *root; /* the host */
    OsRoot *folder;     /* sys/class/block/NAME */
    const char *name;
    char *place; /* below sys/devices */
    GStrv all;   /* every name in sys/class/block */
    BlockDevice *device;
} Entry;

static bool name_is(const char *name, const char *prefix)
{
    gsize length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 && g_ascii_isdigit(name[length]);
}

static BlockKind mapper_kind(const Entry *entry)
{
    g_autofree char *uuid = os_read_line(entry->folder, "dm/uuid");
    if (uuid != NULL && g_str_has_prefix(uuid, "LVM-"))
        return BLOCK_LVM;
    if (uuid != NULL && g_str_has_prefix(uuid, "CRYPT-"))
        return BLOCK_CRYPT;
    return BLOCK_MAPPER;
}

static BlockKind kind_of(const Entry *entry)
{
    if (os_exists(entry->folder, "partition"))
        return BLOCK_PARTITION;
    if (name_is(entry->name, "dm-"))
        return mapper_kind(entry);
    if (g_str_has_prefix(entry->name, "md") && os_exists(entry->folder, "md"))
        return BLOCK_RAID;
    if (name_is(entry->name, "loop"))
        return BLOCK_LOOP;
    if (name_is(entry->name, "sr") || name_is(entry->name, "fd") || name_is(entry->name, "nbd"))
        return BLOCK_OTHER;
    bool nvme = name_is(entry->name, "nvme"); /* with multipath a disk is virtual too */
    return place_is_virtual(entry->place) && !nvme ? BLOCK_OTHER : BLOCK_DISK;
}

static char *label_of(const Entry *entry)
{
    switch (entry->device->kind) {
    case BLOCK_LVM:
    case BLOCK_CRYPT:
    case BLOCK_MAPPER:
        return os_read_line(entry->folder, "dm/name");
    case BLOCK_RAID:
        return os_read_line(entry->folder, "md/level");
    case BLOCK_DISK:
    case BLOCK_PARTITION:
    case BLOCK_LOOP:
    case BLOCK_OTHER:
    case BLOCK_KINDS:
        break;
    }
    return NULL;
}

static char *model_of(const Entry *entry)
{
    char *model = os_read_line(entry->folder, "device/model");
    if (model == NULL && name_is(entry->name, "mmcblk"))
        model = os_read_line(entry->folder, "device/name");
    return model;
}

static void add_new(GPtrArray *list, char *const *strings)
{
    for (guint i = 0; strings[i] != NULL; i++) {
        if (!g_ptr_array_find_with_equal_func(list, strings[i], g_str_equal, NULL))
            g_ptr_array_add(list, g_strdup(strings[i]));
    }
}

static GStrv list_end(GPtrArray *list)
{
    g_ptr_array_add(list, NULL);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&list), FALSE);
}

/* "nvme0c1n1" is a path of the multipath disk "nvme0n1". */
static bool is_path_of(const char *name, const char *disk)
{
    const char *unit = strrchr(disk, 'n');
    gsize length = (gsize)(unit - disk);
    if (strncmp(name, disk, length) != 0 || name[length] != 'c')
        return false;
    const char *end = strrchr(name, 'n');
    return end > name + length && strcmp(end, unit) == 0;
}

static void add_place_of(const Entry *entry, const char *path, GPtrArray *functions)
{
    g_autofree char *place = os_resolve(entry->root, path);
    if (place == NULL)
        return;
    g_auto(GStrv) found = place_pci_functions(place);
    add_new(functions, found);
}

/* The controllers of an NVMe subsystem, each of which leads to the same disk (Linux
 * Documentation/admin-guide/nvme-multipath.rst): links in the subsystem's folder, and the hidden
 * disks of the paths. */
static void add_multipath(const Entry *entry, GPtrArray *functions)
{
    g_autofree char *subsystem = g_path_get_dirname(entry->place);
    g_auto(GStrv) names = os_list(entry->root, subsystem);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(subsystem, names[i], NULL);
        if (name_is(names[i], "nvme") && strchr(names[i] + 4, 'n') == NULL)
            add_place_of(entry, path, functions);
    }
    for (guint i = 0; entry->all[i] != NULL; i++) {
        g_autofree char *path = g_build_filename("sys/class/block", entry->all[i], NULL);
        if (is_path_of(entry->all[i], entry->name))
            add_place_of(entry, path, functions);
    }
}

static GStrv functions_of(const Entry *entry)
{
    GPtrArray *functions = g_ptr_array_new();
    if (entry->device->kind != BLOCK_PARTITION) {
        g_auto(GStrv) direct = place_pci_functions(entry->place);
        add_new(functions, direct);
        if (name_is(entry->name, "nvme") && place_is_virtual(entry->place))
            add_multipath(entry, functions);
    }
    return list_end(functions);
}

/* The block device behind a loop device or zram's write-back; NULL when it is a file or none. */
static char *backing_device(const Entry *entry)
{
    const char *file = entry->device->kind == BLOCK_LOOP ? "loop/backing_file" : "backing_dev";
    g_autofree char *path = os_read_line(entry->folder, file);
    if (path == NULL || !g_str_has_prefix(path, "/dev/"))
        return NULL;
    g_autofree char *place = os_resolve(entry->root, path);
    return g_path_get_basename(place != NULL ? place : path);
}

static GStrv below_of(const Entry *entry)
{
    g_autofree char *folder = g_path_get_dirname(entry->place);
    g_autofree char *single = NULL;

    if (entry->device->kind == BLOCK_PARTITION)
        single = g_path_get_basename(folder);
    else if (entry->device->kind == BLOCK_LOOP || name_is(entry->name, "zram"))
        single = backing_device(entry);
    if (single != NULL)
        return g_strdupv((char *[]){single, NULL});
    GStrv slaves = os_list(entry->folder, "slaves");
    return slaves != NULL ? slaves : g_new0(char *, 1);
}

/* Whether what DEVICE stands on cannot be told, as far as it is not told by `below`: a ZFS volume,
 * a network block device, a disk of iSCSI or of NVMe over a network. */
static bool is_placeless(const Entry *entry)
{
    const BlockDevice *device = entry->device;
    if (device->below[0] != NULL || device->pci[0] != NULL || device->kind == BLOCK_PARTITION)
        return false;
    if (device->kind == BLOCK_LOOP)
        return !os_exists(entry->folder, "loop/backing_file");
    if (name_is(entry->name, "zram") || name_is(entry->name, "ram"))
        return false;
    return place_is_virtual(entry->place) || strstr(entry->place, "/session") != NULL;
}

static void add_pool_member(BlockIndex *index, const char *pool, BlockDevice *device)
{
    GPtrArray *members = g_hash_table_lookup(index->pools, pool);
    if (members == NULL) {
        members = g_ptr_array_new();
        g_hash_table_insert(index->pools, g_strdup(pool), members);
    }
    g_ptr_array_add(members, device);
}

/* udev's record of the device: a line a fact, `S:` names below /dev, `E:` properties. */
static void read_udev(BlockIndex *index, const Entry *entry)
{
    g_autofree char *path = g_strconcat("run/udev/data/b", entry->device->number, NULL);
    g_autofree char *text = os_read_text(entry->root, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    const char *label = NULL;

    for (guint i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], "S:"))
            g_hash_table_insert(index->by_path, g_strconcat("/dev/", lines[i] + 2, NULL),
                                entry->device);
        else if (g_str_has_prefix(lines[i], "E:ID_FS_LABEL="))
            label = lines[i] + strlen("E:ID_FS_LABEL=");
        else if (g_str_has_prefix(lines[i], "E:ID_FS_TYPE=") && entry->device->content == NULL)
            entry->device->content = g_strdup(lines[i] + strlen("E:ID_FS_TYPE="));
    }
    if (label != NULL && g_strcmp0(entry->device->content, "zfs_member") == 0)
        add_pool_member(index, label, entry->device);
}

static void add_names(BlockIndex *index, const Entry *entry)
{
    BlockDevice *device = entry->device;
    char *node = g_strconcat("/dev/", entry->name, NULL);

    g_strdelimit(node, "!", '/'); /* sysfs cannot have a slash in a name */
    g_hash_table_insert(index->by_path, node, device);
    g_hash_table_insert(index->by_name, device->name, device);
    if (g_str_has_prefix(entry->name, "dm-") && device->label != NULL)
        g_hash_table_insert(index->by_path, g_strconcat("/dev/mapper/", device->label, NULL),
                            device);
    if (device->number != NULL) {
        g_hash_table_insert(index->by_number, device->number, device);
        read_udev(index, entry);
    }
}

static void read_device(BlockIndex *index, Entry *entry)
{
    BlockDevice *device = block_device_new(entry->name);
    entry->device = device;
    g_ptr_array_add(index->devices, device);
    device->kind = kind_of(entry);
    device->number = os_read_line(entry->folder, "dev");
    device->label = label_of(entry);
    gint64 sectors = os_read_integer(entry->folder, "size");
    if (sectors >= 0 && sectors <= G_MAXINT64 / SYSFS_SECTOR)
        device->size = sectors * SYSFS_SECTOR;
    if (device->kind == BLOCK_DISK || device->kind == BLOCK_OTHER)
        device->model = model_of(entry);
    if (device->kind != BLOCK_PARTITION)
        device->rotational = os_read_tri(entry->folder, "queue/rotational");
    device->pci = functions_of(entry);
    device->below = below_of(entry);
    if (is_placeless(entry))
        g_hash_table_add(index->placeless, device);
    add_names(index, entry);
}

static void read_entry(BlockIndex *index, const OsRoot *root, GStrv all, const char *name)
{
    g_autofree char *path = g_build_filename("sys/class/block", name, NULL);
    g_autoptr(OsRoot) folder = os_root_sub(root, path);
    g_autofree char *place = os_resolve(root, path);
    Entry entry = {.root = root, .folder = folder, .name = name, .place = place, .all = all};

    /* A hidden disk is one path of a multipath disk and nobody can use it by itself. */
    bool path_only = name_is(name, "nvme") && strchr(name + 4, 'c') != NULL;
    if (place != NULL && !(path_only && os_read_integer(folder, "hidden") == 1))
        read_device(index, &entry);
}

static void free_members(gpointer members)
{
    g_ptr_array_unref(members);
}

BlockIndex *block_index_new(const OsRoot *root)
{
    g_auto(GStrv) names = os_list(root, "sys/class/block");
    if (names == NULL)
        return NULL;
    BlockIndex *index = g_new0(BlockIndex, 1);
    index->devices = g_ptr_array_new_with_free_func((GDestroyNotify)block_device_free);
    index->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    index->by_number = g_hash_table_new(g_str_hash, g_str_equal);
    index->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    index->pools = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_members);
    index->placeless = g_hash_table_new(NULL, NULL);
    for (guint i = 0; names[i] != NULL; i++)
        read_entry(index, root, names, names[i]);
    return index;
}

void block_index_free(BlockIndex *index)
{
    if (index == NULL)
        return;
    g_hash_table_unref(index->by_name);
    g_hash_table_unref(index->by_number);
    g_hash_table_unref(index->by_path);
    g_hash_table_unref(index->pools);
    g_hash_table_unref(index->placeless);
    g_clear_pointer(&index->devices, g_ptr_array_unref);
    g_free(index);
}

BlockDevice *block_index_find(const BlockIndex *index, const OsRoot *root, const char *path)
{
    BlockDevice *device = g_hash_table_lookup(index->by_path, path);
    if (device != NULL)
        return device;
    g_autofree char *place = os_resolve(root, path);
    g_autofree char *node = place != NULL ? g_strconcat("/", place, NULL) : NULL;
    return node != NULL ? g_hash_table_lookup(index->by_path, node) : NULL;
}

bool block_index_placeless(const BlockIndex *index, const BlockDevice *device)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) todo = g_ptr_array_new();

    g_ptr_array_add(todo, (gpointer)device);
    while (todo->len > 0) {
        const BlockDevice *next = g_ptr_array_steal_index_fast(todo, todo->len - 1);
        if (next == NULL || g_hash_table_contains(index->placeless, next))
            return true;
        if (!g_hash_table_add(seen, (gpointer)next))
            continue;
        for (guint i = 0; next->below[i] != NULL; i++)
            g_ptr_array_add(todo, g_hash_table_lookup(index->by_name, next->below[i]));
    }
    return false;
}
