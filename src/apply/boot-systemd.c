/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"

#include "apply/host.h"
#include "plan/arguments.h"

/* Where the ESP, or the partition for boot loaders, is mounted (bootctl(1)). */
static const char *const FOLDERS[] = {"/boot/loader/entries", "/efi/loader/entries",
                                      "/boot/efi/loader/entries"};

/* The entries in the first of FOLDERS that has any. */
static GStrv find_entries(const Resolver *resolver, GError **error)
{
    GStrv entries = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_strfreev(entries);
        entries = entries_below(resolver, FOLDERS[i], error);
        if (entries == NULL || entries[0] != NULL)
            return entries;
    }
    return entries;
}

static bool has_entries(const Resolver *resolver)
{
    g_auto(GStrv) entries = find_entries(resolver, NULL);
    return entries != NULL && entries[0] != NULL;
}

static bool keeps(const Resolver *resolver)
{
    return resolver_started_by(resolver, "systemd-boot") && has_entries(resolver);
}

static bool lines(const Resolver *resolver, GPtrArray *list, GError **error)
{
    g_auto(GStrv) entries = find_entries(resolver, error);
    return entries != NULL && entries_lines(resolver, entries, list, error);
}

/* Without /etc/kernel/cmdline kernel-install(8) takes the running kernel's arguments, and a rebuild
 * of the initramfs before the restart may have it write the entry anew. So where it makes the
 * entries that file is made too, from what the entry has; `systemd.machine_id=` it adds itself. */
static bool add_command_line(const Resolver *resolver, const char *entry,
                             const ArgumentEdit *argument, Change *change, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *there = NULL;
    if (!resolver_read(resolver, entry, &text, error) ||
        !resolver_read(resolver, KERNEL_COMMAND_LINE, &there, error))
        return false;
    if (there != NULL || text == NULL || !entry_is_installed(text) ||
        !host_has_program(resolver->host, "kernel-install"))
        return true;
    g_autofree char *options = entry_options(text);
    g_autofree char *own = arguments_drop(options, "systemd.machine_id");
    g_autofree char *line = argument_edit(argument, own);
    g_autofree char *after = g_strconcat(line, "\n", NULL);
    change_add_edit(change, KERNEL_COMMAND_LINE, NULL, after);
    return true;
}

/* The entries that there are, and what later ones are made from. */
static bool edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                 GError **error)
{
    g_auto(GStrv) entries = find_entries(resolver, error);
    for (guint i = 0; entries != NULL && entries[i] != NULL; i++)
        if (!resolver_edit(resolver, entries[i], entry_edit, argument, change, error))
            return false;
    if (entries == NULL ||
        !resolver_edit(resolver, KERNEL_COMMAND_LINE, command_line_edit, argument, change, error))
        return false;
    return change->edits->len == 0 ||
           add_command_line(resolver, entries[g_strv_length(entries) - 1], argument, change, error);
}

const BootLoader BOOT_SYSTEMD = {
    .name = "systemd-boot", .keeps = keeps, .lines = lines, .edit = edit};

/* openSUSE's tool writes the entries from /etc/kernel/cmdline (sdbootutil(8), update-all-entries),
 * for systemd-boot and for GRUB with entries alike. */
static bool sdbootutil_keeps(const Resolver *resolver)
{
    bool started =
        resolver_started_by(resolver, "systemd-boot") || resolver_started_by(resolver, "grub");
    return started && has_entries(resolver) && host_has_program(resolver->host, "sdbootutil") &&
           os_exists(resolver->host->root, KERNEL_COMMAND_LINE);
}

static bool command_line_only(const Resolver *resolver, const ArgumentEdit *argument,
                              Change *change, GError **error)
{
    return resolver_edit(resolver, KERNEL_COMMAND_LINE, command_line_edit, argument, change, error);
}

static void sdbootutil_commands(const Resolver *resolver, const ArgumentEdit *argument,
                                GPtrArray *commands)
{
    static const char *const ARGV[] = {"sdbootutil", "update-all-entries", NULL};
    g_auto(GStrv) entries = find_entries(resolver, NULL);
    Change *command = resolver_command(argument->goal, RANK_BOOT_MENU, "boot loader entries", ARGV,
                                       "/boot/loader/entries/*.conf /efi/loader/entries/*.conf "
                                       "/boot/efi/loader/entries/*.conf");
    g_autofree char *word = g_strconcat(" ", argument->argument, NULL);
    for (guint i = 0; entries != NULL && entries[i] != NULL; i++)
        change_add_effect_file(command, entries[i], word, argument->drop);
    g_ptr_array_add(commands, command);
}

const BootLoader BOOT_SDBOOTUTIL = {.name = "sdbootutil",
                                    .keeps = sdbootutil_keeps,
                                    .lines = lines,
                                    .edit = command_line_only,
                                    .commands = sdbootutil_commands};

/* Proxmox VE on ZFS: systemd-boot on ESPs that are not mounted. */
static bool proxmox_keeps(const Resolver *resolver)
{
    return resolver_started_by(resolver, "systemd-boot") &&
           os_exists(resolver->host->root, "etc/kernel/proxmox-boot-uuids") &&
           os_exists(resolver->host->root, KERNEL_COMMAND_LINE);
}

Change *proxmox_refresh(const Goal *goal)
{
    static const char *const ARGV[] = {"proxmox-boot-tool", "refresh", NULL};
    Change *command =
        resolver_command(goal, RANK_BOOT_MENU, "boot partitions of Proxmox", ARGV, NULL);
    command->why = g_strdup("Kernels, their initramfs and their arguments are copied to the boot "
                            "partitions, which are not mounted.");
    return command;
}

static void proxmox_commands(const Resolver *resolver, const ArgumentEdit *argument,
                             GPtrArray *commands)
{
    g_ptr_array_add(commands, proxmox_refresh(argument->goal));
}

const BootLoader BOOT_PROXMOX = {.name = "proxmox-boot-tool (systemd-boot)",
                                 .keeps = proxmox_keeps,
                                 .lines = command_line_lines,
                                 .edit = command_line_only,
                                 .commands = proxmox_commands};
