/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * Links of /sys, as `ls -l` shows them:
 *
 *     /sys/bus/pci/devices/0000:01:00.0/iommu_group -> ../../../../kernel/iommu_groups/7
 *     0000:01:00.0/driver -> ../../../../bus/pci/drivers/vfio-pci
 *     card0 -> ../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/drm/card0
 *
 * and `readlink` the second half of the first two. The path to a device has the bridges that it is
 * behind.
 */

static const char ARROW[] = " -> ";

/* The address that is the last but one part of the path that ends at END, before which TEXT begins;
 * its name is to be NAME. The caller owns it. */
static char *address_of(const char *text, gsize length, const char *name)
{
    gsize tail = strlen(name);
    if (length < tail + 2 || memcmp(text + length - tail, name, tail) != 0 ||
        text[length - tail - 1] != '/')
        return NULL;
    gsize end = length - tail - 1, start = end;
    while (start > 0 && strchr("/ \t", text[start - 1]) == NULL)
        start--;
    g_autofree char *part = g_strndup(text + start, end - start);
    const char *rest;
    g_autofree char *address = paste_address(part, &rest);
    return address != NULL && *rest == '\0' ? g_steal_pointer(&address) : NULL;
}

/* LENGTH bytes at PATH lead to TARGET: the group or the driver of a function. */
static bool take_target(Paste *paste, const char *path, gsize length, const char *target)
{
    g_autofree char *grouped = address_of(path, length, "iommu_group");
    g_autofree char *driven = grouped == NULL ? address_of(path, length, "driver") : NULL;
    const char *group = paste_after(target, "/iommu_groups/");
    const char *driver = paste_after(target, "/drivers/");

    if (grouped != NULL && group != NULL) {
        paste_claim(paste, paste_function(paste, grouped), paste_decimal(group, 65535, NULL));
        return true;
    }
    PciFunction *function = driven != NULL && driver != NULL ? paste_function(paste, driven) : NULL;
    if (function != NULL)
        paste_driver(paste, function, driver);
    return function != NULL;
}

/* "pci0000:00/0000:00:01.0/0000:01:00.0": each is behind the one before. */
static void take_path(Paste *paste, const char *path)
{
    const char *root = paste_after(path, "/pci");
    const char *part = root != NULL ? strchr(root, '/') : NULL, *rest;
    g_autofree char *parent = g_strdup("");

    while (part != NULL) {
        char *address = paste_address(part + 1, &rest);
        if (address == NULL || (*rest != '/' && *rest != '\0')) {
            g_free(address);
            return;
        }
        paste_behind(paste, address, parent);
        g_free(parent);
        parent = address;
        part = *rest == '/' ? rest : NULL;
    }
}

bool paste_take_link(Paste *paste, const PasteLine *line)
{
    static const char COMMAND[] = "readlink ";
    const char *text = line->text, *arrow = strstr(text, ARROW), *command = paste->command;
    bool taken = false;

    if (arrow != NULL) {
        taken = take_target(paste, text, (gsize)(arrow - text), arrow + strlen(ARROW));
        take_path(paste, arrow + strlen(ARROW));
    } else if (command != NULL && g_str_has_prefix(command, COMMAND)) {
        const char *path = strrchr(command, ' ') + 1;
        taken = take_target(paste, path, strlen(path), text);
    }
    paste->recognised |= taken;
    return taken;
}
