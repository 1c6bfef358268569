/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/* Outputs that settle what a verdict asks for: links and files of /sys, lsblk, routes, sessions. */

/* "/sys/bus/pci/devices/0000:0a:00.0/boot_vga:1", as grep shows a file's line. */
static bool take_attribute(Paste *paste, const char *text)
{
    static const char FOLDER[] = "/sys/bus/pci/devices/",
                      BOOT[] = "/boot_vga:", RESET[] = "/reset_method:";
    const char *rest;

    if (!g_str_has_prefix(text, FOLDER))
        return false;
    g_autofree char *address = paste_address(text + strlen(FOLDER), &rest);
    bool boot = address != NULL && g_str_has_prefix(rest, BOOT);
    bool reset = address != NULL && g_str_has_prefix(rest, RESET);
    PciFunction *function = boot || reset ? paste_function(paste, address) : NULL;
    if (function == NULL)
        return false;
    rest += boot ? strlen(BOOT) : strlen(RESET);
    if (boot && (strcmp(rest, "0") == 0 || strcmp(rest, "1") == 0))
        paste_tri(paste, &function->boot_vga, tri(*rest == '1'));
    else if (reset && function->reset_methods == NULL &&
             rest[strspn(rest, "abcdefghijklmnopqrstuvwxyz_ ")] == '\0')
        function->reset_methods = g_strsplit(rest, " ", 8);
    return true;
}

bool paste_take_sysfs(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;

    if (paste->uses == NULL)
        paste->uses = paste_uses_new();
    if (!take_attribute(paste, text) && !paste_uses_link(paste->uses, text) &&
        !paste_uses_status(paste->uses, text) && !paste_uses_lsblk(paste->uses, text) &&
        !paste_uses_route(paste->uses, text) && !paste_uses_session(paste->uses, text))
        return false;
    paste->recognised = true;
    return true;
}

void paste_sysfs_finish(Paste *paste)
{
    if (paste->uses != NULL)
        paste_uses_finish(paste->uses, paste->facts);
    g_clear_pointer(&paste->uses, paste_uses_free);
}
