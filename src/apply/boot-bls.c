/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"
#include "apply/boot-grub.h"

#include "plan/arguments.h"
#include "plan/setting.h"

#define ENTRIES "/boot/loader/entries"

/* GRUB with entries, as Fedora sets it up: grub.cfg reads them (GRUB_ENABLE_BLSCFG). */
static bool bls_keeps(const Resolver *resolver)
{
    g_autofree char *text = NULL;
    if (!resolver_started_by(resolver, "grub") ||
        !resolver_read(resolver, GRUB_DEFAULTS, &text, NULL) || text == NULL)
        return false;
    g_autofree char *enabled = setting_get(text, SETTING_SHELL, "GRUB_ENABLE_BLSCFG", NULL);
    g_auto(GStrv) entries = entries_below(resolver, ENTRIES, NULL);
    return g_strcmp0(enabled, "true") == 0 && entries != NULL && entries[0] != NULL;
}

static bool bls_lines(const Resolver *resolver, GPtrArray *lines, GError **error)
{
    g_auto(GStrv) entries = entries_below(resolver, ENTRIES, error);
    return entries != NULL && entries_lines(resolver, entries, lines, error);
}

/* The entries of the kernels that are there, and what those of later kernels are made from:
 * /etc/kernel/cmdline, and where there is none GRUB's defaults (grubby and kernel-install of
 * Fedora). */
static bool bls_edit(const Resolver *resolver, const ArgumentEdit *edit, Change *change,
                     GError **error)
{
    static const char *const FILES[] = {GRUB_DEFAULTS, NULL};
    g_auto(GStrv) entries = entries_below(resolver, ENTRIES, error);
    for (guint i = 0; entries != NULL && entries[i] != NULL; i++)
        if (!resolver_edit(resolver, entries[i], entry_edit, edit, change, error))
            return false;
    if (entries == NULL ||
        !resolver_edit(resolver, KERNEL_COMMAND_LINE, command_line_edit, edit, change, error) ||
        !grub_edit_files(resolver, edit, FILES, change, error))
        return false;
    g_autofree char *line = grub_effective(resolver, FILES, change, error);
    if (line == NULL)
        return false;
    return edit->drop || arguments_have(line, edit->argument) ||
           grub_add(resolver, edit, GRUB_DEFAULTS, "GRUB_CMDLINE_LINUX", "", change, error);
}

const BootLoader BOOT_GRUB_BLS = {
    .name = "grub (boot loader entries)", .keeps = bls_keeps, .lines = bls_lines, .edit = bls_edit};
