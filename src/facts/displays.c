/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "facts/place.h"
#include "facts/seat.h"

#include <string.h>

/* "card0", and not "card0-HDMI-A-1". */
static bool is_card(const char *name)
{
    return g_str_has_prefix(name, "card") && name[4] != '\0' &&
           strspn(name + 4, "0123456789") == strlen(name + 4);
}

/* The one function that the firmware draws on; NULL when it cannot be told. */
static const char *firmware_display(const Facts *facts)
{
    const PciFunction *function = facts_boot_display(facts);
    return function != NULL ? function->address : NULL;
}

/* A frame buffer that the firmware set up (efifb, vesafb, simpledrm) is a platform device; the PCI
 * function behind it is the firmware's display. */
static char *function_at(const Facts *facts, const char *place)
{
    if (strstr(place, "/platform/") != NULL || g_str_has_prefix(place, "sys/devices/platform/"))
        return g_strdup(firmware_display(facts));
    return place_pci_function(place);
}

static GStrv read_connected(const OsRoot *root, GStrv names, const char *card)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    gsize length = strlen(card);

    for (guint i = 0; names[i] != NULL; i++) {
        if (!g_str_has_prefix(names[i], card) || names[i][length] != '-')
            continue;
        g_autofree char *path = g_strdup_printf("sys/class/drm/%s/status", names[i]);
        g_autofree char *status = os_read_line(root, path);
        if (g_strcmp0(status, "connected") == 0)
            g_strv_builder_add(builder, names[i] + length + 1);
    }
    return g_strv_builder_end(builder);
}

static void add_cards(const OsRoot *root, Facts *facts)
{
    g_auto(GStrv) names = os_list(root, "sys/class/drm");
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename("sys/class/drm", names[i], NULL);
        g_autofree char *place = is_card(names[i]) ? os_resolve(root, path) : NULL;
        if (place == NULL)
            continue;
        DisplayFacts *display = display_facts_new();
        display->name = g_strdup(names[i]);
        display->pci = function_at(facts, place);
        display->connected = read_connected(root, names, names[i]);
        g_ptr_array_add(facts->displays, display);
    }
}

/* The display on the function PCI; a new one when there is none. */
static DisplayFacts *display_for(Facts *facts, const char *pci, const char *name)
{
    for (guint i = 0; i < facts->displays->len; i++) {
        DisplayFacts *display = g_ptr_array_index(facts->displays, i);
        if (pci != NULL && *pci != '\0' && g_strcmp0(display->pci, pci) == 0)
            return display;
    }
    DisplayFacts *display = display_facts_new();
    display->name = g_strdup(name);
    display->pci = g_strdup(pci);
    g_ptr_array_add(facts->displays, display);
    return display;
}

typedef enum {
    CONSOLE_UNKNOWN,
    CONSOLE_NONE,  /* a dummy and no frame buffer: serial console or none */
    CONSOLE_LATER, /* a dummy that gives way to the frame buffer at the first output */
    CONSOLE_TEXT,  /* VGA text mode */
    CONSOLE_FRAME_BUFFER,
} Console;

/* Linux Documentation/fb/fbcon.rst and Documentation/driver-api/console.rst. */
static Console read_console(const OsRoot *root, bool frame_buffer)
{
    g_auto(GStrv) names = os_list(root, "sys/class/vtconsole");
    Console console = CONSOLE_UNKNOWN;

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *name_path = g_strdup_printf("sys/class/vtconsole/%s/name", names[i]);
        g_autofree char *bind_path = g_strdup_printf("sys/class/vtconsole/%s/bind", names[i]);
        g_autofree char *name = os_read_line(root, name_path);
        if (name == NULL || os_read_tri(root, bind_path) != TRI_YES)
            continue;
        if (strstr(name, "frame buffer") != NULL)
            return CONSOLE_FRAME_BUFFER;
        if (strstr(name, "VGA") != NULL)
            console = CONSOLE_TEXT;
        else if (strstr(name, "dummy") != NULL && console == CONSOLE_UNKNOWN)
            console = frame_buffer ? CONSOLE_LATER : CONSOLE_NONE;
    }
    return console;
}

/* The kernel draws all its consoles on fb0 unless the command line says otherwise (fbcon=map:). */
static bool mapped_otherwise(const OsRoot *root)
{
    g_autofree char *line = os_read_line(root, "proc/cmdline");
    return line == NULL || strstr(line, "fbcon=map:") != NULL;
}

static void set_console(Facts *facts, DisplayFacts *carrier, Tri carries, Tri others)
{
    for (guint i = 0; i < facts->displays->len; i++) {
        DisplayFacts *display = g_ptr_array_index(facts->displays, i);
        display->console = display == carrier ? carries : others;
    }
}

static void mark_console(const OsRoot *root, Facts *facts)
{
    g_autofree char *place = os_resolve(root, "sys/class/graphics/fb0");
    g_autofree char *pci = place != NULL ? function_at(facts, place) : NULL;
    const char *firmware = firmware_display(facts);
    DisplayFacts *carrier = NULL;

    switch (read_console(root, place != NULL)) {
    case CONSOLE_NONE:
        set_console(facts, NULL, TRI_NO, TRI_NO);
        break;
    case CONSOLE_FRAME_BUFFER:
    case CONSOLE_LATER:
        if (place == NULL || mapped_otherwise(root))
            break;
        carrier = display_for(facts, pci, "fb0");
        bool now = read_console(root, true) == CONSOLE_FRAME_BUFFER;
        set_console(facts, carrier, now ? TRI_YES : TRI_UNKNOWN,
                    carrier->pci != NULL ? TRI_NO : TRI_UNKNOWN);
        break;
    case CONSOLE_TEXT:
        carrier = display_for(facts, firmware, "vga");
        set_console(facts, carrier, TRI_YES, firmware != NULL ? TRI_NO : TRI_UNKNOWN);
        break;
    case CONSOLE_UNKNOWN:
        break;
    }
}

/* The DRM number of "card1", which is also the minor number of its device node. */
static bool in_use_by(const SeatUse *use, const DisplayFacts *display)
{
    if (!is_card(display->name))
        return false;
    g_autofree char *number = g_strdup_printf("226:%s", display->name + 4);
    return g_hash_table_contains(use->devices, number);
}

/* NVIDIA's own X driver opens its nodes without asking logind. */
static bool may_hide(const Facts *facts, const DisplayFacts *display)
{
    const PciFunction *function = display->pci != NULL && *display->pci != '\0'
                                      ? facts_pci_function(facts, display->pci)
                                      : NULL;
    return function == NULL || function->driver == NULL || strcmp(function->driver, "nvidia") == 0;
}

static Tri session_on(const Facts *facts, const SeatUse *use, const DisplayFacts *display)
{
    if (use->graphical != TRI_YES)
        return use->graphical;
    if (in_use_by(use, display))
        return TRI_YES;
    if (facts->displays->len == 1)
        return TRI_YES;
    bool told = g_hash_table_size(use->devices) > 0 && !use->untold;
    return told && !may_hide(facts, display) ? TRI_NO : TRI_UNKNOWN;
}

void facts_collect_displays(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    if (!os_exists(root, "sys/class"))
        return;
    facts->displays = g_ptr_array_new_with_free_func((GDestroyNotify)display_facts_free);
    add_cards(root, facts);
    mark_console(root, facts);
    SeatUse use;
    seat_use_read(root, &use);
    for (guint i = 0; i < facts->displays->len; i++) {
        DisplayFacts *display = g_ptr_array_index(facts->displays, i);
        display->session = session_on(facts, &use, display);
    }
    seat_use_clear(&use);
}
