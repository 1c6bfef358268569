/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/mounts.h"

#include <string.h>

static void mount_free(gpointer data)
{
    Mount *mount = data;
    g_free(mount->number);
    g_free(mount->point);
    g_free(mount->type);
    g_free(mount->source);
    g_strfreev(mount->options);
    g_free(mount);
}

GPtrArray *mounts_list_new(void)
{
    return g_ptr_array_new_with_free_func(mount_free);
}

Mount *mount_new(const char *point, const char *type, const char *source)
{
    Mount *mount = g_new0(Mount, 1);
    mount->number = g_strdup("0:0");
    mount->point = g_strdup(point);
    mount->type = g_strdup(type);
    mount->source = g_strdup(source);
    mount->options = g_new0(char *, 1);
    return mount;
}

static bool is_octal(const char *text)
{
    return text[0] >= '0' && text[0] <= '3' && text[1] >= '0' && text[1] <= '7' && text[2] >= '0' &&
           text[2] <= '7';
}

char *mounts_unescape(char *text)
{
    char *out = text;
    for (const char *in = text; *in != '\0';) {
        if (*in == '\\' && is_octal(in + 1) && memcmp(in + 1, "000", 3) != 0) {
            *out++ = (char)((in[1] - '0') << 6 | (in[2] - '0') << 3 | (in[3] - '0'));
            in += 4;
        } else {
            *out++ = *in++;
        }
    }
    *out = '\0';
    return text;
}

/* Fields: id, parent, number, root, point, options, any number of tags, "-", type, source, options.
 */
static Mount *parse_line(const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, " ", -1);
    guint count = g_strv_length(fields), dash = 6;

    while (dash < count && strcmp(fields[dash], "-") != 0)
        dash++;
    if (dash + 2 >= count)
        return NULL;
    Mount *mount = g_new0(Mount, 1);
    mount->number = g_strdup(fields[2]);
    mount->point = g_strdup(mounts_unescape(fields[4]));
    mount->type = g_strdup(fields[dash + 1]);
    mount->source = g_strdup(mounts_unescape(fields[dash + 2]));
    const char *options = dash + 3 < count ? fields[dash + 3] : "";
    mount->options = g_strsplit(options, ",", -1);
    for (char **option = mount->options; *option != NULL; option++)
        mounts_unescape(*option);
    return mount;
}

static void add_lines(GPtrArray *mounts, GHashTable *seen, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        Mount *mount = parse_line(lines[i]);
        if (mount == NULL)
            continue;
        char *key = g_strjoin(" ", mount->number, mount->type, mount->source, mount->point, NULL);
        if (g_hash_table_add(seen, key))
            g_ptr_array_add(mounts, mount);
        else
            mount_free(mount);
    }
}

static GPtrArray *parse_texts(const char *first, const char *second)
{
    GPtrArray *mounts = mounts_list_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    add_lines(mounts, seen, first);
    if (second != NULL)
        add_lines(mounts, seen, second);
    return mounts;
}

GPtrArray *mounts_parse(const char *text)
{
    return parse_texts(text, NULL);
}

GPtrArray *mounts_read(const OsRoot *root)
{
    g_autofree char *init = os_read_text(root, "proc/1/mountinfo", NULL);
    g_autofree char *self = os_read_text(root, "proc/self/mountinfo", NULL);

    if (init == NULL && self == NULL)
        return NULL;
    bool same = g_strcmp0(init, self) == 0;
    return parse_texts(init != NULL ? init : self, init != NULL && !same ? self : NULL);
}

static bool is_below(const char *path, const char *folder)
{
    gsize length = strlen(folder);
    if (strncmp(path, folder, length) != 0)
        return false;
    return (length > 0 && folder[length - 1] == '/') || path[length] == '/' || path[length] == '\0';
}

const Mount *mounts_containing(const GPtrArray *mounts, const char *path, const Mount *except)
{
    const Mount *found = NULL;
    for (guint i = 0; i < mounts->len; i++) {
        const Mount *mount = g_ptr_array_index(mounts, i);
        bool longer = found == NULL || strlen(mount->point) >= strlen(found->point);
        if (mount != except && longer && is_below(path, mount->point))
            found = mount;
    }
    return found;
}
