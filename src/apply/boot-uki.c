/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"
#include "apply/initramfs.h"
#include "apply/resolver.h"

#include "apply/host.h"
#include "base/error.h"
#include "plan/arguments.h"
#include "plan/setting.h"

#include <string.h>

/*
 * Unified kernel images: kernel, initramfs and command line in one EFI program, so that other
 * arguments mean an image made anew. Who makes it decides where it reads the arguments.
 */
static bool is_unified(const Resolver *resolver)
{
    return resolver_started_by(resolver, "unified kernel image");
}

void images_expect(const Resolver *resolver, const ArgumentEdit *argument, Change *command)
{
    g_auto(GStrv) patterns = g_strsplit(UNIFIED_IMAGES, " ", -1);
    for (guint i = 0; patterns[i] != NULL; i++) {
        g_auto(GStrv) images = host_match(resolver->host->root, patterns[i]);
        if (images[0] != NULL)
            change_add_effect_file(command, patterns[i], argument->argument, argument->drop);
    }
}

static void add_rebuild(const Resolver *resolver, const ArgumentEdit *argument,
                        const InitramfsTool *tool, GPtrArray *commands)
{
    Change *command = initramfs_command(argument->goal, tool);
    images_expect(resolver, argument, command);
    g_ptr_array_add(commands, command);
}

/* mkinitcpio takes /etc/kernel/cmdline and the files of /etc/cmdline.d together, and the running
 * kernel's arguments where there is neither (mkinitcpio(8), --cmdline). */
#define DROP_INS "/etc/cmdline.d/*.conf"
#define OUR_DROP_IN "/etc/cmdline.d/rootstock.conf"

static bool presets_make_images(const Resolver *resolver)
{
    g_auto(GStrv) presets = host_match(resolver->host->root, "/etc/mkinitcpio.d/*.preset");
    for (guint i = 0; presets[i] != NULL; i++) {
        g_autofree char *text = NULL;
        if (!resolver_read(resolver, presets[i], &text, NULL) || text == NULL)
            continue;
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        for (guint j = 0; lines[j] != NULL; j++)
            if (lines[j][0] != '#' && strstr(lines[j], "_uki=") != NULL)
                return true;
    }
    return false;
}

static bool mkinitcpio_keeps(const Resolver *resolver)
{
    return is_unified(resolver) && presets_make_images(resolver);
}

/* The files of arguments that there are. */
static GStrv argument_files(const Resolver *resolver)
{
    g_autoptr(GStrvBuilder) files = g_strv_builder_new();
    g_auto(GStrv) drop_ins = host_match(resolver->host->root, DROP_INS);
    if (os_exists(resolver->host->root, KERNEL_COMMAND_LINE))
        g_strv_builder_add(files, KERNEL_COMMAND_LINE);
    g_strv_builder_addv(files, (const char **)drop_ins);
    return g_strv_builder_end(files);
}

static bool mkinitcpio_lines(const Resolver *resolver, GPtrArray *lines, GError **error)
{
    g_auto(GStrv) files = argument_files(resolver);
    return files_line(resolver, files, whole_line, lines, error);
}

/* TextEdit for a file that may hold an argument of that key: nothing is added to it. */
static char *replace_only(const char *text, const ArgumentEdit *argument, GError **error)
{
    return values_edit(text, whole_line, argument, true);
}

static bool fail_without_files(GError **error)
{
    return fail(error, ERROR_REFUSED,
                "The kernel images of this host take over the running kernel's arguments, since "
                "there is no '%s'. Write the arguments that it is to start with into that file, "
                "one line, and try again.",
                KERNEL_COMMAND_LINE);
}

static bool mkinitcpio_edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                            GError **error)
{
    g_auto(GStrv) files = argument_files(resolver);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    if (files[0] == NULL)
        return fail_without_files(error);
    for (guint i = 0; files[i] != NULL; i++)
        if (!resolver_edit(resolver, files[i], replace_only, argument, change, error))
            return false;
    if (!mkinitcpio_lines(resolver, lines, error))
        return false;
    g_autofree char *there = arguments_with_key(lines->pdata[0], argument->argument);
    if (argument->drop || there != NULL)
        return true;
    /* A folder of drop-ins takes one of ours; else the one file gets it. */
    if (!os_exists(resolver->host->root, "etc/cmdline.d"))
        return resolver_edit(resolver, KERNEL_COMMAND_LINE, command_line_edit, argument, change,
                             error);
    g_autofree char *before = NULL;
    if (!resolver_read(resolver, OUR_DROP_IN, &before, error))
        return false;
    g_autofree char *after = command_line_edit(before != NULL ? before : "\n", argument, error);
    change_add_edit(change, OUR_DROP_IN, before, after);
    return true;
}

static void mkinitcpio_commands(const Resolver *resolver, const ArgumentEdit *argument,
                                GPtrArray *commands)
{
    add_rebuild(resolver, argument, &INITRAMFS_MKINITCPIO, commands);
}

const BootLoader BOOT_UKI_MKINITCPIO = {.name = "unified kernel image (mkinitcpio)",
                                        .keeps = mkinitcpio_keeps,
                                        .lines = mkinitcpio_lines,
                                        .edit = mkinitcpio_edit,
                                        .commands = mkinitcpio_commands};

/* kernel-install with layout=uki has ukify make the image; the arguments are those of
 * /etc/kernel/cmdline, or the running kernel's (kernel-install(8), ukify(1)). */
static bool layout_is_uki(const Resolver *resolver)
{
    g_autofree char *text = NULL;
    if (!resolver_read(resolver, "/etc/kernel/install.conf", &text, NULL) || text == NULL)
        return false;
    g_autofree char *layout = setting_get(text, SETTING_SHELL, "layout", NULL);
    return g_strcmp0(layout, "uki") == 0;
}

static bool install_keeps(const Resolver *resolver)
{
    return is_unified(resolver) && layout_is_uki(resolver);
}

static bool install_edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                         GError **error)
{
    if (!os_exists(resolver->host->root, KERNEL_COMMAND_LINE))
        return fail_without_files(error);
    return resolver_edit(resolver, KERNEL_COMMAND_LINE, command_line_edit, argument, change, error);
}

/* One command a kernel; `add` without a path takes it from /usr/lib/modules/VERSION/vmlinuz only in
 * newer versions, so it is named. */
static void install_commands(const Resolver *resolver, const ArgumentEdit *argument,
                             GPtrArray *commands)
{
    g_auto(GStrv) versions = os_list(resolver->host->root, "lib/modules");
    for (guint i = 0; versions != NULL && versions[i] != NULL; i++) {
        g_autofree char *kernel =
            g_build_filename("/usr/lib/modules", versions[i], "vmlinuz", NULL);
        if (!os_exists(resolver->host->root, kernel))
            continue;
        const char *const argv[] = {"kernel-install", "add", versions[i], kernel, NULL};
        g_autofree char *target = g_strdup_printf("unified kernel image of %s", versions[i]);
        Change *command =
            resolver_command(argument->goal, RANK_BOOT_MENU, target, argv, UNIFIED_IMAGES);
        images_expect(resolver, argument, command);
        g_ptr_array_add(commands, command);
    }
}

const BootLoader BOOT_UKI_KERNEL_INSTALL = {.name = "unified kernel image (kernel-install)",
                                            .keeps = install_keeps,
                                            .lines = command_line_lines,
                                            .edit = install_edit,
                                            .commands = install_commands};
