/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/size.h"
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* What the host is made of. */

/* The installer and the system grow beyond the least that Apple asks for. */
#define ROOM_TO_GROW (G_GINT64_CONSTANT(24) << 30)

static void judge_processor(const Path *path, PathStep *step)
{
    const CpuFacts *cpu = &path->facts->cpu;
    const ReleaseVerdict *target = lookup_release(path);
    g_autofree char *releases = lookup_releases(path, lookup_processor_runs);
    const char *name = cpu->name != NULL ? cpu->name : "The processor";

    if (cpu->flags == NULL) {
        step_unknown(step, "What the processor can do is unknown. `/proc/cpuinfo` says it.");
        return;
    }
    if (target == NULL || !lookup_processor_runs(path, target)) {
        const GPtrArray *reasons = target != NULL ? target->cpu.reasons : NULL;
        step_saw(step, "%s runs: %s.", name, releases);
        step_for_person(step, "Choose an older release, or a host with a newer processor.");
        if (reasons != NULL && reasons->len > 0)
            step_because(step, "%s", (const char *)g_ptr_array_index(reasons, 0));
        return;
    }
    step_done(step, "%s, %d cores, %d threads, runs macOS %s.", name, cpu->cores, cpu->threads,
              releases);
    if (target->cpu.answer == ANSWER_LIMITED && target->cpu.reasons->len > 0)
        step_because(step, "%s", (const char *)g_ptr_array_index(target->cpu.reasons, 0));
}

static bool is_emulated(const DeviceVerdict *device)
{
    return device->family != NULL && strcmp(device->family->form, "virtual") == 0;
}

/* "0000:06:00.0 (AMD Polaris 10): 10.13 to 26; ..." */
static char *list_cards(const Path *path)
{
    const GPtrArray *devices = path->verdict->devices;
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(devices, i);
        if (device->role != ROLE_GPU || is_emulated(device))
            continue;
        const GraphicsFamily *family = device->family;
        g_autofree char *card = lookup_card(device);
        g_string_append_printf(text, "%s%s: ", text->len > 0 ? "; " : "", card);
        if (family == NULL)
            g_string_append(text, "in no table");
        else if (family->first == NULL)
            g_string_append(text, "no release drives it");
        else
            g_string_append_printf(text, "%s to %s", family->first->version, family->last->version);
    }
    return g_string_free(text, FALSE);
}

static void judge_graphics(const Path *path, PathStep *step)
{
    if (path->verdict->devices == NULL) {
        step_unknown(step, "The PCI devices of this host are unknown. `lspci -nnk` lists them.");
        return;
    }
    g_autofree char *cards = list_cards(path);
    if (path_passes_card(path)) {
        step_done(step, "%s.", cards);
        step_because(step, "%s",
                     path->machine == NULL ? path->verdict->situation.text : path->target.reason);
        return;
    }
    if (path->machine != NULL) {
        step_not_needed(step, "The machine %s has an emulated display, and no card of the host.",
                        path->machine->name);
        return;
    }
    if (path->facts->cpu.hypervisor == TRI_YES) {
        step_not_needed(step, "This host is itself a virtual machine and has no graphics card to "
                              "give: the guest gets an emulated display.");
        return;
    }
    if (*cards != '\0')
        step_saw(step, "%s.", cards);
    else
        step_saw(step, "This host has no graphics card.");
    g_autofree char *advice = lookup_advice(path, "If that is not enough, buy a card.");
    step_because(step, "Without a card that macOS drives the guest has an emulated display and no "
                       "acceleration.");
    step_for_person(step, "%s", advice);
    step_type(step, "rootstock gpus%s%s", path->target.release != NULL ? " --os " : "",
              path->target.release != NULL ? path->target.release->id : "");
}

static void judge_laptop(const Path *path, PathStep *step)
{
    const Facts *facts = path->facts;
    Tri notebook = lookup_is_notebook(path);

    if (facts->cpu.hypervisor == TRI_YES)
        step_not_needed(step, "This host is a virtual machine.");
    else if (notebook == TRI_NO)
        step_not_needed(step, "This host is no laptop (SMBIOS chassis type %d).",
                        facts->firmware.chassis);
    else if (!path_passes_card(path) && path->target.graphics != GRAPHICS_UNKNOWN)
        step_not_needed(step, "No graphics card goes to the guest, so that it does not matter "
                              "where displays are wired.");
    else if (notebook == TRI_UNKNOWN)
        step_unknown(step, "Whether this host is a laptop is unknown. "
                           "`/sys/class/dmi/id/chassis_type` says it.");
    else if (path->target.gpu != NULL && card_has_monitor(facts, path->target.gpu->function)) {
        step_done(step, "This host is a laptop, and %s has a display of its own.",
                  path->target.gpu->function->address);
    } else {
        step_saw(step, "This host is a laptop, and no monitor hangs on the card now.");
        step_for_person(step, "Plug a monitor into each socket, one after the other, and look "
                              "which card it comes up on.");
    }
}

static void judge_cards(const Path *path, PathStep *step)
{
    const PathTarget *target = &path->target;

    switch (target->graphics) {
    case GRAPHICS_UNKNOWN:
        step_unknown(step, "The graphics cards of this host are unknown.");
        return;
    case GRAPHICS_NONE:
        step_not_needed(step, "No card of this host goes to the guest: the host keeps what it "
                              "has, and the guest gets an emulated display.");
        return;
    case GRAPHICS_DUAL:
    case GRAPHICS_SINGLE:
        break;
    }
    g_autofree char *guest = lookup_card(target->gpu);
    if (target->graphics == GRAPHICS_SINGLE) {
        step_done(step,
                  "%s is the only card: the host gives its picture away while the guest "
                  "runs.",
                  guest);
        return;
    }
    g_autofree char *host = lookup_card(target->host_gpu);
    step_done(step, "%s for the guest, %s for the host.", guest, host);
}

/* Devices of a kind that could go to the guest whole, and whether macOS has a driver for them:
 * "0000:0c:00.3 (macOS: yes), ..." */
static char *list_passable(const Path *path, Role role)
{
    const GPtrArray *devices = path->verdict->devices;
    GString *text = g_string_new(NULL);

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(devices, i);
        if (device->role != role || device->passable != ANSWER_YES)
            continue;
        g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", device->function->address);
        if (device->macos.judged)
            g_string_append_printf(text, " (macOS: %s)", answer_name(device->macos.answer));
    }
    return g_string_free(text, FALSE);
}

static void judge_storage(const Path *path, PathStep *step)
{
    const StoreSetup *store = &path->facts->setup.store;
    gint64 least =
        (path->target.release != NULL ? path->target.release->disk_min : 0) + ROOM_TO_GROW;
    g_autofree char *drives = list_passable(path, ROLE_NVME);
    g_autofree char *wanted = size_human((guint64)least);

    if (store->free == UNKNOWN || store->folder == NULL) {
        step_unknown(step,
                     "How much room there is for machines is unknown. `df -h` says it; %s "
                     "is a good start.",
                     wanted);
        return;
    }
    g_autofree char *room = size_human((guint64)store->free);
    if (store->free < least) {
        step_saw(step, "%s are free where machines are kept (%s).", room, store->folder);
        step_for_person(step,
                        "Make room, or keep machines elsewhere (`--store`): an installed "
                        "system wants %s.",
                        wanted);
        return;
    }
    step_done(step, "%s are free where machines are kept (%s).%s%s", room, store->folder,
              *drives != '\0' ? " Could go to the guest whole: " : "", drives);
    if (*drives != '\0')
        step_saw(step, "%s.", step->evidence);
}

static const NetInterface *default_interface(const Path *path)
{
    const GPtrArray *network = path->facts->network;

    for (guint i = 0; network != NULL && i < network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(network, i);
        if (interface->default_route == TRI_YES)
            return interface;
    }
    return NULL;
}

static void judge_network(const Path *path, PathStep *step)
{
    const NetInterface *interface = default_interface(path);

    if (path->facts->network == NULL) {
        step_unknown(step, "The network of this host is unknown. `ip route` shows the default "
                           "route.");
    } else if (interface == NULL) {
        step_saw(step, "No default route leaves this host.");
        step_for_person(step, "Connect the host to a network: installers come from Apple's "
                              "servers.");
    } else {
        step_done(step,
                  "The default route leaves by %s, which stays with the host; the guest has "
                  "an emulated card.",
                  interface->name);
        if (interface->wireless == TRI_YES)
            step_because(step,
                         "%s is wireless: guests reach the network through the host (NAT), "
                         "not by a bridge.",
                         interface->name);
    }
}

/* For the two steps that only say what there is to choose from. */
static void judge_choice(const Path *path, PathStep *step, Role role, const char *what)
{
    const GPtrArray *devices = path->verdict->devices;
    g_autofree char *free = list_passable(path, role);
    guint there = 0;

    for (guint i = 0; devices != NULL && i < devices->len; i++)
        there += ((const DeviceVerdict *)g_ptr_array_index(devices, i))->role == role;
    if (devices == NULL)
        step_unknown(step, "The PCI devices of this host are unknown. `lspci -nnk` lists them.");
    else if (there == 0)
        step_not_needed(step, "This host has no %s.", what);
    else if (*free != '\0')
        step_done(step, "%u %s%s; can leave the host: %s.", there, what, there == 1 ? "" : "s",
                  free);
    else
        step_done(step, "%u %s%s, of which none can leave the host now.", there, what,
                  there == 1 ? "" : "s");
}

static void judge_audio(const Path *path, PathStep *step)
{
    judge_choice(path, step, ROLE_AUDIO, "audio controller");
}

static void judge_usb(const Path *path, PathStep *step)
{
    judge_choice(path, step, ROLE_USB, "USB controller");
}

static bool runs(const Path *path, const ReleaseVerdict *release)
{
    return release->overall.answer == ANSWER_YES || release->overall.answer == ANSWER_LIMITED;
}

static bool runs_well(const Path *path, const ReleaseVerdict *release)
{
    return release->overall.answer == ANSWER_YES;
}

static void judge_release(const Path *path, PathStep *step)
{
    const Release *release = path->target.release;
    g_autofree char *all = lookup_releases(path, runs);
    g_autofree char *well = lookup_releases(path, runs_well);

    if (release == NULL && path->facts->cpu.flags == NULL) {
        step_unknown(step, "%s", path->target.reason);
    } else if (release == NULL) {
        step_for_person(step, "Find a host with a newer processor.");
        step_because(step, "%s", path->target.reason);
        step_type(step, "rootstock check");
    } else if (path->machine != NULL) {
        step_done(step, "The machine %s is for %s.", path->machine->name, release->name);
    } else {
        step_done(step, "The path is judged for %s. This host runs %s (without a limit: %s).",
                  release->name, all, well);
        step_because(step, "%s", path->target.reason);
    }
}

const Step STEPS_HARDWARE[] = {
    {"processor", SECTION_HARDWARE, "Processor", judge_processor, {NULL}},
    {"graphics", SECTION_HARDWARE, "Graphics cards", judge_graphics, {NULL}},
    {"release", SECTION_HARDWARE, "Release of macOS", judge_release, {NULL}},
    {"laptop", SECTION_HARDWARE, "Laptop: where displays are wired", judge_laptop, {NULL}},
    {"cards", SECTION_HARDWARE, "Cards for host and guest", judge_cards, {NULL}},
    {"storage", SECTION_HARDWARE, "Storage", judge_storage, {NULL}},
    {"network-card", SECTION_HARDWARE, "Network", judge_network, {NULL}},
    {"audio-device", SECTION_HARDWARE, "Audio", judge_audio, {NULL}},
    {"usb-controller", SECTION_HARDWARE, "USB", judge_usb, {NULL}},
    {0},
};
