/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/apply.h"
#include "plan/goal.h"
#include "plan/plan.h"

#include <glib.h>
#include <stdbool.h>

/*
 * From what steps want (plan/goal.h) to what has to change on this host: reads the host's files,
 * changes nothing.
 *
 *     HostTraits traits = {.boot_loader = facts->boot_loader.kind, ...};
 *     g_autoptr(Plan) plan = apply_resolve(&host, &traits, goals, &error);
 *     if (plan->changes->len == 0) ... all is so already ...
 */

/* Of the host's facts; the strings are the caller's. */
typedef struct {
    const char *boot_loader;  /* BootLoaderFacts.kind: what started this kernel; NULL: unknown */
    const char *evidence;     /* BootLoaderFacts.evidence; may be NULL */
    const char *distribution; /* ID of os-release; may be NULL */
    char *const *like;        /* ID_LIKE; may be NULL */
} HostTraits;

/* The plan, in order; without changes when all is so already. ERROR_REFUSED when two goals want
 * different things, and when what keeps something on this host is not known well enough to change
 * it: the message then says what to do by hand. */
Plan *apply_resolve(const ApplyHost *host, const HostTraits *traits, const GPtrArray *goals,
                    GError **error);

/* The kernel command lines that the next start will use, one for each entry of the boot loader's
 * that is not for rescue. NULL with an error as above. */
GStrv apply_kernel_lines(const ApplyHost *host, const HostTraits *traits, GError **error);

/* The name of what keeps the kernel's arguments on this host: "grub (update-grub)",
 * "systemd-boot", "kernelstub", ... NULL with an error as above. */
const char *apply_boot_loader(const ApplyHost *host, const HostTraits *traits, GError **error);
