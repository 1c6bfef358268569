/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include "base/error.h"
#include "base/size.h"

#define MIB (1024ll * 1024)
#define DISK_MAX (64ll * 1024 * 1024 * MIB) /* 64 TiB */

/* What is left to a host whatever is asked for: a kernel, QEMU's own memory, a shell. */
#define HOST_NEEDS (1024 * MIB)

const Release *validate_release(const Fill *fill, GError **error)
{
    if (fill->choices->os == NULL)
        return fail_null(error, ERROR_INPUT,
                         "No release of macOS was chosen for the machine. Choose one with --os "
                         "RELEASE; `rootstock releases` lists them.");
    return catalog_release_asked(fill->catalog, fill->choices->os, error);
}

static bool refuse_judgement(const Judgement *judgement, const char *what, GError **error)
{
    g_autofree char *why = join_sentences(judgement->reasons);
    return fail(error, ERROR_REFUSED, "%s%s%s With --force the machine is made all the same.", what,
                *why != '\0' ? " " : "", why);
}

bool validate_verdict(const Fill *fill, GError **error)
{
    const Release *release = fill->machine->release;
    const SoftwareFacts *software = &fill->facts->software;

    if (g_strcmp0(software->qemu_path, "") == 0)
        return fail(error, ERROR_MISSING,
                    "QEMU is not installed: there is no qemu-system-x86_64 on this host. Install "
                    "it (package qemu-system-x86 on Debian).");
    if (fill->choices->force)
        return true;

    const ReleaseVerdict *verdict = verdict_release(fill->verdict, release);
    if (fill->verdict->host.answer == ANSWER_NO)
        return refuse_judgement(&fill->verdict->host, "This host cannot run a guest.", error);
    if (verdict != NULL && verdict->cpu.answer == ANSWER_NO) {
        g_autofree char *what =
            g_strdup_printf("%s does not run on this host's processor.", release->name);
        return refuse_judgement(&verdict->cpu, what, error);
    }
    return true;
}

bool validate_memory(const Fill *fill, gint64 memory, GError **error)
{
    const Release *release = fill->machine->release;
    gint64 total = fill->facts->memory.total;
    g_autofree char *asked = size_human((guint64)memory);
    g_autofree char *least = size_human((guint64)release->memory_min);

    if (memory % MIB != 0)
        return fail(error, ERROR_INPUT,
                    "A memory of %" G_GINT64_FORMAT " bytes is not a whole "
                    "number of MiB. Ask for a size such as 4G.",
                    memory);
    if (total != UNKNOWN) {
        g_autofree char *has = size_human((guint64)total);
        if (memory > total - HOST_NEEDS && fill->choices->memory == 0 && !fill->choices->force)
            return fail(error, ERROR_REFUSED,
                        "%s needs at least %s of memory, and 1 GiB more has to stay with the host; "
                        "this host has %s. Choose an older release, put in more memory, or use "
                        "--force.",
                        release->name, least, has);
        if (memory > total)
            return fail(error, ERROR_INPUT,
                        "The machine is to have %s of memory, but this host has %s. Ask for less; "
                        "without --memory a fitting size is chosen.",
                        asked, has);
        if (memory > total - HOST_NEEDS && !fill->choices->force)
            return fail(error, ERROR_REFUSED,
                        "A machine with %s of memory leaves less than 1 GiB of this host's %s to "
                        "the host, which would then kill programs or the guest. Ask for less, or "
                        "use --force.",
                        asked, has);
    }
    if (memory < release->memory_min && !fill->choices->force)
        return fail(error, ERROR_REFUSED,
                    "%s needs at least %s of memory, and the machine is to have %s. Ask for more, "
                    "or use --force.",
                    release->name, least, asked);
    return true;
}

bool validate_cores(const Fill *fill, int cores, const ProcessorChoice *choice, GError **error)
{
    int threads = fill->facts->cpu.threads;

    if (threads != UNKNOWN && cores > threads && !fill->choices->force)
        return fail(error, ERROR_REFUSED,
                    "The machine is to have %d logical processors, but this host has %d. "
                    "Processors that wait for each other make macOS hang; ask for %d or fewer, or "
                    "use --force.",
                    cores, threads, threads);
    if (cores > choice->most && choice->most_reason != NULL && !fill->choices->force)
        return fail(error, ERROR_REFUSED,
                    "The machine is to have %d logical processors. %s Ask for %d, or use --force.",
                    cores, choice->most_reason, choice->most);
    return true;
}

bool validate_disk(const Fill *fill, gint64 disk, GError **error)
{
    const Release *release = fill->machine->release;
    g_autofree char *asked = size_human((guint64)disk);
    g_autofree char *least = size_human((guint64)release->disk_min);

    if (disk % MIB != 0)
        return fail(error, ERROR_INPUT,
                    "A disk of %" G_GINT64_FORMAT " bytes is not a whole "
                    "number of MiB. Ask for a size such as 128G.",
                    disk);
    if (disk > DISK_MAX)
        return fail(error, ERROR_INPUT,
                    "A disk of %s is more than the 64 TiB that a disk image may have here. Ask for "
                    "less.",
                    asked);
    if (disk < release->disk_min && !fill->choices->force)
        return fail(error, ERROR_REFUSED,
                    "%s installs on a disk of at least %s, and the machine is to have one of %s. "
                    "Ask for more, or use --force.",
                    release->name, least, asked);
    return true;
}
