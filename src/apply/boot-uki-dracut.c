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
 * dracut makes unified kernel images with uefi="yes", and takes their arguments from kernel_cmdline
 * (dracut.conf(5)). Its files are read in the order of their names, and only those that end in
 * .conf.
 */
#define MAIN_FILE "/etc/dracut.conf"
#define DROP_INS "/etc/dracut.conf.d/*.conf"
#define OUR_DROP_IN "/etc/dracut.conf.d/zz-rootstock-cmdline.conf"
#define VARIABLE "kernel_cmdline"

static GStrv config_files(const Resolver *resolver)
{
    g_autoptr(GStrvBuilder) files = g_strv_builder_new();
    g_auto(GStrv) drop_ins = host_match(resolver->host->root, DROP_INS);
    if (os_exists(resolver->host->root, MAIN_FILE))
        g_strv_builder_add(files, MAIN_FILE);
    for (guint i = 0; drop_ins[i] != NULL; i++)
        if (strcmp(drop_ins[i], OUR_DROP_IN) != 0)
            g_strv_builder_add(files, drop_ins[i]);
    g_strv_builder_add(files, OUR_DROP_IN);
    return g_strv_builder_end(files);
}

static bool keeps(const Resolver *resolver)
{
    g_auto(GStrv) files = config_files(resolver);
    bool uefi = false;
    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *text = NULL;
        if (!resolver_read(resolver, files[i], &text, NULL) || text == NULL)
            continue;
        g_autofree char *value = setting_get(text, SETTING_SHELL, "uefi", NULL);
        uefi = value != NULL ? strcmp(value, "yes") == 0 : uefi;
    }
    return uefi && resolver_started_by(resolver, "unified kernel image") &&
           host_has_program(resolver->host, "dracut");
}

/* The value that LINE gives or adds to kernel_cmdline: its place in the line. False when it is
 * another line, or not in double quotes. */
static bool find_value(const char *line, const char **ret_start, gsize *ret_length)
{
    line += strspn(line, " \t");
    if (!g_str_has_prefix(line, VARIABLE))
        return false;
    line += strlen(VARIABLE);
    line += *line == '+';
    if (line[0] != '=' || line[1] != '"' || strchr(line + 2, '"') == NULL)
        return false;
    *ret_start = line + 2;
    *ret_length = (gsize)(strchr(line + 2, '"') - line - 2);
    return true;
}

static bool lines(const Resolver *resolver, GPtrArray *list, GError **error)
{
    g_auto(GStrv) files = config_files(resolver);
    return files_line(resolver, files, find_value, list, error);
}

/* TextEdit for what is there already. */
static char *replace_only(const char *text, const ArgumentEdit *argument, GError **error)
{
    return values_edit(text, find_value, argument, true);
}

static bool edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                 GError **error)
{
    g_auto(GStrv) files = config_files(resolver);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; files[i] != NULL; i++)
        if (!resolver_edit(resolver, files[i], replace_only, argument, change, error))
            return false;
    if (!lines(resolver, list, error))
        return false;
    g_autofree char *there = arguments_with_key(list->pdata[0], argument->argument);
    g_autofree char *before = NULL;
    if (argument->drop || there != NULL)
        return true;
    if (!resolver_read(resolver, OUR_DROP_IN, &before, error))
        return false;
    g_autofree char *after = g_strdup_printf("%s" VARIABLE "+=\" %s \"\n",
                                             before != NULL ? before : "", argument->argument);
    change_add_edit(change, OUR_DROP_IN, before, after);
    return true;
}

static void commands(const Resolver *resolver, const ArgumentEdit *argument, GPtrArray *list)
{
    Change *command = initramfs_command(argument->goal, &INITRAMFS_DRACUT);
    images_expect(resolver, argument, command);
    g_ptr_array_add(list, command);
}

const BootLoader BOOT_UKI_DRACUT = {.name = "unified kernel image (dracut)",
                                    .keeps = keeps,
                                    .lines = lines,
                                    .edit = edit,
                                    .commands = commands};
