/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

/* Outputs that settle what a verdict asks for: links and files of /sys, lsblk, routes, sessions. */

bool paste_take_sysfs(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;

    if (paste->uses == NULL)
        paste->uses = paste_uses_new();
    if (!paste_uses_link(paste->uses, text) && !paste_uses_status(paste->uses, text) &&
        !paste_uses_lsblk(paste->uses, text) && !paste_uses_route(paste->uses, text) &&
        !paste_uses_session(paste->uses, text))
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
