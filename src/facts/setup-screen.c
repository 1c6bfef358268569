/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/setup-parts.h"

#include "facts/facts.h"

#include <string.h>

/* Bridges and buses nest less deeply. */
#define MOST_LEVELS 32

/* What the kernel's drivers for the firmware's picture call their memory: the generic code for
 * system frame buffers, efifb, vesafb, simplefb and simpledrm (Linux drivers/firmware/sysfb_*.c,
 * drivers/video/fbdev, drivers/gpu/drm/tiny). A card's own driver takes it away. */
static bool is_frame_buffer(const char *name)
{
    static const char *const NAMES[] = {
        "BOOTFB", "efifb", "vesafb", "simplefb", "simpledrm", "simple-framebuffer", NULL};
    return g_strv_contains(NAMES, name);
}

/* The PCI function that is nearest above LEVEL; NULL for none. */
static char *function_above(char *const *names, guint level)
{
    while (level-- > 0) {
        char *address = names[level] != NULL ? pci_address_full(names[level]) : NULL;
        if (address != NULL)
            return address;
    }
    return NULL;
}

/*
 * proc/iomem nests by indentation, two spaces a level; the addresses are zeros for all but root,
 * the names are not:
 *
 *     d0000000-dfffffff : PCI Bus 0000:0b
 *       d0000000-dfffffff : 0000:0b:00.0
 *         d0000000-d02fffff : BOOTFB
 */
static char *find_frame_buffer(const OsRoot *root)
{
    g_autofree char *text = os_read_text(root, "proc/iomem", NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);
    char *names[MOST_LEVELS] = {NULL};

    for (guint i = 0; lines[i] != NULL; i++) {
        gsize level = strspn(lines[i], " ") / 2;
        char *name = strstr(lines[i], " : ");
        if (name == NULL || level >= MOST_LEVELS)
            continue;
        name = g_strstrip(name + strlen(" : "));
        names[level] = name;
        char *address = is_frame_buffer(name) ? function_above(names, (guint)level) : NULL;
        if (address != NULL)
            return address;
    }
    return text != NULL && *text != '\0' ? g_strdup("") : NULL;
}

/* systemd-logind(8) and the distributions: the link to the one that is set up. */
static char *find_display_manager(const OsRoot *root)
{
    char *name = os_link_name(root, "etc/systemd/system/display-manager.service");
    if (name != NULL)
        return name;
    return os_exists(root, "etc/systemd/system") ? g_strdup("") : NULL;
}

void setup_read_screen(const OsRoot *root, ScreenSetup *screen)
{
    screen->boot_framebuffer = find_frame_buffer(root);
    screen->display_manager = find_display_manager(root);
}
