/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"
#include "path/tuning.h"

#include <string.h>

/* After the installation: speed, sound, input, displays. What a machine has by itself is done; the
 * rest is for those who want it. */

static void judge_topology(const Path *path, PathStep *step)
{
    const Machine *machine = path->machine;
    const ReleaseVerdict *release = lookup_release(path);

    if (machine != NULL) {
        step_done(step, "%s has %d logical processors: %d sockets, %d cores, %d threads.",
                  machine->name, machine_threads(machine), machine->sockets, machine->cores,
                  machine->threads);
        return;
    }
    if (release != NULL && release->kvm.topology != NULL)
        step_saw(step, "A guest would get %d logical processors. %s", release->kvm.topology->count,
                 release->kvm.topology_reason);
    step_todo(step, "The guest's processors are laid out when the machine is written.");
}

static void judge_pinning(const Path *path, PathStep *step)
{
    const ProcessorVerdict *processor = &path->verdict->processor;

    if (path->facts->cpu.thread_list == NULL) {
        step_unknown(step, "The layout of the processor is unknown. `lscpu -e` shows it.");
        return;
    }
    if (processor->hybrid == TRI_YES && processor->p_list != NULL)
        step_saw(step, "The threads of P cores are %s; those of E cores are not for the guest.",
                 processor->p_list);
    step_for_person(step, "Decide which of the host's %d threads the guest gets for itself.",
                    path->facts->cpu.threads);
}

static void judge_iothreads(const Path *path, PathStep *step)
{
    const Release *release = path->target.release;

    if (release == NULL)
        step_unknown(step, "Which release is to be installed is not settled.");
    else if (strcmp(release->disk_bus, "virtio") != 0)
        step_not_needed(step,
                        "%s has no driver for a virtio disk, and only those can have an I/O "
                        "thread.",
                        release->name);
    else
        step_for_person(step, "Give the guest's virtio disk an I/O thread.");
}

static void judge_memory_map(const Path *path, PathStep *step)
{
    step_not_needed(step, "How many modules of memory System Information shows is a matter of "
                          "looks: the guest has its memory in any case.");
}

static void judge_audio(const Path *path, PathStep *step)
{
    const DeviceVerdict *sound = lookup_role(path->target.card, ROLE_GPU_AUDIO, true);

    if (sound != NULL) {
        step_done(step, "%s goes with the graphics card: sound comes out of the display.",
                  sound->function->address);
        return;
    }
    step_for_person(step, "Choose how the guest is heard: an audio controller of the host, a USB "
                          "sound card, or an emulated one.");
}

static void judge_evdev(const Path *path, PathStep *step)
{
    const SetupFacts *setup = &path->facts->setup;
    g_autofree char *keyboard = NULL;

    if (!path_passes_card(path)) {
        step_not_needed(step,
                        "The guest's picture is in a window, which takes keyboard and mouse.");
        return;
    }
    if (setup->keyboards != NULL) {
        keyboard = g_strjoinv(", ", setup->keyboards);
        step_saw(step, "Keyboards: %s.", *keyboard != '\0' ? keyboard : "none");
    }
    step_for_person(step, "Choose how keyboard and mouse come to the guest: shared by evdev, or on "
                          "a USB controller of its own.");
}

static void judge_usb_mapping(const Path *path, PathStep *step)
{
    const DeviceVerdict *controller = lookup_role(path->target.functions, ROLE_USB, false);

    if (controller == NULL) {
        step_not_needed(step, "The guest has an emulated USB controller, whose ports macOS knows.");
        return;
    }
    step_saw(step, "%s goes to the guest.", controller->function->address);
    step_for_person(step, "Map its ports in macOS, if devices are missing on it or it does not "
                          "sleep.");
}

static const NetInterface *find_interface(const Path *path, const char *name)
{
    const GPtrArray *network = path->facts->network;
    for (guint i = 0; network != NULL && i < network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(network, i);
        if (strcmp(interface->name, name) == 0)
            return interface;
    }
    return NULL;
}

/* A port of the bridge by which it reaches others: a card, and no guest's device. */
static const char *find_port(const Path *path, const NetInterface *bridge)
{
    for (char **name = bridge->below; name != NULL && *name != NULL; name++) {
        const NetInterface *port = find_interface(path, *name);
        if (port != NULL && port->driver != NULL && *port->driver != '\0' &&
            strcmp(port->driver, "tun") != 0)
            return port->name;
    }
    return NULL;
}

static void judge_bridge_there(const Path *path, PathStep *step, const NetInterface *bridge)
{
    const char *port = find_port(path, bridge);

    if (port == NULL) {
        step_saw(step, "The host has the bridge %s, and no card of the host's is its port.",
                 bridge->name);
        step_for_person(step, "Put the card into it by the tools that made it, or name another "
                              "bridge in the machine file.");
    } else if (path->state.unconfirmed == TRI_YES) {
        step_saw(step, "The host has the bridge %s, with %s as its port.", bridge->name, port);
        step_todo(step, "It is taken back by itself unless you confirm that you still reach this "
                        "host.");
        step_type(step, "sudo rootstock confirm");
    } else {
        step_done(step, "The host has the bridge %s, with %s as its port.", bridge->name, port);
    }
}

/* For a machine that is to be on the host's network. */
static void judge_bridge_wanted(const Path *path, PathStep *step)
{
    const Machine *machine = path->machine;
    const NetInterface *bridge = find_interface(path, machine->bridge);

    if (path->facts->network == NULL) {
        step_unknown(step,
                     "The network interfaces of this host are unknown. `ip link` lists them.");
    } else if (bridge != NULL) {
        judge_bridge_there(path, step, bridge);
    } else if (machine->interface == NULL) {
        step_saw(step, "The default route leaves by no wired card of this host.");
        step_for_person(step, "Connect the host by a wire, and name the card in the machine file "
                              "([network] interface=NAME); or choose another kind of network: an "
                              "access point lets no guest through a wireless card.");
    } else {
        step_todo(step, "%s is to be on the host's network, and there is no bridge %s.",
                  machine->name, machine->bridge);
        step_wants(step,
                   goal_bridge(step_id(step->step), machine->bridge, machine->interface, NULL));
    }
}

static void judge_bridge(const Path *path, PathStep *step)
{
    char *const *bridges = path->facts->setup.bridges;

    if (path->machine != NULL && strcmp(path->machine->network, "bridge") == 0) {
        judge_bridge_wanted(path, step);
        return;
    }
    for (; bridges != NULL && *bridges != NULL; bridges++) {
        if (g_str_has_prefix(*bridges, "virbr"))
            continue;
        step_done(step, "The host has the bridge %s.", *bridges);
        return;
    }
    step_not_needed(step, "The guest reaches the network through the host. A bridge is for guests "
                          "that other machines are to reach.");
}

static void judge_displays(const Path *path, PathStep *step)
{
    if (!path_passes_card(path))
        step_not_needed(step, "An emulated display has no monitor of its own.");
    else
        step_for_person(step, "Look whether macOS offers the monitor's resolutions and takes it "
                              "for a monitor, not a television.");
}

const Step STEPS_AFTER[] = {
    {"cpu-topology", SECTION_AFTER, "Layout of the processors", judge_topology, {"machine-file"}},
    {"cpu-pinning", SECTION_AFTER, "Pinning", judge_pinning, {"install-macos", NULL}},
    {"io-threads", SECTION_AFTER, "I/O threads", judge_iothreads, {"install-macos", NULL}},
    {"huge-pages", SECTION_AFTER, "Huge pages", tuning_judge_huge_pages, {NULL}},
    {"memory-map", SECTION_AFTER, "Memory map", judge_memory_map, {NULL}},
    {"audio", SECTION_AFTER, "Sound", judge_audio, {"install-macos", NULL}},
    {"evdev", SECTION_AFTER, "Keyboard and mouse", judge_evdev, {"install-macos", NULL}},
    {"usb-mapping", SECTION_AFTER, "USB ports", judge_usb_mapping, {"install-macos", NULL}},
    {"bridge", SECTION_AFTER, "Bridge", judge_bridge, {NULL}},
    {"display-overrides", SECTION_AFTER, "Displays", judge_displays, {"install-macos", NULL}},
    {"governor", SECTION_AFTER, "Governor", tuning_judge_governor, {NULL}},
    {0},
};
