/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/automounts.h"

#include "facts/efi-variable.h"

#include <string.h>

/* The path under which udev has the device that fstab(5) names by TAG=VALUE. */
static char *source_path(const char *source)
{
    static const struct {
        const char *tag, *folder;
    } TAGS[] = {
        {"UUID=", "by-uuid"},
        {"LABEL=", "by-label"},
        {"PARTUUID=", "by-partuuid"},
        {"PARTLABEL=", "by-partlabel"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(TAGS); i++) {
        if (!g_str_has_prefix(source, TAGS[i].tag))
            continue;
        g_autofree char *value = g_strdup(source + strlen(TAGS[i].tag));
        g_strdelimit(value, "\"", ' ');
        return g_strdup_printf("/dev/disk/%s/%s", TAGS[i].folder, g_strstrip(value));
    }
    return g_str_has_prefix(source, "/dev/") ? g_strdup(source) : NULL;
}

/* Whether POINT waits to be mounted: autofs lies there and nothing else. */
static bool is_waiting(const GPtrArray *mounts, const char *point)
{
    bool waiting = false;
    for (guint i = 0; i < mounts->len; i++) {
        const Mount *mount = g_ptr_array_index(mounts, i);
        if (strcmp(mount->point, point) != 0)
            continue;
        if (strcmp(mount->type, "autofs") != 0)
            return false;
        waiting = true;
    }
    return waiting;
}

/* device point type options dump pass, separated by white space (fstab(5)). */
static void add_fstab_line(char *line, const GPtrArray *mounts, GPtrArray *found)
{
    g_auto(GStrv) pieces = g_strsplit_set(line, " \t", -1);
    char *fields[3] = {NULL};
    guint count = 0;

    for (guint i = 0; pieces[i] != NULL && count < G_N_ELEMENTS(fields); i++) {
        if (*pieces[i] != '\0')
            fields[count++] = mounts_unescape(pieces[i]);
    }
    if (count < G_N_ELEMENTS(fields) || fields[0][0] == '#' || !is_waiting(mounts, fields[1]))
        return;
    g_autofree char *source = source_path(fields[0]);
    g_autofree char *point = g_strconcat(fields[1], ", mounted on demand", NULL);
    if (source != NULL)
        g_ptr_array_add(found, mount_new(point, fields[2], source));
}

static void add_boot_partition(const OsRoot *root, GPtrArray *found)
{
    g_autofree char *uuid = efi_variable_text(root, "LoaderDevicePartUUID", EFI_LOADER);
    if (uuid == NULL || strchr(uuid, '/') != NULL)
        return;
    g_autofree char *lower = g_ascii_strdown(uuid, -1);
    g_autofree char *source = g_strconcat("/dev/disk/by-partuuid/", lower, NULL);
    g_ptr_array_add(found, mount_new("the boot loader of this boot", "vfat", source));
}

GPtrArray *automounts_read(const OsRoot *root, const GPtrArray *mounts)
{
    GPtrArray *found = mounts_list_new();
    g_autofree char *text = os_read_text(root, "etc/fstab", NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++)
        add_fstab_line(lines[i], mounts, found);
    add_boot_partition(root, found);
    return found;
}
