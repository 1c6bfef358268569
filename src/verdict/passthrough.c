/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * May a function leave the host? The unit is the IOMMU group: the kernel gives a guest all of it or
 * nothing (Linux Documentation/driver-api/vfio.rst, "Groups, Devices, and IOMMUs"), so what keeps
 * one member keeps them all. Bridges stay with the host.
 */

/* More than a guest of ours has room for; it also bounds what is written of one device. */
#define MOST_IN_A_GROUP 64
#define MOST_AGAINST 16

/* What keeps a function or group: what is known first, then what is not. */
typedef struct {
    Answer answer;
    GPtrArray *known, *unknown; /* of const char * */
    GPtrArray *obstacles;       /* of const HostObstacle * */
} Keepers;

typedef struct {
    GPtrArray *members;             /* of DeviceVerdict * */
    GPtrArray *against, *obstacles; /* shared by the members */
    Answer answer;
    guint passed; /* members that are no bridges */
} Group;

typedef struct {
    Verdict *verdict;
    const Facts *facts;
    const HostUses *uses;
    GHashTable *groups; /* number to Group */
} Passthrough;

static void group_free(Group *group)
{
    g_ptr_array_unref(group->members);
    g_clear_pointer(&group->against, g_ptr_array_unref);
    g_clear_pointer(&group->obstacles, g_ptr_array_unref);
    g_free(group);
}

static void keep_behind(Keepers *keepers, const HostObstacle *obstacle)
{
    if (obstacle == NULL || g_ptr_array_find(keepers->obstacles, obstacle, NULL))
        return;
    keepers->answer = answer_worst(keepers->answer, obstacle->answer);
    g_ptr_array_add(keepers->obstacles, (gpointer)obstacle);
}

static void keep(Keepers *keepers, Answer answer, const char *text)
{
    GPtrArray *list = answer == ANSWER_NO ? keepers->known : keepers->unknown;

    keepers->answer = answer_worst(keepers->answer, answer);
    if (list->len < MOST_AGAINST)
        g_ptr_array_add(list, (gpointer)text);
}

/* With what concerns every device. */
static Keepers keepers_begin(const Passthrough *p)
{
    Keepers keepers = {ANSWER_YES, g_ptr_array_new(), g_ptr_array_new(), g_ptr_array_new()};

    for (guint i = 0; i < p->verdict->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(p->verdict->obstacles, i);
        if (obstacle->all)
            keep_behind(&keepers, obstacle);
    }
    return keepers;
}

/* The whole list, which the caller owns, and that of the obstacles. */
static GPtrArray *keepers_end(Keepers *keepers, GPtrArray **ret_obstacles)
{
    g_ptr_array_extend_and_steal(keepers->known, keepers->unknown);
    g_ptr_array_set_size(keepers->known, (gint)MIN(keepers->known->len, MOST_AGAINST));
    *ret_obstacles = keepers->obstacles;
    return keepers->known;
}

static void keep_in_doubt(const Passthrough *p, const DeviceVerdict *device, const char *doubt,
                          Keepers *keepers)
{
    keep(keepers, ANSWER_UNKNOWN, say(p->verdict, "%s %s", device->function->address, doubt));
}

/* Where it is not known what the host uses, by the class of the function. What a driver for guests
 * has carries nothing of the host's. */
static void keep_by_class(const Passthrough *p, const DeviceVerdict *device, Keepers *keepers)
{
    const PciFunction *function = device->function;
    int class = pci_class(function);

    if (class == UNKNOWN)
        keep_in_doubt(p, device, "is of a kind that is unknown", keepers);
    if (is_for_guests(function->driver))
        return;
    if (class_may_carry_disks(class))
        keep_behind(keepers, p->uses->storage);
    if (class_is_network(class))
        keep_behind(keepers, p->uses->network);
    if (class_is_display(class))
        keep_behind(keepers, p->uses->display);
    if (class == 0x0300 && function->boot_vga == TRI_UNKNOWN)
        keep_behind(keepers, p->uses->boot);
}

/* Whether the host is known to use the function. */
static bool keep_by_use(const Passthrough *p, const DeviceVerdict *device, Keepers *keepers)
{
    const GArray *holds = host_uses_of(p->uses, device->function);
    bool held = false;

    for (guint i = 0; holds != NULL && i < holds->len; i++) {
        const Hold *hold = &g_array_index(holds, Hold, i);
        keep(keepers, hold->answer, hold->text);
        held |= hold->answer == ANSWER_NO;
    }
    return held;
}

/* What keeps a function that is no bridge, whatever its group. */
static void keep_function(const Passthrough *p, const DeviceVerdict *device, Keepers *keepers)
{
    if (pci_class(device->function) == 0x0806)
        keep(keepers, ANSWER_NO,
             say(p->verdict, "%s is the IOMMU itself", device->function->address));
    if (!keep_by_use(p, device, keepers))
        keep_by_class(p, device, keepers);
}

/* Bridges stay with the host. A PCI bridge's driver lets the group go all the same; another
 * bridge's (an ISA bridge's, say) does not: vfio calls such a group not viable. */
static void keep_by_bridge(const Passthrough *p, const DeviceVerdict *device, Keepers *keepers)
{
    static const char *const HARMLESS[] = {"", "pcieport", "shpchp", "pci-stub", "vfio-pci", NULL};
    const PciFunction *function = device->function;
    int class = pci_class(function);

    keep_by_use(p, device, keepers);
    if (class == 0x0604 || (function->driver == NULL && class == 0x0600))
        return;
    if (function->driver == NULL)
        keep_in_doubt(p, device,
                      "is a bridge in the group, of which it is unknown whether the host drives it",
                      keepers);
    else if (!g_strv_contains(HARMLESS, function->driver))
        keep(keepers, ANSWER_NO,
             say(p->verdict, "%s is a bridge in the group that the host drives (%s)",
                 function->address, function->driver));
}

static void judge_group(const Passthrough *p, int number, Group *group)
{
    Keepers keepers = keepers_begin(p);

    for (guint i = 0; i < group->members->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(group->members, i);
        if (device->role == ROLE_BRIDGE) {
            keep_by_bridge(p, device, &keepers);
            continue;
        }
        keep_function(p, device, &keepers);
        group->passed++;
    }
    if (group->passed > MOST_IN_A_GROUP)
        keep(&keepers, ANSWER_NO,
             say(p->verdict, "IOMMU group %d has %u functions, more than a guest can take", number,
                 group->passed));
    group->answer = keepers.answer;
    group->against = keepers_end(&keepers, &group->obstacles);
}

static void make_groups(Passthrough *p)
{
    for (guint i = 0; i < p->verdict->devices->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(p->verdict->devices, i);
        gpointer number = GINT_TO_POINTER(device->function->iommu_group);
        if (device->function->iommu_group == UNKNOWN)
            continue;
        Group *group = g_hash_table_lookup(p->groups, number);
        if (group == NULL) {
            group = g_new0(Group, 1);
            group->members = g_ptr_array_new();
            g_hash_table_insert(p->groups, number, group);
        }
        g_ptr_array_add(group->members, device);
    }
    GHashTableIter iter;
    gpointer number, group;
    g_hash_table_iter_init(&iter, p->groups);
    while (g_hash_table_iter_next(&iter, &number, &group))
        judge_group(p, GPOINTER_TO_INT(number), group);
}

/* Takes over what keeps the device. */
static void settle(DeviceVerdict *device, Keepers *keepers)
{
    g_ptr_array_unref(device->against);
    g_ptr_array_unref(device->obstacles);
    device->passable = keepers->answer;
    device->against = keepers_end(keepers, &device->obstacles);
}

/* Without groups nothing can be passed; where they are unknown, so is the answer. */
static void judge_ungrouped(const Passthrough *p, DeviceVerdict *device)
{
    Keepers keepers = keepers_begin(p);

    keep_function(p, device, &keepers);
    if (p->facts->iommu.groups == TRI_YES)
        keep_in_doubt(p, device, "is in an IOMMU group that is unknown", &keepers);
    settle(device, &keepers);
}

static void judge_bridge(const Passthrough *p, DeviceVerdict *device)
{
    device->passable = ANSWER_NO;
    g_ptr_array_add(device->against,
                    (gpointer)say(p->verdict, "%s is a bridge, which stays with the host",
                                  device->function->address));
}

static void judge_device(const Passthrough *p, DeviceVerdict *device)
{
    const PciFunction *function = device->function;
    Group *group = g_hash_table_lookup(p->groups, GINT_TO_POINTER(function->iommu_group));

    if (device->role == ROLE_BRIDGE) {
        judge_bridge(p, device);
        return;
    }
    if (group == NULL || p->facts->iommu.groups == TRI_NO) {
        judge_ungrouped(p, device);
        return;
    }
    g_ptr_array_unref(device->against);
    g_ptr_array_unref(device->obstacles);
    device->passable = group->answer;
    device->against = g_ptr_array_ref(group->against);
    device->obstacles = g_ptr_array_ref(group->obstacles);
    for (guint i = 0; group->passed <= MOST_IN_A_GROUP && i < group->members->len; i++) {
        const DeviceVerdict *other = g_ptr_array_index(group->members, i);
        if (other != device && other->role != ROLE_BRIDGE)
            g_ptr_array_add(device->with, (gpointer)other->function);
    }
}

void passthrough_judge(Verdict *verdict, const Facts *facts, const HostUses *uses)
{
    if (verdict->devices == NULL)
        return;
    g_autoptr(GHashTable) groups =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)group_free);
    Passthrough p = {verdict, facts, uses, groups};
    make_groups(&p);
    for (guint i = 0; i < verdict->devices->len; i++)
        judge_device(&p, g_ptr_array_index(verdict->devices, i));
    card_parts_join(verdict);
}
