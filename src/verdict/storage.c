/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * Which PCI functions carry disks that the host uses. What a device is used for (a mount, swap, a
 * member of an active LVM volume, RAID or crypt device) is handed down from device to device, from
 * the top of the storage graph to the disks. Each edge is walked once.
 */
#define MOST_USES 8

typedef struct {
    const BlockDevice *device;
    GPtrArray *below; /* of Node *; not owned */
    GArray *uses;     /* of Hold; text without an address: "holds / (sda1)" */
    guint above_left; /* devices that lie on it and were not visited */
    bool dangling;    /* it lies on something that is not in the facts */
} Node;

typedef struct {
    HostUses *uses;
    const StorageFacts *storage;
    GPtrArray *nodes;    /* of Node * */
    GHashTable *by_name; /* name to Node *, not owned */
    bool shared_mounted; /* a file system that may have further members is mounted */
    bool zfs_mounted;
} Graph;

static void node_free(Node *node)
{
    g_ptr_array_unref(node->below);
    g_array_unref(node->uses);
    g_free(node);
}

static void add_use(Node *node, Answer answer, const char *text)
{
    for (guint i = 0; i < node->uses->len; i++) {
        if (g_array_index(node->uses, Hold, i).text == text)
            return;
    }
    if (node->uses->len == MOST_USES) {
        if (answer != ANSWER_NO ||
            g_array_index(node->uses, Hold, MOST_USES - 1).answer == ANSWER_NO)
            return;
        g_array_set_size(node->uses, MOST_USES - 1);
    }
    Hold use = {answer, text};
    g_array_append_val(node->uses, use);
}

static bool has_names(char *const *names)
{
    return names != NULL && names[0] != NULL;
}

/* What people call a device: device-mapper's names mean more to them than "dm-0". */
static const char *device_name(const BlockDevice *device)
{
    bool mapped =
        device->kind == BLOCK_LVM || device->kind == BLOCK_CRYPT || device->kind == BLOCK_MAPPER;
    return mapped && device->label != NULL && device->label[0] != '\0' ? device->label
                                                                       : device->name;
}

/* File systems that may lie on several devices, of which one is named as mounted. */
static bool is_shared_file_system(const char *content)
{
    return g_strcmp0(content, "btrfs") == 0 || g_strcmp0(content, "bcachefs") == 0;
}

static void add_mounts(Graph *graph, Node *node)
{
    const BlockDevice *device = node->device;
    const char *name = device_name(device);
    Verdict *verdict = graph->uses->verdict;

    if (device->mounts == NULL)
        add_use(node, ANSWER_UNKNOWN,
                say(verdict, "carries %s, of which it is unknown whether it is mounted", name));
    for (guint i = 0; has_names(device->mounts) && device->mounts[i] != NULL && i < MOST_USES; i++)
        add_use(node, ANSWER_NO, say(verdict, "holds %s (%s)", device->mounts[i], name));
    if (device->swap == TRI_YES)
        add_use(node, ANSWER_NO, say(verdict, "holds swap space in use (%s)", name));
    else if (device->swap == TRI_UNKNOWN)
        add_use(node, ANSWER_UNKNOWN,
                say(verdict, "carries %s, of which it is unknown whether it is swap in use", name));
}

static void add_memberships(Graph *graph, Node *node)
{
    const BlockDevice *device = node->device;
    const char *name = device_name(device);
    Verdict *verdict = graph->uses->verdict;

    if (device->kind != BLOCK_PARTITION && device->kind != BLOCK_DISK && has_names(device->below))
        add_use(node, ANSWER_NO,
                say(verdict, "holds a part of %s (%s), which is active", name,
                    block_kind_name(device->kind)));
    if (g_strcmp0(device->content, "zfs_member") == 0)
        add_use(
            node, graph->zfs_mounted ? ANSWER_NO : ANSWER_UNKNOWN,
            graph->zfs_mounted
                ? say(verdict, "holds a member of a ZFS pool (%s), and a pool is mounted", name)
                : say(verdict, "holds a member of a ZFS pool (%s), which may be imported", name));
    else if (is_shared_file_system(device->content) && !has_names(device->mounts) &&
             graph->shared_mounted)
        add_use(node, ANSWER_UNKNOWN,
                say(verdict, "holds %s (%s), which may be a further member of one that is mounted",
                    device->content, name));
}

static void note_mounted_kinds(Graph *graph)
{
    char *const *unplaced = graph->storage->unplaced;

    for (guint i = 0; i < graph->nodes->len; i++) {
        const Node *node = g_ptr_array_index(graph->nodes, i);
        graph->shared_mounted |=
            is_shared_file_system(node->device->content) && has_names(node->device->mounts);
    }
    for (; unplaced != NULL && *unplaced != NULL; unplaced++) {
        graph->zfs_mounted |= g_str_has_prefix(*unplaced, "zfs ");
        graph->shared_mounted |=
            g_str_has_prefix(*unplaced, "btrfs ") || g_str_has_prefix(*unplaced, "bcachefs ");
    }
}

static void make_nodes(Graph *graph)
{
    const GPtrArray *devices = graph->storage->devices;

    for (guint i = 0; i < devices->len; i++) {
        Node *node = g_new0(Node, 1);
        node->device = g_ptr_array_index(devices, i);
        node->below = g_ptr_array_new();
        node->uses = g_array_new(FALSE, FALSE, sizeof(Hold));
        g_ptr_array_add(graph->nodes, node);
        g_hash_table_insert(graph->by_name, node->device->name, node);
    }
    for (guint i = 0; i < graph->nodes->len; i++) {
        Node *node = g_ptr_array_index(graph->nodes, i);
        for (char **name = node->device->below; name != NULL && *name != NULL; name++) {
            Node *below = g_hash_table_lookup(graph->by_name, *name);
            if (below == NULL) {
                node->dangling = true;
                continue;
            }
            g_ptr_array_add(node->below, below);
            below->above_left++;
        }
    }
}

/* Devices that the kernel keeps in memory. */
static bool is_in_memory(const BlockDevice *device)
{
    return g_str_has_prefix(device->name, "zram") || g_str_has_prefix(device->name, "ram");
}

/* Whether it is known what the device lies on: disks on their controllers, the others on devices.
 */
static bool is_placed(const Node *node)
{
    const BlockDevice *device = node->device;

    if (node->dangling)
        return false;
    if (has_names(device->pci) || node->below->len > 0 || is_in_memory(device))
        return true;
    switch (device->kind) {
    case BLOCK_DISK:
    case BLOCK_OTHER:
        return device->pci != NULL;
    case BLOCK_LOOP: /* on a file, whose file system counts as mounted */
        return true;
    case BLOCK_PARTITION:
    case BLOCK_LVM:
    case BLOCK_CRYPT:
    case BLOCK_RAID:
    case BLOCK_MAPPER:
    case BLOCK_KINDS:
        break;
    }
    return false;
}

/* Hands the uses of a node on. */
static void visit(Graph *graph, Node *node, GQueue *ready)
{
    if (node->uses->len > 0 && !is_placed(node))
        host_uses_doubt_storage(
            graph->uses, say(graph->uses->verdict,
                             "It is unknown what %s lies on, which may be in use: any controller "
                             "of disks or USB may carry it",
                             device_name(node->device)));
    for (char **pci = node->device->pci; pci != NULL && *pci != NULL; pci++) {
        for (guint i = 0; i < node->uses->len; i++) {
            const Hold *use = &g_array_index(node->uses, Hold, i);
            host_uses_add(graph->uses, *pci, use->answer, use->text);
        }
    }
    for (guint i = 0; i < node->below->len; i++) {
        Node *below = g_ptr_array_index(node->below, i);
        for (guint j = 0; j < node->uses->len; j++) {
            const Hold *use = &g_array_index(node->uses, Hold, j);
            add_use(below, use->answer, use->text);
        }
        if (--below->above_left == 0)
            g_queue_push_tail(ready, below);
    }
}

/* From the top down, a device only after all that lie on it (Kahn's topological order). */
static void walk(Graph *graph)
{
    g_autoptr(GQueue) ready = g_queue_new();
    guint visited = 0;

    for (guint i = 0; i < graph->nodes->len; i++) {
        Node *node = g_ptr_array_index(graph->nodes, i);
        add_mounts(graph, node);
        add_memberships(graph, node);
        if (node->above_left == 0)
            g_queue_push_tail(ready, node);
    }
    for (; !g_queue_is_empty(ready); visited++)
        visit(graph, g_queue_pop_head(ready), ready);
    if (visited < graph->nodes->len)
        host_uses_doubt_storage(
            graph->uses, "The block devices of this host are described as lying on each other in a "
                         "circle: any controller of disks or USB may carry what is in use");
}

void storage_uses_find(HostUses *uses, const StorageFacts *storage)
{
    if (storage->devices == NULL) {
        host_uses_doubt_storage(uses, "The disks of this host are unknown: any controller of disks "
                                      "or USB may carry one that is in "
                                      "use");
        return;
    }
    if (storage->unplaced == NULL)
        host_uses_doubt_storage(
            uses,
            "The mounts of this host are unknown: any controller of disks or USB may carry one");
    else if (storage->unplaced[0] != NULL)
        host_uses_doubt_storage(
            uses, say(uses->verdict,
                      "It is unknown where '%s' lies: any controller of disks or USB may carry it",
                      storage->unplaced[0]));

    g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
    Graph graph = {.uses = uses, .storage = storage, .nodes = nodes, .by_name = by_name};
    make_nodes(&graph);
    note_mounted_kinds(&graph);
    walk(&graph);
}
