/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"

#include "apply/boot-grub.h"
#include "apply/host.h"
#include "base/error.h"
#include "plan/arguments.h"
#include "plan/setting.h"

#include <string.h>

#define KERNEL_COMMAND_LINE "/etc/kernel/cmdline"

/* The value of the line when it is "KEY VALUE"; NULL when it is not. */
static const char *value_of(const char *line, const char *key)
{
    gsize length = strlen(key);
    line += strspn(line, " \t");
    if (strncmp(line, key, length) != 0 || strchr(" \t", line[length]) == NULL ||
        line[length] == '\0')
        return NULL;
    return line + length + strspn(line + length, " \t");
}

/* "ID-0-rescue.conf" is Fedora's, "fallback" mkinitcpio's entry with all modules. */
static bool is_rescue(const char *name)
{
    return strstr(name, "rescue") != NULL || strstr(name, "fallback") != NULL;
}

static bool starts_kernel(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (value_of(lines[i], "linux") != NULL)
            return true;
    return false;
}

GStrv entries_below(const Resolver *resolver, const char *folder, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autofree char *pattern = g_build_filename(folder, "*.conf", NULL);
    g_auto(GStrv) paths = host_match(resolver->host->root, pattern);
    for (guint i = 0; paths[i] != NULL; i++) {
        g_autofree char *name = g_path_get_basename(paths[i]);
        g_autofree char *text = NULL;
        if (is_rescue(name))
            continue;
        if (!resolver_read(resolver, paths[i], &text, error))
            return NULL;
        if (text != NULL && starts_kernel(text))
            g_strv_builder_add(builder, paths[i]);
    }
    return g_strv_builder_end(builder);
}

static char *options_of(const char *text)
{
    GString *options = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *value = value_of(lines[i], "options");
        if (value != NULL)
            g_string_append_printf(options, "%s%s", options->len > 0 ? " " : "", value);
    }
    return g_string_free(options, FALSE);
}

bool entries_lines(const Resolver *resolver, char *const *entries, GPtrArray *lines, GError **error)
{
    for (guint i = 0; entries[i] != NULL; i++) {
        g_autofree char *text = NULL;
        if (!resolver_read(resolver, entries[i], &text, error))
            return false;
        g_ptr_array_add(lines, options_of(text));
    }
    return true;
}

/* Changes LINE, whose value is VALUE, in place. */
static void set_value(char **line, const char *value, char *changed)
{
    char *new = g_strdup_printf("%.*s%s", (int)(value - *line), *line, changed);
    g_free(changed);
    g_free(*line);
    *line = new;
}

/* The first options line with the argument's key gets the argument, the others lose theirs. */
static void edit_lines(char **lines, const ArgumentEdit *edit)
{
    const ArgumentEdit drop = {edit->goal, edit->argument, true};
    g_autofree char *key = argument_key(edit->argument);
    const ArgumentEdit drop_key = {edit->goal, key, true};
    bool placed = edit->drop;
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *value = value_of(lines[i], "options");
        g_autofree char *there = value != NULL ? arguments_with_key(value, edit->argument) : NULL;
        if (there == NULL)
            continue;
        const ArgumentEdit *how = edit->drop ? &drop : placed ? &drop_key : edit;
        set_value(&lines[i], value, argument_edit(how, value));
        placed = true;
    }
}

static void append_to_last(char **lines, const ArgumentEdit *edit)
{
    for (guint i = g_strv_length(lines); i-- > 0;) {
        const char *value = value_of(lines[i], "options");
        if (value == NULL)
            continue;
        set_value(&lines[i], value, argument_edit(edit, value));
        return;
    }
}

char *entry_edit(const char *text, const ArgumentEdit *edit, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *options = options_of(text);
    g_autofree char *there = arguments_with_key(options, edit->argument);
    if (there != NULL)
        edit_lines(lines, edit);
    else if (!edit->drop)
        append_to_last(lines, edit);
    char *changed = g_strjoinv("\n", lines);
    if (there != NULL || edit->drop || strcmp(changed, text) != 0)
        return changed;
    g_free(changed);
    return g_strdup_printf("%s%soptions %s\n", text, g_str_has_suffix(text, "\n") ? "" : "\n",
                           edit->argument);
}

char *command_line_edit(const char *text, const ArgumentEdit *edit, GError **error)
{
    if (strchr(text, '#') == NULL)
        return argument_edit(edit, text);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint last = 0;
    bool there = false;
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *found =
            lines[i][0] != '#' ? arguments_with_key(lines[i], edit->argument) : NULL;
        last = lines[i][0] != '#' && lines[i][0] != '\0' ? i : last;
        if (found == NULL)
            continue;
        char *changed = argument_edit(edit, lines[i]);
        g_free(lines[i]);
        lines[i] = changed;
        there = true;
    }
    if (!there && !edit->drop) {
        char *changed = argument_edit(edit, lines[last][0] == '#' ? "" : lines[last]);
        g_free(lines[last]);
        lines[last] = changed;
    }
    return g_strjoinv("\n", lines);
}

/* GRUB with entries, as Fedora sets it up: grub.cfg reads them (GRUB_ENABLE_BLSCFG). */
static bool bls_keeps(const Resolver *resolver)
{
    g_autofree char *text = NULL;
    if (g_strcmp0(resolver->traits->boot_loader, "grub") != 0 ||
        !resolver_read(resolver, GRUB_DEFAULTS, &text, NULL) || text == NULL)
        return false;
    g_autofree char *enabled = setting_get(text, SETTING_SHELL, "GRUB_ENABLE_BLSCFG", NULL);
    g_auto(GStrv) entries = entries_below(resolver, "/boot/loader/entries", NULL);
    return g_strcmp0(enabled, "true") == 0 && entries != NULL && entries[0] != NULL;
}

static bool bls_lines(const Resolver *resolver, GPtrArray *lines, GError **error)
{
    g_auto(GStrv) entries = entries_below(resolver, "/boot/loader/entries", error);
    return entries != NULL && entries_lines(resolver, entries, lines, error);
}

/* The entries of the kernels that are there, and what those of later kernels are made from:
 * /etc/kernel/cmdline, and where there is none GRUB's defaults (grubby and kernel-install of
 * Fedora). */
static bool bls_edit(const Resolver *resolver, const ArgumentEdit *edit, Change *change,
                     GError **error)
{
    static const char *const FILES[] = {GRUB_DEFAULTS, NULL};
    g_auto(GStrv) entries = entries_below(resolver, "/boot/loader/entries", error);
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
