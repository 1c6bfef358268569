/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/groups.h"

#include "describe/describe.h"

#include <stdlib.h>
#include <string.h>

/* The table has them all. */
enum { REASONS_MOST = 16 };

static const struct {
    const char *mark, *title;
} PLACE_WORDS[] = {
    [PLACE_GUEST] = {"guest", "Goes to the guest"},
    [PLACE_COULD] = {"could", "Could go to a guest"},
    [PLACE_UNKNOWN] = {"unknown", "Not known"},
    [PLACE_STAYS] = {"stays", "Stays with the host"},
    [PLACE_BRIDGE] = {"bridge", "Bridges alone in their groups"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(PLACE_WORDS) == PLACES);

const char *place_mark(Place place)
{
    return PLACE_WORDS[place].mark;
}

const char *place_title(Place place)
{
    return PLACE_WORDS[place].title;
}

static void function_free(MapFunction *function)
{
    g_free(function->label);
    g_free(function->note);
    g_free(function);
}

static void group_free(MapGroup *group)
{
    g_free(group->id);
    g_free(group->title);
    g_ptr_array_unref(group->functions);
    g_free(group);
}

static bool goes_to_guest(const Path *path, const DeviceVerdict *device)
{
    return g_ptr_array_find(path->target.functions, device, NULL);
}

/* The display of a host with one card is given away on purpose, with all parts of the card. */
static bool is_given_away(const Path *path, const DeviceVerdict *device)
{
    const DeviceVerdict *gpu = path->target.gpu;
    return path->target.graphics == GRAPHICS_SINGLE && (device == gpu || device->card == gpu);
}

static Place place_of(const Path *path, const DeviceVerdict *device)
{
    if (device->role == ROLE_BRIDGE)
        return PLACE_BRIDGE;
    if (goes_to_guest(path, device))
        return PLACE_GUEST;
    if (device->passable == ANSWER_YES)
        return PLACE_COULD;
    if (device->passable == ANSWER_UNKNOWN)
        return PLACE_UNKNOWN;
    /* what stands in the way of the whole host says nothing of the device */
    return device->against->len > 0 ? PLACE_STAYS : PLACE_COULD;
}

static const char *label_of(const Path *path, const DeviceVerdict *device, Place place)
{
    bool own = device->against->len > 0;

    switch (place) {
    case PLACE_GUEST:
        if (device->passable == ANSWER_YES)
            return "to the guest";
        if (device->passable == ANSWER_UNKNOWN)
            return "to the guest?";
        if (is_given_away(path, device))
            return "to the guest";
        return own ? "kept back" : "to the guest, not yet";
    case PLACE_COULD:
        return device->passable == ANSWER_YES ? "could go" : "could go, not yet";
    case PLACE_UNKNOWN:
        return "not known";
    case PLACE_STAYS:
        return "stays";
    case PLACE_BRIDGE:
    case PLACES:
        break;
    }
    return "bridge";
}

/* The full address that SENTENCE begins with; NULL: none. */
static char *subject_of(const char *sentence)
{
    g_autofree char *word = g_strndup(sentence, strcspn(sentence, " "));
    return pci_address_full(word);
}

/* Adds "05:00.0, 06:00.0" once each. */
static void add_keeper(GString *keepers, const char *address)
{
    const char *shortly = describe_address(address);
    if (strstr(keepers->str, shortly) == NULL)
        g_string_append_printf(keepers, "%s%s", keepers->len > 0 ? ", " : "", shortly);
}

/* What is against the device itself in full; of its neighbours only which they are, for what is
 * against them stands with them. */
static char *note_of(const Path *path, const DeviceVerdict *device)
{
    const char *own = device->function->address;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GString) keepers = g_string_new(NULL);
    g_autofree char *numbers = describe_obstacle_numbers(path->verdict, device);

    for (guint i = 0; i < device->against->len && i < REASONS_MOST; i++) {
        const char *sentence = g_ptr_array_index(device->against, i);
        g_autofree char *subject = subject_of(sentence);
        if (subject != NULL && strcmp(subject, own) != 0) {
            add_keeper(keepers, subject);
            continue;
        }
        g_autofree char *whole = describe_against(sentence, own);
        g_string_append_printf(text, "%s ", whole);
    }
    if (keepers->len > 0)
        g_string_append_printf(text, "Kept back by %s. ", keepers->str);
    if (numbers != NULL)
        g_string_append(text, numbers);
    return g_strchomp(g_strdup(text->str));
}

static MapFunction *function_new(const Path *path, const DeviceVerdict *device)
{
    MapFunction *function = g_new0(MapFunction, 1);

    function->device = device;
    function->place = place_of(path, device);
    function->label = g_strdup(label_of(path, device, function->place));
    function->note = device->role != ROLE_BRIDGE ? note_of(path, device) : g_strdup("");
    return function;
}

static MapGroup *group_new(const PciFunction *function)
{
    MapGroup *group = g_new0(MapGroup, 1);

    if (function->iommu_group != UNKNOWN) {
        group->id = g_strdup_printf("%d", function->iommu_group);
        group->title = g_strdup_printf("Group %d", function->iommu_group);
    } else {
        g_autofree char *slot = pci_address_slot(describe_address(function->address));
        group->id = g_strdelimit(g_strdup_printf("slot-%s", slot), ":", '-');
        group->title = g_strdup_printf("Slot %s", slot);
    }
    group->place = PLACE_BRIDGE;
    group->functions = g_ptr_array_new_with_free_func((GDestroyNotify)function_free);
    return group;
}

/* Which of two says more of a group: that it goes to the guest, then what keeps it. */
static int weight(Place place)
{
    static const int WEIGHTS[] = {
        [PLACE_GUEST] = 4, [PLACE_STAYS] = 3,  [PLACE_UNKNOWN] = 2,
        [PLACE_COULD] = 1, [PLACE_BRIDGE] = 0,
    };
    return WEIGHTS[place];
}

static void add_function(MapGroup *group, MapFunction *function)
{
    if (weight(function->place) > weight(group->place))
        group->place = function->place;
    g_ptr_array_add(group->functions, function);
}

static guint group_number(const MapGroup *group)
{
    const MapFunction *first = g_ptr_array_index(group->functions, 0);
    return (guint)first->device->function->iommu_group; /* unknown comes last */
}

static int compare_groups(gconstpointer a, gconstpointer b)
{
    const MapGroup *left = *(const MapGroup *const *)a, *right = *(const MapGroup *const *)b;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    guint x = group_number(left), y = group_number(right);
    if (x != y)
        return x < y ? -1 : 1;
    return strcmp(left->id, right->id);
}

static int compare_functions(gconstpointer a, gconstpointer b)
{
    const MapFunction *left = *(const MapFunction *const *)a;
    const MapFunction *right = *(const MapFunction *const *)b;
    return strcmp(left->device->function->address, right->device->function->address);
}

GPtrArray *map_groups(const Path *path)
{
    const GPtrArray *devices = path->verdict->devices;
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);

    if (devices == NULL)
        return NULL;
    GPtrArray *groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
    for (guint i = 0; i < devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(devices, i);
        MapGroup *fresh = group_new(device->function);
        MapGroup *group = g_hash_table_lookup(by_id, fresh->id);
        if (group == NULL) {
            group = fresh;
            g_hash_table_insert(by_id, group->id, group);
            g_ptr_array_add(groups, group);
        } else {
            group_free(fresh);
        }
        add_function(group, function_new(path, device));
    }
    for (guint i = 0; i < groups->len; i++)
        g_ptr_array_sort(((MapGroup *)g_ptr_array_index(groups, i))->functions, compare_functions);
    g_ptr_array_sort(groups, compare_groups);
    return groups;
}
