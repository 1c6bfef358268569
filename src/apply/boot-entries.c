/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"

#include "apply/host.h"
#include "base/error.h"
#include "os/change.h"
#include "plan/arguments.h"

#include <string.h>
#include <unistd.h>

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

static bool has_key(const char *text, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++)
        if (value_of(lines[i], key) != NULL)
            return true;
    return false;
}

bool entry_is_installed(const char *text)
{
    return has_key(text, "machine-id");
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
        if (text != NULL && has_key(text, "linux"))
            g_strv_builder_add(builder, paths[i]);
    }
    return g_strv_builder_end(builder);
}

static bool options_line(const char *line, const char **ret_start, gsize *ret_length)
{
    *ret_start = value_of(line, "options");
    *ret_length = *ret_start != NULL ? strlen(*ret_start) : 0;
    return *ret_start != NULL;
}

char *entry_options(const char *text)
{
    g_auto(GStrv) values = values_of(text, options_line);
    return g_strjoinv(" ", values);
}

bool entries_lines(const Resolver *resolver, char *const *entries, GPtrArray *lines, GError **error)
{
    for (guint i = 0; entries[i] != NULL; i++) {
        g_autofree char *text = NULL;
        if (!resolver_read(resolver, entries[i], &text, error))
            return false;
        g_ptr_array_add(lines, entry_options(text));
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
    g_autofree char *options = entry_options(text);
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

GStrv values_of(const char *text, FindValue find)
{
    g_autoptr(GStrvBuilder) values = g_strv_builder_new();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *start = NULL;
        gsize length = 0;
        if (!find(lines[i], &start, &length))
            continue;
        g_autofree char *value = g_strndup(start, length);
        g_strv_builder_add(values, value);
    }
    return g_strv_builder_end(values);
}

char *values_edit(const char *text, FindValue find, const ArgumentEdit *edit, bool replace)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        const char *start = NULL;
        gsize length = 0;
        if (!find(lines[i], &start, &length))
            continue;
        g_autofree char *old = g_strndup(start, length);
        g_autofree char *there = arguments_with_key(old, edit->argument);
        if (replace && there == NULL)
            continue;
        g_autofree char *new = argument_edit(edit, old);
        char *line =
            g_strdup_printf("%.*s%s%s", (int)(start - lines[i]), lines[i], new, start + length);
        g_free(lines[i]);
        lines[i] = line;
    }
    return g_strjoinv("\n", lines);
}

bool whole_line(const char *line, const char **ret_start, gsize *ret_length)
{
    *ret_start = line;
    *ret_length = strlen(line);
    return line[0] != '#' && line[0] != '\0';
}

bool files_line(const Resolver *resolver, char *const *files, FindValue find, GPtrArray *lines,
                GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint i = 0; files[i] != NULL; i++) {
        g_autofree char *text = NULL;
        if (!resolver_read(resolver, files[i], &text, error))
            return false;
        g_auto(GStrv) values = values_of(text != NULL ? text : "", find);
        g_autofree char *joined = g_strjoinv(" ", values);
        if (*joined != '\0')
            g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", joined);
    }
    g_ptr_array_add(lines, g_strdup(line->str));
    return true;
}

bool command_line_lines(const Resolver *resolver, GPtrArray *lines, GError **error)
{
    char *const files[] = {(char *)KERNEL_COMMAND_LINE, NULL};
    return files_line(resolver, files, whole_line, lines, error);
}

bool is_boot_entry(const char *path)
{
    return strstr(path, "/loader/entries/") != NULL;
}

/* Gives the entry PATH what was before where it has what CHANGE put in. */
static bool revert_entry(const OsRoot *root, const char *path, const Change *change, GError **error)
{
    g_autofree char *text = NULL;
    if (!host_read(root, path, &text, error))
        return false;
    g_autofree char *options = entry_options(text != NULL ? text : "");
    if (change->after == NULL || !arguments_have(options, change->after))
        return true;
    const ArgumentEdit edit = {NULL, change->before != NULL ? change->before : change->after,
                               change->before == NULL};
    g_autofree char *changed = entry_edit(text, &edit, error);
    int fd = changed != NULL ? os_open(root, path) : -1;
    g_autoptr(OsAttributes) attributes = fd >= 0 ? os_attributes_read(fd, path, error) : NULL;
    if (fd >= 0)
        close(fd);
    if (attributes == NULL)
        return false;
    attributes->mtime_ns = UNKNOWN;
    return os_put(root, path, changed, strlen(changed), attributes, error);
}

bool entries_revert_new(const OsRoot *root, const Change *change, const Record *record,
                        GError **error)
{
    for (guint i = 0; i < change->edits->len; i++) {
        const FileEdit *edit = change->edits->pdata[i];
        if (!is_boot_entry(edit->path))
            continue;
        g_autofree char *folder = g_path_get_dirname(edit->path);
        g_autofree char *pattern = g_build_filename(folder, "*.conf", NULL);
        g_auto(GStrv) paths = host_match(root, pattern);
        for (guint j = 0; paths[j] != NULL; j++)
            if (record_file(record, paths[j]) == NULL &&
                !revert_entry(root, paths[j], change, error))
                return false;
    }
    return true;
}
