/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/applied.h"

#include "path/boot.h"
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* The changes of the newest apply that stands and was made for the step: of const PathApplied *. */
static GPtrArray *changes_for(const Path *path, const char *id)
{
    const GPtrArray *applied = path->state.applied;
    GPtrArray *changes = g_ptr_array_new();

    for (guint i = 0; applied != NULL && i < applied->len; i++) {
        const PathApplied *change = g_ptr_array_index(applied, i);
        const PathApplied *last = changes->len > 0 ? changes->pdata[0] : NULL;
        if (strcmp(change->step, id) != 0)
            continue;
        if (last != NULL && last->apply != change->apply)
            g_ptr_array_set_size(changes, 0);
        g_ptr_array_add(changes, (gpointer)change);
    }
    return changes;
}

static bool is_kind(const PathApplied *change, const char *kind)
{
    return strcmp(change->kind, kind) == 0;
}

/* Whether each word of the change is on the command line of the kernel that runs, or was taken off
 * it. */
static bool is_on_line(const KernelFacts *kernel, const PathApplied *change)
{
    const char *after = change->after != NULL ? change->after : "";
    const char *equals = strchr(after, '=');
    g_autofree char *value = kernel_argument(kernel, change->target);

    if (change->after == NULL)
        return value == NULL;
    return value != NULL && strcmp(value, equals != NULL ? equals + 1 : "") == 0;
}

/* Why an argument that stands in the boot loader's files is not on the running kernel's line. */
static char *why_not_on_line(const Path *path, const PathApplied *change)
{
    const BootLoaderFacts *loader = &path->facts->boot_loader;
    const char *kept = boot_kind_of_tool(change->tool);
    const char *verb = change->after != NULL ? "is not on" : "is still on";
    const char *what = change->after != NULL ? change->after : change->target;

    if (kept != NULL && loader->kind != NULL && strcmp(kept, loader->kind) != 0)
        return g_strdup_printf(
            "%s %s the running kernel's command line, for it was put into the files of %s, and "
            "this "
            "start was by %s. Choose %s in the firmware's boot menu, or apply again here.",
            what, verb, change->tool, loader->kind, kept);
    if (kept != NULL && strcmp(kept, "unified kernel image") == 0 &&
        path->facts->firmware.secure_boot == TRI_YES)
        return g_strdup_printf(
            "%s %s the running kernel's command line. Under Secure Boot the line inside the signed "
            "image counts and no other: an older image was started, or the new one is not signed.",
            what, verb);
    return g_strdup_printf(
        "%s %s the running kernel's command line, though %s has it so. Another entry of its menu "
        "was started (an older kernel, a rescue entry, a snapshot), or the host was only suspended "
        "or started by kexec.",
        what, verb, change->tool != NULL ? change->tool : "the boot loader");
}

/* What keeps files of these folders from counting, when they are as they were written. */
static const struct {
    const char *folder, *why;
} FILES[] = {
    {"/etc/modprobe.d/",
     "The module was loaded without it: from an initial RAM file system of before (start the "
     "newest "
     "kernel, or have it built anew), or it is built into the kernel, whose options are arguments "
     "(MODULE.OPTION=VALUE), or a file that is read later says otherwise."},
    {"/etc/sysctl.d/",
     "The kernel did not do it in full: `systemctl status systemd-sysctl` tells whether the file "
     "was read; for huge pages there was too little memory in one piece, or a file that is read "
     "later sets another number."},
    {"/etc/tmpfiles.d/",
     "The file was read before the driver was loaded, or another program has set it since: "
     "`systemctl status systemd-tmpfiles-setup` tells."},
};

static char *why_not_in_force(const PathApplied *change)
{
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        if (g_str_has_prefix(change->target, FILES[i].folder))
            return g_strdup_printf("%s stands. %s", change->target, FILES[i].why);
    }
    return NULL;
}

/* The likely reason that CHANGE tells; NULL: it is none. */
static char *reason_of(const Path *path, const PathApplied *change)
{
    if (change->lost != NULL)
        return g_strdup_printf("%s no longer has what was written: somebody, or an update, changed "
                               "it since.",
                               change->lost);
    if (is_kind(change, "kernel-argument") && path->facts->kernel.command_line != NULL &&
        !is_on_line(&path->facts->kernel, change))
        return why_not_on_line(path, change);
    if (is_kind(change, "file"))
        return why_not_in_force(change);
    if (is_kind(change, "service"))
        return g_strdup_printf("%s does not run any more: `systemctl status %s` says why.",
                               change->target, change->target);
    if (is_kind(change, "group"))
        return g_strdup_printf("The account has lost its group since: %s.", change->target);
    if (is_kind(change, "package"))
        return g_strdup_printf("Packages were removed since: %s.", change->target);
    return NULL;
}

static char *likely_reason(const Path *path, const GPtrArray *changes)
{
    for (guint i = 0; i < changes->len; i++) {
        char *reason = reason_of(path, g_ptr_array_index(changes, i));
        if (reason != NULL)
            return reason;
    }
    return g_strdup("All of it stands; what was seen above says what keeps it back.");
}

/* Where it is unknown whether the host has started since, it is not said that it did not take. */
static bool waits_for_restart(const GPtrArray *changes)
{
    for (guint i = 0; i < changes->len; i++) {
        const PathApplied *change = g_ptr_array_index(changes, i);
        if (change->restart && change->restarted != TRI_YES && change->lost == NULL)
            return true;
    }
    return false;
}

void applied_judge(const Path *path, PathStep *step)
{
    if (step->state != STEP_TODO)
        return;
    g_autoptr(GPtrArray) changes = changes_for(path, step_id(step->step));
    if (changes->len == 0)
        return;
    const PathApplied *first = g_ptr_array_index(changes, 0);
    if (waits_for_restart(changes)) {
        step_for_person(step,
                        "Restart the host: apply %u has changed it, which counts from the "
                        "next start.",
                        first->apply);
        g_clear_pointer(&step->reason, g_free);
        step_type(step, "systemctl reboot");
        return;
    }
    g_autofree char *before = g_strdup(step->reason);
    g_autofree char *why = likely_reason(path, changes);
    step_because(step, "%s%sApply %u was to change that, and it did not take. %s",
                 before != NULL ? before : "", before != NULL ? " " : "", first->apply, why);
    step_type(step, "rootstock plan %s", step_id(step->step));
}
