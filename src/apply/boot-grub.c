/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-grub.h"

#include "base/error.h"
#include "plan/arguments.h"
#include "plan/setting.h"

#include <string.h>

static const char *const VARIABLES[] = {"GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT"};

/* The text of PATH when the plan and CHANGE are made; RET_BEFORE without CHANGE. */
static bool read_changed(const Resolver *resolver, const char *path, const Change *change,
                         char **ret_text, GError **error)
{
    if (!resolver_read(resolver, path, ret_text, error))
        return false;
    for (guint i = 0; i < change->edits->len; i++) {
        const FileEdit *edit = change->edits->pdata[i];
        if (strcmp(edit->path, path) != 0)
            continue;
        g_free(*ret_text);
        *ret_text = g_strdup(edit->after);
    }
    return true;
}

static char *replace_in(const char *text, const ArgumentEdit *edit, GError **error)
{
    g_autofree char *result = g_strdup(text);
    for (guint i = 0; i < G_N_ELEMENTS(VARIABLES); i++) {
        g_autoptr(GError) fault = NULL;
        g_autofree char *value = setting_get(result, SETTING_SHELL, VARIABLES[i], &fault);
        g_autofree char *there = value != NULL ? arguments_with_key(value, edit->argument) : NULL;
        if (fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return NULL;
        }
        if (there == NULL)
            continue;
        g_autofree char *changed = argument_edit(edit, value);
        char *next = setting_set(result, SETTING_SHELL, VARIABLES[i], changed, error);
        if (next == NULL)
            return NULL;
        g_free(result);
        result = next;
    }
    return g_steal_pointer(&result);
}

bool grub_edit_files(const Resolver *resolver, const ArgumentEdit *edit, const char *const *files,
                     Change *change, GError **error)
{
    for (guint i = 0; files[i] != NULL; i++)
        if (!resolver_edit(resolver, files[i], replace_in, edit, change, error))
            return false;
    return true;
}

/* VALUE with "$NAME" and "${NAME}" as they stand so far. */
static char *expand(const char *value, char *const *values)
{
    GString *text = g_string_new(value);
    for (guint i = G_N_ELEMENTS(VARIABLES); i-- > 0;) {
        g_autofree char *braced = g_strdup_printf("${%s}", VARIABLES[i]);
        g_autofree char *plain = g_strdup_printf("$%s", VARIABLES[i]);
        g_string_replace(text, braced, values[i], 0);
        g_string_replace(text, plain, values[i], 0);
    }
    return g_string_free(text, FALSE);
}

static bool take_values(const char *text, char **values, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(VARIABLES); i++) {
        g_autoptr(GError) fault = NULL;
        g_autofree char *value = setting_get(text, SETTING_SHELL, VARIABLES[i], &fault);
        if (fault != NULL) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        if (value == NULL)
            continue;
        char *expanded = expand(value, values);
        g_free(values[i]);
        values[i] = expanded;
    }
    return true;
}

char *grub_effective(const Resolver *resolver, const char *const *files, const Change *change,
                     GError **error)
{
    g_auto(GStrv) values = g_new0(char *, G_N_ELEMENTS(VARIABLES) + 1);
    for (guint i = 0; i < G_N_ELEMENTS(VARIABLES); i++)
        values[i] = g_strdup("");
    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *text = NULL;
        if (!read_changed(resolver, files[i], change, &text, error))
            return NULL;
        if (text != NULL && !take_values(text, values, error)) {
            g_prefix_error(error, "In '%s': ", files[i]);
            return NULL;
        }
    }
    return g_strjoinv(" ", values);
}

bool grub_add(const Resolver *resolver, const ArgumentEdit *edit, const char *path,
              const char *variable, const char *comment, Change *change, GError **error)
{
    g_autofree char *before = NULL;
    g_autofree char *text = NULL;
    if (!resolver_read(resolver, path, &before, error) ||
        !read_changed(resolver, path, change, &text, error))
        return false;
    const char *start = text != NULL ? text : comment;
    g_autofree char *value = setting_get(start, SETTING_SHELL, variable, NULL);
    g_autofree char *own = g_strdup_printf("$%s", variable);
    /* A drop-in adds to what the files before it say. */
    g_autofree char *line = arguments_set(value != NULL      ? value
                                          : *comment != '\0' ? own
                                                             : "",
                                          edit->argument);
    g_autofree char *after = setting_set(start, SETTING_SHELL, variable, line, error);
    if (after == NULL) {
        g_prefix_error(error, "In '%s': ", path);
        return false;
    }
    for (guint i = 0; i < change->edits->len; i++)
        if (strcmp(((const FileEdit *)change->edits->pdata[i])->path, path) == 0)
            g_ptr_array_remove_index(change->edits, i--);
    change_add_edit(change, path, before, after);
    return true;
}

/* The words behind the kernel's path of a `linux` line; NULL when LINE is none. */
static const char *menu_arguments(const char *line)
{
    line += strspn(line, " \t");
    gsize length = strcspn(line, " \t");
    bool linux_line = (length == 5 && strncmp(line, "linux", 5) == 0) ||
                      (length == 8 && strncmp(line, "linuxefi", 8) == 0) ||
                      (length == 7 && strncmp(line, "linux16", 7) == 0);
    if (!linux_line || line[length] == '\0')
        return NULL;
    line += length + strspn(line + length, " \t");
    line += strcspn(line, " \t");
    return line + strspn(line, " \t");
}

/* Recovery entries are for when the others do not start: `single` (Debian, Arch), `recovery`
 * (Ubuntu). */
static bool is_recovery(const char *line)
{
    g_auto(GStrv) words = arguments_of(line);
    return g_strv_contains((const char *const *)words, "single") ||
           g_strv_contains((const char *const *)words, "recovery");
}

bool grub_menu_lines(const Resolver *resolver, const char *path, GPtrArray *lines, GError **error)
{
    g_autofree char *text = NULL;
    if (!resolver_read(resolver, path, &text, error))
        return false;
    g_auto(GStrv) all = g_strsplit(text != NULL ? text : "", "\n", -1);
    for (guint i = 0; all[i] != NULL; i++) {
        const char *arguments = menu_arguments(all[i]);
        if (arguments != NULL && !is_recovery(arguments))
            g_ptr_array_add(lines, g_strdup(arguments));
    }
    return true;
}

Change *grub_command(const ArgumentEdit *edit, const char *const *argv, const char *output)
{
    Change *change = resolver_command(edit->goal, RANK_BOOT_MENU, "boot menu", argv, output);
    change->why = g_strdup_printf("The menu that GRUB shows, and the kernel's arguments in it, are "
                                  "made from %s.",
                                  GRUB_DEFAULTS);
    /* A key alone may stand in a recovery entry of the distribution's own. */
    if (output != NULL && (!edit->drop || strchr(edit->argument, '=') != NULL)) {
        g_autofree char *word = g_strconcat(" ", edit->argument, NULL);
        change_add_effect_file(change, output, word, edit->drop);
    }
    return change;
}
