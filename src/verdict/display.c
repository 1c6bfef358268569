/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

/* Which cards show the console, somebody's session, or what the firmware draws. */

/* The function at ADDRESS shows the host's picture; WHAT says so. */
static void add_display(HostUses *uses, const char *address, Answer answer, const char *what)
{
    host_uses_add(uses, address, answer, what);
    g_hash_table_add(uses->verdict->displays, (gpointer)say(uses->verdict, "%s %s", address, what));
}

static void add_use(HostUses *uses, const DisplayFacts *display, Tri used, const char *what)
{
    const char *name = display->name != NULL ? display->name : "a display";

    if (used == TRI_NO)
        return;
    if (display->pci == NULL) {
        host_uses_doubt_display(uses,
                                say(uses->verdict,
                                    "The card of %s is unknown, which may show %s: any graphics "
                                    "card may be it",
                                    name, what));
    } else if (display->pci[0] == '\0') {
        return;
    } else if (used == TRI_YES) {
        add_display(uses, display->pci, ANSWER_NO, say(uses->verdict, "shows %s (%s)", what, name));
    } else {
        add_display(uses, display->pci, ANSWER_UNKNOWN,
                    say(uses->verdict, "may show %s (%s); that is unknown", what, name));
    }
}

static guint count_displays(const GPtrArray *pci)
{
    guint count = 0;

    for (guint i = 0; pci != NULL && i < pci->len; i++)
        count += class_is_display(pci_class(g_ptr_array_index(pci, i)));
    return count;
}

/* A card that is bound to vfio-pci has left the host already; where a frame buffer of the firmware
 * is still drawn on it, that is one of the displays. */
static void find_boot_display(HostUses *uses, const Facts *facts)
{
    const char *what = count_displays(facts->pci) == 1 && knows_all_functions(facts)
                           ? "is the display that the firmware starts on, and the only one of this "
                             "host, which has no picture while a guest has it (single-GPU mode)"
                           : "is the display that the firmware starts on";
    bool told = false, unknown = false;

    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        bool gone = is_for_guests(function->driver);
        told |= function->boot_vga == TRI_YES;
        if (!gone && function->boot_vga == TRI_YES)
            add_display(uses, function->address, ANSWER_NO, what);
        unknown |= !gone && function->boot_vga == TRI_UNKNOWN && pci_class(function) == 0x0300;
    }
    if (told || !unknown) /* there is one such display */
        return;
    HostObstacle *obstacle =
        obstacle_add(uses->verdict, "boot-display", ANSWER_UNKNOWN,
                     "It is unknown on which graphics card the firmware of this host starts");
    obstacle->what = "on which card the firmware starts";
    obstacle->command = "grep . /sys/bus/pci/devices/*/boot_vga";
    uses->boot = obstacle;
}

void display_uses_find(HostUses *uses, const Facts *facts)
{
    if (facts->displays == NULL)
        host_uses_doubt_display(uses, "The displays of this host are unknown: any graphics card "
                                      "may show the console or a session");
    for (guint i = 0; facts->displays != NULL && i < facts->displays->len; i++) {
        const DisplayFacts *display = g_ptr_array_index(facts->displays, i);
        add_use(uses, display, display->session, "a graphical session");
        add_use(uses, display, display->console, "the console");
    }
    find_boot_display(uses, facts);
}
