/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"
#include "apply/boot-grub.h"

#include "apply/host.h"
#include "base/error.h"
#include "plan/arguments.h"

#include <string.h>

#define DEFAULT_VARIABLE "GRUB_CMDLINE_LINUX_DEFAULT"

/* Debian's grub-mkconfig reads these after /etc/default/grub, in the order of their names (Debian's
 * patch mkconfig-nonexistent / grub.d; README.Debian of grub2-common). The name puts ours last. */
#define DROP_INS "/etc/default/grub.d/*.cfg"
#define OUR_DROP_IN "/etc/default/grub.d/zz-rootstock.cfg"

static const char COMMENT[] =
    "# Made by rootstock: arguments for the kernel. `rootstock undo` takes them away again.\n";

/* /etc/default/grub, the drop-ins that there are, and ours, in the order of reading. */
static GStrv debian_files(const Resolver *resolver)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) drop_ins = host_match(resolver->host->root, DROP_INS);
    bool ours = false;
    g_strv_builder_add(builder, GRUB_DEFAULTS);
    for (guint i = 0; drop_ins[i] != NULL; i++) {
        if (!ours && strcmp(drop_ins[i], OUR_DROP_IN) >= 0) {
            g_strv_builder_add(builder, OUR_DROP_IN);
            ours = true;
        }
        if (strcmp(drop_ins[i], OUR_DROP_IN) != 0)
            g_strv_builder_add(builder, drop_ins[i]);
    }
    if (!ours)
        g_strv_builder_add(builder, OUR_DROP_IN);
    return g_strv_builder_end(builder);
}

static bool debian_keeps(const Resolver *resolver)
{
    return resolver_started_by(resolver, "grub") && resolver_is(resolver, "debian") &&
           os_exists(resolver->host->root, GRUB_DEFAULTS);
}

static bool debian_lines(const Resolver *resolver, GPtrArray *lines, GError **error)
{
    return grub_menu_lines(resolver, "/boot/grub/grub.cfg", lines, error);
}

/* Edits what is there, and adds what then is still missing to PATH. */
static bool edit_defaults(const Resolver *resolver, const ArgumentEdit *edit,
                          const char *const *files, const char *path, const char *comment,
                          Change *change, GError **error)
{
    if (!grub_edit_files(resolver, edit, files, change, error))
        return false;
    for (guint try = 0; try < 2; try++) {
        g_autofree char *line = grub_effective(resolver, files, change, error);
        if (line == NULL)
            return false;
        if (edit->drop || arguments_have(line, edit->argument))
            return true;
        if (try == 0 && !grub_add(resolver, edit, path, DEFAULT_VARIABLE, comment, change, error))
            return false;
    }
    return fail(error, ERROR_REFUSED,
                "'%s' would not come through to the kernel's command line: a file that is read "
                "after '%s' sets it anew. Put it in by hand.",
                edit->argument, path);
}

static bool debian_edit(const Resolver *resolver, const ArgumentEdit *edit, Change *change,
                        GError **error)
{
    g_auto(GStrv) files = debian_files(resolver);
    return edit_defaults(resolver, edit, (const char *const *)files, OUR_DROP_IN, COMMENT, change,
                         error);
}

static void debian_commands(const Resolver *resolver, const ArgumentEdit *edit, GPtrArray *commands)
{
    static const char *const ARGV[] = {"update-grub", NULL};
    g_ptr_array_add(commands, grub_command(edit, ARGV, "/boot/grub/grub.cfg"));
}

const BootLoader BOOT_GRUB_DEBIAN = {.name = "grub (update-grub)",
                                     .keeps = debian_keeps,
                                     .lines = debian_lines,
                                     .edit = debian_edit,
                                     .commands = debian_commands};

/* Fedora and openSUSE name program and folder grub2, Arch grub. */
static bool is_grub2(const Resolver *resolver)
{
    return os_exists(resolver->host->root, "boot/grub2/grub.cfg");
}

static const char *menu_of(const Resolver *resolver)
{
    return is_grub2(resolver) ? "/boot/grub2/grub.cfg" : "/boot/grub/grub.cfg";
}

static bool mkconfig_keeps(const Resolver *resolver)
{
    return resolver_started_by(resolver, "grub") &&
           os_exists(resolver->host->root, GRUB_DEFAULTS) &&
           os_exists(resolver->host->root, menu_of(resolver));
}

static bool mkconfig_lines(const Resolver *resolver, GPtrArray *lines, GError **error)
{
    return grub_menu_lines(resolver, menu_of(resolver), lines, error);
}

static bool mkconfig_edit(const Resolver *resolver, const ArgumentEdit *edit, Change *change,
                          GError **error)
{
    static const char *const FILES[] = {GRUB_DEFAULTS, NULL};
    return edit_defaults(resolver, edit, FILES, GRUB_DEFAULTS, "", change, error);
}

static void mkconfig_commands(const Resolver *resolver, const ArgumentEdit *edit,
                              GPtrArray *commands)
{
    const char *menu = menu_of(resolver);
    const char *program = is_grub2(resolver) ? "grub2-mkconfig" : "grub-mkconfig";
    const char *const argv[] = {program, "-o", menu, NULL};
    g_ptr_array_add(commands, grub_command(edit, argv, menu));
}

const BootLoader BOOT_GRUB_MKCONFIG = {.name = "grub (grub-mkconfig)",
                                       .keeps = mkconfig_keeps,
                                       .lines = mkconfig_lines,
                                       .edit = mkconfig_edit,
                                       .commands = mkconfig_commands};

/* Proxmox VE with GRUB on file systems of its own that are not mounted: the menu is made as on
 * Debian, and proxmox-boot-tool then copies it there (Proxmox VE administration guide, "Host
 * Bootloader"). */
static bool proxmox_grub_keeps(const Resolver *resolver)
{
    return debian_keeps(resolver) &&
           os_exists(resolver->host->root, "etc/kernel/proxmox-boot-uuids");
}

static void proxmox_grub_commands(const Resolver *resolver, const ArgumentEdit *edit,
                                  GPtrArray *commands)
{
    debian_commands(resolver, edit, commands);
    g_ptr_array_add(commands, proxmox_refresh(edit->goal));
}

const BootLoader BOOT_PROXMOX_GRUB = {.name = "proxmox-boot-tool (grub)",
                                      .keeps = proxmox_grub_keeps,
                                      .lines = debian_lines,
                                      .edit = debian_edit,
                                      .commands = proxmox_grub_commands};
