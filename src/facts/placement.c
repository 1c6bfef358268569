/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/placement.h"

#include <string.h>

typedef struct {
    const Placement *placement;
    GPtrArray *devices;
    GHashTable *seen; /* set of Mount *: an overlay may lie on overlays */
    bool complete;
} Search;

static void search_mount(Search *search, const Mount *mount);

static GPtrArray *read_btrfs(const Placement *placement, const char *id)
{
    g_autofree char *path = g_strdup_printf("sys/fs/btrfs/%s/devices", id);
    g_auto(GStrv) names = os_list(placement->root, path);
    if (names == NULL)
        return NULL;
    GPtrArray *members = g_ptr_array_new();
    for (guint i = 0; names[i] != NULL; i++)
        g_ptr_array_add(members, g_hash_table_lookup(placement->index->by_name, names[i]));
    return members;
}

static void free_list(gpointer list)
{
    g_ptr_array_unref(list);
}

void placement_begin(Placement *placement, const OsRoot *root, const BlockIndex *index,
                     const GPtrArray *mounts)
{
    *placement = (Placement){root, index, mounts, g_ptr_array_new_with_free_func(free_list)};
    g_auto(GStrv) ids = os_list(root, "sys/fs/btrfs");
    for (guint i = 0; ids != NULL && ids[i] != NULL; i++) {
        GPtrArray *members = read_btrfs(placement, ids[i]);
        if (members != NULL)
            g_ptr_array_add(placement->btrfs, members);
    }
}

void placement_end(Placement *placement)
{
    g_clear_pointer(&placement->btrfs, g_ptr_array_unref);
}

static void add_device(Search *search, BlockDevice *device)
{
    if (device == NULL)
        search->complete = false;
    else if (!g_ptr_array_find(search->devices, device, NULL))
        g_ptr_array_add(search->devices, device);
    if (device != NULL && block_index_placeless(search->placement->index, device))
        search->complete = false;
}

static void add_path(Search *search, const char *path)
{
    const Placement *placement = search->placement;
    add_device(search, block_index_find(placement->index, placement->root, path));
}

/* A source of several devices separates them by colons (bcachefs); names have colons of their own.
 */
static void add_source(Search *search, const char *source)
{
    const char *next;
    for (const char *path = source; path != NULL; path = next) {
        next = strstr(path, ":/dev/");
        g_autofree char *one = next != NULL ? g_strndup(path, (gsize)(next - path)) : NULL;
        add_path(search, one != NULL ? one : path);
        next = next != NULL ? next + 1 : NULL;
    }
}

/* The log and real-time devices of XFS (xfs(5)). */
static void add_extra_devices(Search *search, const Mount *mount)
{
    for (char **option = mount->options; *option != NULL; option++) {
        if (g_str_has_prefix(*option, "logdev=/") || g_str_has_prefix(*option, "rtdev=/"))
            add_path(search, strchr(*option, '/'));
    }
}

/* btrfs has an anonymous device number, and its source names only one of its devices. */
static void add_btrfs(Search *search, const Mount *mount)
{
    const Placement *placement = search->placement;
    BlockDevice *source = block_index_find(placement->index, placement->root, mount->source);
    const GPtrArray *found = NULL;

    for (guint i = 0; i < placement->btrfs->len; i++) {
        const GPtrArray *members = g_ptr_array_index(placement->btrfs, i);
        if (source != NULL && g_ptr_array_find((GPtrArray *)members, source, NULL))
            found = members;
    }
    if (found == NULL && source == NULL && placement->btrfs->len == 1)
        found = g_ptr_array_index(placement->btrfs, 0);
    if (found == NULL) {
        add_device(search, source);
        search->complete = false;
        return;
    }
    for (guint i = 0; i < found->len; i++)
        add_device(search, g_ptr_array_index(found, i));
}

/* The labels say which devices are members, and not that there are no others (caches, spares, disks
 * that udev did not look at). */
static void add_pool(Search *search, const Mount *mount)
{
    const Placement *placement = search->placement;
    g_autofree char *pool = g_strndup(mount->source, strcspn(mount->source, "/@"));
    const GPtrArray *members = g_hash_table_lookup(placement->index->pools, pool);

    for (guint i = 0; members != NULL && i < members->len; i++)
        add_device(search, g_ptr_array_index(members, i));
    search->complete = false;
}

static void search_path(Search *search, const char *path, const Mount *except)
{
    const Mount *mount = mounts_containing(search->placement->mounts, path, except);
    if (mount == NULL)
        search->complete = false;
    else if (!g_hash_table_contains(search->seen, mount))
        search_mount(search, mount);
}

/* The folders that an overlay is made of (Linux Documentation/filesystems/overlayfs.rst). What the
 * overlay itself covers was mounted before and cannot be seen any more. */
static void add_overlay(Search *search, const Mount *mount)
{
    static const char *const KEYS[] = {"lowerdir=", "upperdir=", "lowerdir+=", "datadir+="};

    for (char **option = mount->options; *option != NULL; option++) {
        for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
            if (!g_str_has_prefix(*option, KEYS[i]))
                continue;
            g_auto(GStrv) folders = g_strsplit(*option + strlen(KEYS[i]), ":", -1);
            for (char **folder = folders; *folder != NULL; folder++) {
                if (**folder != '\0')
                    search_path(search, *folder, mount);
            }
        }
    }
}

static bool is_network(const char *type)
{
    static const char *const TYPES[] = {"9p", "virtiofs", "nfs", "nfs4", "cifs", "smb3", "ceph"};
    for (guint i = 0; i < G_N_ELEMENTS(TYPES); i++) {
        if (strcmp(type, TYPES[i]) == 0)
            return true;
    }
    return false;
}

static void search_anonymous(Search *search, const Mount *mount)
{
    if (strcmp(mount->type, "btrfs") == 0)
        add_btrfs(search, mount);
    else if (strcmp(mount->type, "zfs") == 0)
        add_pool(search, mount);
    else if (strcmp(mount->type, "overlay") == 0)
        add_overlay(search, mount);
    else if (g_str_has_prefix(mount->source, "/dev/") && strcmp(mount->source, "/dev/fuse") != 0 &&
             !is_network(mount->type))
        add_source(search, mount->source);
    else if (!g_str_has_prefix(mount->number, "0:") || strcmp(mount->type, "fuse.veracrypt") == 0)
        search->complete = false;
}

static void search_mount(Search *search, const Mount *mount)
{
    BlockDevice *device = g_hash_table_lookup(search->placement->index->by_number, mount->number);
    g_hash_table_add(search->seen, (gpointer)mount);
    if (device != NULL) {
        add_device(search, device);
        add_extra_devices(search, mount);
    } else {
        search_anonymous(search, mount);
    }
}

static Search search_begin(const Placement *placement)
{
    return (Search){placement, g_ptr_array_new(), g_hash_table_new(NULL, NULL), true};
}

static GPtrArray *search_end(Search *search, bool *ret_complete)
{
    g_hash_table_unref(search->seen);
    *ret_complete = search->complete;
    return search->devices;
}

GPtrArray *placement_devices(const Placement *placement, const Mount *mount, bool *ret_complete)
{
    Search search = search_begin(placement);
    search_mount(&search, mount);
    return search_end(&search, ret_complete);
}

GPtrArray *placement_file(const Placement *placement, const char *path, bool *ret_complete)
{
    Search search = search_begin(placement);
    search_path(&search, path, NULL);
    return search_end(&search, ret_complete);
}
