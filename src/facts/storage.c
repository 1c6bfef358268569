/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "facts/automounts.h"
#include "facts/placement.h"

#include <string.h>

/* What stands among the mounts of a device that is in use by a mount that we cannot see. */
#define MOUNTED_ELSEWHERE "another mount namespace"

typedef struct {
    const OsRoot *root;
    BlockIndex *index;
    Placement placement;
    GHashTable *mounts;  /* BlockDevice * -> GPtrArray of char *: where it is mounted */
    GPtrArray *unplaced; /* of char * */
    GHashTable *seen;    /* set of "device mount" and of what is in unplaced */
} Storage;

static void add_mount(Storage *storage, BlockDevice *device, const char *point)
{
    char *key = g_strdup_printf("%p %s", (void *)device, point);
    if (!g_hash_table_add(storage->seen, key))
        return;
    GPtrArray *points = g_hash_table_lookup(storage->mounts, device);
    if (points == NULL) {
        points = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(storage->mounts, device, points);
    }
    g_ptr_array_add(points, g_strdup(point));
}

static void add_unplaced(Storage *storage, char *text)
{
    if (g_hash_table_add(storage->seen, g_strdup(text)))
        g_ptr_array_add(storage->unplaced, text);
    else
        g_free(text);
}

/* Containers make overlays by the dozen on file systems that are mounted anyway; only the one that
 * is the host's root says more. */
static bool says_nothing(const Mount *mount)
{
    return strcmp(mount->type, "overlay") == 0 && strcmp(mount->point, "/") != 0;
}

/* Adds POINT to all devices under MOUNT; false when there may be more. */
static bool place(Storage *storage, const Mount *mount, const char *point)
{
    bool complete = true;
    g_autoptr(GPtrArray) devices = placement_devices(&storage->placement, mount, &complete);
    for (guint i = 0; i < devices->len; i++) {
        BlockDevice *device = g_ptr_array_index(devices, i);
        add_mount(storage, device, point);
        if (device->content == NULL && g_strcmp0(device->number, mount->number) == 0)
            device->content = g_strdup(mount->type);
    }
    return complete;
}

static void place_mount(Storage *storage, const Mount *mount)
{
    if (!says_nothing(mount) && !place(storage, mount, mount->point))
        add_unplaced(storage,
                     g_strdup_printf("%s %s on %s", mount->type, mount->source, mount->point));
}

static bool is_mounted(const Storage *storage, BlockDevice *device)
{
    return g_hash_table_contains(storage->mounts, device);
}

/* These file systems keep a folder in sysfs for each device that is mounted in any mount namespace
 * (Linux Documentation/ABI/testing/sysfs-fs-ext4 and its neighbours). */
static void find_mounted_elsewhere(Storage *storage)
{
    static const char *const FOLDERS[] = {"sys/fs/ext4", "sys/fs/xfs", "sys/fs/f2fs",
                                          "sys/fs/erofs"};

    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_auto(GStrv) names = os_list(storage->root, FOLDERS[i]);
        for (guint j = 0; names != NULL && names[j] != NULL; j++) {
            BlockDevice *device = g_hash_table_lookup(storage->index->by_name, names[j]);
            if (device != NULL && !is_mounted(storage, device))
                add_mount(storage, device, MOUNTED_ELSEWHERE);
        }
    }
    for (guint i = 0; i < storage->placement.btrfs->len; i++) {
        const GPtrArray *members = g_ptr_array_index(storage->placement.btrfs, i);
        for (guint j = 0; j < members->len; j++) {
            BlockDevice *device = g_ptr_array_index(members, j);
            if (device != NULL && !is_mounted(storage, device))
                add_mount(storage, device, MOUNTED_ELSEWHERE);
        }
    }
}

/* Pools hold their devices from import to export, with or without mounts. OpenZFS keeps a folder of
 * statistics for each that is imported. */
static void find_pools(Storage *storage)
{
    g_auto(GStrv) names = os_list(storage->root, "proc/spl/kstat/zfs");
    g_autoptr(GPtrArray) pools = mounts_list_new();
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename("proc/spl/kstat/zfs", names[i], NULL);
        g_auto(GStrv) files = os_list(storage->root, path);
        if (files == NULL)
            continue;
        g_autofree char *text = g_strconcat("zfs pool ", names[i], NULL);
        Mount *pool = mount_new(text, "zfs", names[i]);
        g_ptr_array_add(pools, pool);
        if (!place(storage, pool, text))
            add_unplaced(storage, g_steal_pointer(&text));
    }
}

/* Only what is there now can be told: a device that is unplugged is nobody's. */
static void find_automounts(Storage *storage)
{
    g_autoptr(GPtrArray) mounts = automounts_read(storage->root, storage->placement.mounts);
    for (guint i = 0; i < mounts->len; i++) {
        const Mount *mount = g_ptr_array_index(mounts, i);
        place(storage, mount, mount->point);
    }
}

/* The device of an external journal is held by a file system that does not name it. */
static void find_journals(Storage *storage)
{
    for (guint i = 0; i < storage->index->devices->len; i++) {
        BlockDevice *device = g_ptr_array_index(storage->index->devices, i);
        if (g_strcmp0(device->content, "jbd") == 0 && !is_mounted(storage, device))
            add_mount(storage, device, "journal of another file system");
    }
}

static void place_mounts(Storage *storage)
{
    const GPtrArray *mounts = storage->placement.mounts;

    for (guint i = 0; i < mounts->len; i++)
        place_mount(storage, g_ptr_array_index(mounts, i));
    find_pools(storage);
    find_mounted_elsewhere(storage);
    find_automounts(storage);
    find_journals(storage);
    for (guint i = 0; i < storage->index->devices->len; i++) {
        BlockDevice *device = g_ptr_array_index(storage->index->devices, i);
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
        const GPtrArray *points = g_hash_table_lookup(storage->mounts, device);
        for (guint j = 0; points != NULL && j < points->len; j++)
            g_strv_builder_add(builder, g_ptr_array_index(points, j));
        device->mounts = g_strv_builder_end(builder);
    }
}

/* One line of proc/swaps: path, "partition" or "file", sizes. False when its devices are not all
 * known. */
static bool place_swap(Storage *storage, char *line)
{
    line[strcspn(line, " \t")] = '\0';
    const char *path = mounts_unescape(line);
    BlockDevice *device = block_index_find(storage->index, storage->root, path);
    if (device != NULL) {
        device->swap = TRI_YES;
        return !block_index_placeless(storage->index, device);
    }
    if (storage->placement.mounts == NULL || g_str_has_prefix(path, "/dev/"))
        return false;
    bool complete = true;
    g_autoptr(GPtrArray) devices = placement_file(&storage->placement, path, &complete);
    for (guint i = 0; i < devices->len; i++)
        ((BlockDevice *)g_ptr_array_index(devices, i))->swap = TRI_YES;
    return complete && devices->len > 0;
}

static void place_swaps(Storage *storage)
{
    g_autofree char *text = os_read_text(storage->root, "proc/swaps", NULL);
    if (text == NULL)
        return;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool complete = true;
    for (guint i = 1; lines[0] != NULL && lines[i] != NULL; i++) {
        if (*lines[i] == '\0' || place_swap(storage, lines[i]))
            continue;
        complete = false;
        add_unplaced(storage, g_strdup_printf("swap on %s", lines[i]));
    }
    for (guint i = 0; complete && i < storage->index->devices->len; i++) {
        BlockDevice *device = g_ptr_array_index(storage->index->devices, i);
        if (device->swap == TRI_UNKNOWN)
            device->swap = TRI_NO;
    }
}

static void free_points(gpointer points)
{
    g_ptr_array_unref(points);
}

void facts_collect_storage(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    g_autoptr(BlockIndex) index = block_index_new(root);
    if (index == NULL)
        return;
    g_autoptr(GPtrArray) mounts = mounts_read(root);
    g_autoptr(GHashTable) points = g_hash_table_new_full(NULL, NULL, NULL, free_points);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Storage storage = {root, index, {0}, points, g_ptr_array_new(), seen};

    placement_begin(&storage.placement, root, index, mounts);
    if (mounts != NULL)
        place_mounts(&storage);
    place_swaps(&storage);
    placement_end(&storage.placement);
    g_ptr_array_add(storage.unplaced, NULL);
    facts->storage.unplaced = (GStrv)g_ptr_array_free(storage.unplaced, FALSE);
    if (mounts == NULL)
        g_clear_pointer(&facts->storage.unplaced, g_strfreev);
    facts->storage.devices = g_steal_pointer(&index->devices);
}
