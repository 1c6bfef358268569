/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

static void add_use(HostUses *uses, const DisplayFacts *display, Tri used, const char *what)
{
    const char *name = display->name != NULL ? display->name : "a display";

    if (used == TRI_NO)
        return;
    if (display->pci == NULL) {
        if (uses->display_doubt == NULL)
            uses->display_doubt =
                say(uses->verdict, "may show %s: the card of %s is unknown", what, name);
    } else if (display->pci[0] == '\0') {
        return;
    } else if (used == TRI_YES) {
        host_uses_add(uses, display->pci, ANSWER_NO,
                      say(uses->verdict, "shows %s (%s)", what, name));
    } else {
        host_uses_add(uses, display->pci, ANSWER_UNKNOWN,
                      say(uses->verdict, "may show %s (%s); that is unknown", what, name));
    }
}

/* A card that is bound to vfio-pci has left the host already; where a frame buffer of the firmware
 * is still drawn on it, that is one of the displays. */
static void add_boot_display(HostUses *uses, const PciFunction *function)
{
    if (g_strcmp0(function->driver, "vfio-pci") == 0)
        return;
    if (function->boot_vga == TRI_YES)
        host_uses_add(uses, function->address, ANSWER_NO,
                      "is the display that the firmware starts on");
    else if (function->boot_vga == TRI_UNKNOWN && pci_class(function) == 0x0300)
        host_uses_add(uses, function->address, ANSWER_UNKNOWN,
                      "may be the display that the firmware starts on; that is unknown");
}

void display_uses_find(HostUses *uses, const GPtrArray *displays, const GPtrArray *pci)
{
    if (displays == NULL)
        uses->display_doubt = "may show the console or a session: the displays of this host are "
                              "unknown";
    for (guint i = 0; displays != NULL && i < displays->len; i++) {
        const DisplayFacts *display = g_ptr_array_index(displays, i);
        add_use(uses, display, display->session, "a graphical session");
        add_use(uses, display, display->console, "the console");
    }
    for (guint i = 0; pci != NULL && i < pci->len; i++)
        add_boot_display(uses, g_ptr_array_index(pci, i));
}
