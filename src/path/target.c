/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"

#include <string.h>

/*
 * What the path leads to. With a machine its file says so. Without one it is the card that the
 * verdict would give to a guest, and the newest release that the processor runs with it: what is
 * off in the firmware today (an IOMMU) does not count against a card, for getting it on is what the
 * path is for.
 */

static const char *const MODE_NAMES[] = {
    [GRAPHICS_UNKNOWN] = "unknown",
    [GRAPHICS_NONE] = "none",
    [GRAPHICS_DUAL] = "dual",
    [GRAPHICS_SINGLE] = "single",
};

const char *graphics_mode_name(GraphicsMode mode)
{
    return MODE_NAMES[mode];
}

/* TEXT, kept with the path; takes it over. */
static const char *say(Path *path, char *text)
{
    const char *kept = g_string_chunk_insert(path->text, text);
    g_free(text);
    return kept;
}

static bool serves(const DeviceVerdict *device, const Release *release)
{
    const GraphicsFamily *family = device->family;
    return family != NULL && family->first != NULL && family->doubt[0] == '\0' &&
           release->order >= family->first->order && release->order <= family->last->order;
}

/* The newest release that the processor runs, and DEVICE (or NULL: nothing) serves. */
static const Release *newest(const Path *path, const DeviceVerdict *device)
{
    for (guint i = path->verdict->releases->len; i-- > 0;) {
        const ReleaseVerdict *release = g_ptr_array_index(path->verdict->releases, i);
        if (lookup_processor_runs(path, release) &&
            (device == NULL || serves(device, release->release)))
            return release->release;
    }
    return NULL;
}

static const DeviceVerdict *machine_card(const Path *path)
{
    for (guint i = 0; i < path->machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(path->machine->devices, i);
        if (device->role == ROLE_GPU)
            return verdict_device(path->verdict, device->address);
    }
    return NULL;
}

/* What the host keeps beside CARD: what the verdict says, or where the machine took just that, the
 * one that the verdict would have given away. */
static const DeviceVerdict *card_beside(const Path *path, const DeviceVerdict *card)
{
    const Situation *situation = &path->verdict->situation;
    return situation->host != card ? situation->host : situation->guest;
}

static void add_function(const Path *path, GPtrArray *functions, const char *address)
{
    const DeviceVerdict *device = verdict_device(path->verdict, address);
    if (device != NULL && !g_ptr_array_find(functions, device, NULL))
        g_ptr_array_add(functions, (gpointer)device);
}

static void find_functions(Path *path)
{
    const PathTarget *target = &path->target;

    if (target->gpu != NULL)
        add_function(path, target->card, target->gpu->function->address);
    for (guint i = 0; target->gpu != NULL && i < target->gpu->with->len; i++) {
        const PciFunction *function = g_ptr_array_index(target->gpu->with, i);
        add_function(path, target->card, function->address);
    }
    for (guint i = 0; i < target->card->len; i++)
        g_ptr_array_add(target->functions, g_ptr_array_index(target->card, i));
    for (guint i = 0; path->machine != NULL && i < path->machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(path->machine->devices, i);
        add_function(path, target->functions, device->address);
    }
}

static GraphicsMode mode_of(const Path *path)
{
    const PathTarget *target = &path->target;
    bool unknown = strcmp(path->verdict->situation.kind, "unknown") == 0;

    if (target->gpu == NULL)
        return path->machine == NULL && unknown ? GRAPHICS_UNKNOWN : GRAPHICS_NONE;
    if (target->host_gpu != NULL)
        return GRAPHICS_DUAL;
    return unknown ? GRAPHICS_UNKNOWN : GRAPHICS_SINGLE;
}

static void find_from_machine(Path *path)
{
    PathTarget *target = &path->target;

    target->release = path->machine->release;
    target->gpu = machine_card(path);
    target->reason = say(path, g_strdup_printf("The machine %s says so.", path->machine->name));
}

/* A card that no release drives which the processor runs is none. */
static void find_from_verdict(Path *path)
{
    PathTarget *target = &path->target;
    const DeviceVerdict *guest = path->verdict->situation.guest;
    const Release *release = guest != NULL ? newest(path, guest) : NULL;

    target->gpu = release != NULL ? guest : NULL;
    target->release = release != NULL ? release : newest(path, NULL);
    if (target->release == NULL)
        target->reason = "No release is known to run on this processor.";
    else if (target->gpu == NULL)
        target->reason = say(path, g_strdup_printf("%s is the newest that this processor runs, and "
                                                   "no card of this host is known to serve it.",
                                                   target->release->name));
    else
        target->reason = say(path, g_strdup_printf("%s is the newest that this host's processor "
                                                   "runs with a card of its own.",
                                                   target->release->name));
}

void path_find_target(Path *path)
{
    PathTarget *target = &path->target;

    target->card = g_ptr_array_new();
    target->functions = g_ptr_array_new();
    if (path->machine != NULL)
        find_from_machine(path);
    else
        find_from_verdict(path);
    find_functions(path);
    target->host_gpu = card_beside(path, target->gpu);
    target->graphics = mode_of(path);
}
