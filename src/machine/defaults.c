/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include "base/error.h"
#include "base/size.h"

#include <string.h>

#define MIB (1024ll * 1024)
#define GIB (1024 * MIB)

#define MEMORY_MOST (16 * GIB)
#define MEMORY_FOR_HOST (2 * GIB)
#define DISK_DEFAULT (128 * GIB)

static gint64 round_down(gint64 value, gint64 step)
{
    return value - value % step;
}

/* Half of the host's memory, at most 16 GiB, and at least what the release needs. */
static gint64 default_memory(gint64 total, gint64 least)
{
    gint64 half = total / 2;
    if (half > MEMORY_MOST)
        half = MEMORY_MOST;
    if (half > total - MEMORY_FOR_HOST)
        half = total - MEMORY_FOR_HOST;
    half = round_down(half, half >= GIB ? GIB : 256 * MIB);
    return half > least ? half : least;
}

bool fill_memory(Fill *fill, GError **error)
{
    Machine *machine = fill->machine;
    const Release *release = machine->release;
    gint64 total = fill->facts->memory.total;
    bool chosen = fill->choices->memory > 0;
    g_autofree char *least = size_human((guint64)release->memory_min);

    machine->memory = chosen             ? fill->choices->memory
                      : total == UNKNOWN ? release->memory_min
                                         : default_memory(total, release->memory_min);
    if (!validate_memory(fill, machine->memory, error))
        return false;

    char *value = size_human((guint64)machine->memory);
    if (total == UNKNOWN) {
        add_reason(fill, "memory.size", chosen, value,
                   chosen
                       ? "You chose it. How much memory this host has is not known."
                       : "How much memory this host has is not known, so it is the least that the "
                         "release runs with.");
        return true;
    }
    g_autofree char *has = size_human((guint64)total);
    if (chosen)
        add_reason(fill, "memory.size", true, value,
                   "You chose it. This host has %s, and %s needs at least %s.", has, release->name,
                   least);
    else
        add_reason(fill, "memory.size", false, value,
                   "Half of this host's %s, in whole GiB, at least the %s that %s needs and at "
                   "most 16 GiB; 2 GiB stay with the host where it has them.",
                   has, least, release->name);
    return true;
}

bool fill_cores(Fill *fill, GError **error)
{
    Machine *machine = fill->machine;
    int asked = fill->choices->cores;
    const ReleaseVerdict *verdict = verdict_release(fill->verdict, machine->release);
    const ProcessorChoice *choice = verdict_processor(verdict, machine->kvm);
    const Topology *topology = asked > 0
                                   ? catalog_topology(fill->catalog, machine->release, asked, error)
                                   : choice->topology;

    if (topology == NULL || !validate_cores(fill, topology->count, choice, error))
        return false;
    machine->sockets = topology->sockets;
    machine->cores = topology->cores;
    machine->threads = topology->threads;

    char *value = g_strdup_printf("%d (sockets %d, cores %d, threads %d)", topology->count,
                                  topology->sockets, topology->cores, topology->threads);
    if (asked > 0)
        add_reason(fill, "processor.cores", true, value,
                   "You chose %d; sockets, cores and threads are laid out as a Mac could have "
                   "them.",
                   asked);
    else
        add_reason(fill, "processor.cores", false, value, "%s", choice->topology_reason);
    return true;
}

bool fill_disk(Fill *fill, GError **error)
{
    Machine *machine = fill->machine;
    const Release *release = machine->release;
    bool chosen = fill->choices->disk > 0;
    g_autofree char *least = size_human((guint64)release->disk_min);

    machine->disk = chosen                             ? fill->choices->disk
                    : release->disk_min > DISK_DEFAULT ? release->disk_min
                                                       : DISK_DEFAULT;
    if (!validate_disk(fill, machine->disk, error))
        return false;
    add_reason(fill, "disk.size", chosen, size_human((guint64)machine->disk),
               "%s %s installs on at least %s. The image grows as the guest writes: it takes "
               "little of the host's disk at first.",
               chosen ? "You chose it." : "A size that leaves room for programs.", release->name,
               least);
    machine->disk_bus = g_strdup(release->disk_bus);
    add_reason(fill, "disk.bus", false, g_strdup(machine->disk_bus),
               "%s has a driver for it and can start from it.", release->name);
    return true;
}

/* Whether one of the descriptor's patterns ("pc-q35-*") is for QEMU's q35 machines. */
static bool is_for_q35(const FirmwareImage *image)
{
    for (char **pattern = image->machines; pattern != NULL && *pattern != NULL; pattern++)
        if (g_pattern_match_simple(*pattern, "pc-q35-7.2") || strcmp(*pattern, "q35") == 0)
            return true;
    return false;
}

static bool has(GStrv list, const char *text)
{
    return list != NULL && g_strv_contains((const char *const *)list, text);
}

/* Why a guest of ours cannot start from the image; NULL: it can. */
static const char *firmware_fault(const FirmwareImage *image)
{
    if (!has(image->interfaces, "uefi"))
        return "is not UEFI firmware";
    if (!is_for_q35(image))
        return "is not for QEMU's q35 machines";
    if (has(image->features, "enrolled-keys") || has(image->features, "secure-boot"))
        return "has Secure Boot, which neither the probe nor OpenCore is signed for";
    if (has(image->features, "requires-smm"))
        return "needs System Management Mode";
    if (image->code == NULL || image->vars == NULL)
        return "has no separate template for its variables";
    if (g_strcmp0(image->code_format, "raw") != 0 || g_strcmp0(image->vars_format, "raw") != 0)
        return "is not a raw image";
    if (image->code_size <= 0 || image->vars_size <= 0)
        return "is described, but its files are not there";
    return NULL;
}

static bool no_firmware(const GPtrArray *images, GError **error)
{
    GString *seen = g_string_new(NULL);
    for (guint i = 0; images != NULL && i < images->len; i++) {
        const FirmwareImage *image = g_ptr_array_index(images, i);
        g_string_append_printf(seen, " %s %s.", image->descriptor, firmware_fault(image));
    }
    g_autofree char *why = g_string_free(seen, FALSE);
    return fail(error, ERROR_MISSING,
                "There is no UEFI firmware for a guest on this host.%s Install OVMF (package ovmf "
                "on Debian and Ubuntu, edk2-ovmf on Fedora and Arch).",
                why);
}

bool fill_firmware(Fill *fill, GError **error)
{
    Machine *machine = fill->machine;
    const GPtrArray *images = fill->facts->software.firmware;
    const FirmwareImage *image = NULL;

    for (guint i = 0; images != NULL && i < images->len && image == NULL; i++) {
        image = g_ptr_array_index(images, i);
        if (firmware_fault(image) != NULL)
            image = NULL;
    }
    if (image == NULL)
        return no_firmware(images, error);

    machine->firmware_code = g_strdup(image->code);
    machine->firmware_code_format = g_strdup(image->code_format);
    machine->firmware_vars = g_strdup(image->vars);
    machine->firmware_vars_format = g_strdup(image->vars_format);
    add_reason(
        fill, "firmware.code", false, g_strdup(image->code),
        "The first firmware in QEMU's order of precedence that is UEFI, fits the q35 machine and "
        "has no Secure Boot (%s).",
        image->descriptor);
    add_reason(fill, "firmware.variables", false, g_strdup(image->vars),
               "The template that goes with it; the machine gets a copy of its own.");
    return true;
}

/* Devices that QEMU emulates, as the catalog knows them for the release. */
void fill_emulated(Fill *fill)
{
    Machine *machine = fill->machine;
    const Release *release = machine->release;

    machine->nic_model = g_strdup(release->nic_model);
    add_reason(fill, "network.model", false, g_strdup(release->nic_model),
               "%s has a driver for it.", release->name);
    machine->usb_model = g_strdup(release->usb_model);
    add_reason(fill, "usb.model", false, g_strdup(release->usb_model),
               "%s has a driver for it, so keyboard and pointer work.", release->name);
}
