/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/seat.h"

#include <string.h>

/* Major number of DRM device nodes, and the first minor that is no card (render nodes). */
#define DRM_PREFIX "226:"
#define FIRST_CONTROL_MINOR 64

/* The value of KEY in TEXT ("KEY=value" a line), or NULL. */
static char *property(char *const *lines, const char *key)
{
    gsize length = strlen(key);
    for (guint i = 0; lines[i] != NULL; i++) {
        if (strncmp(lines[i], key, length) == 0 && lines[i][length] == '=')
            return g_strdup(lines[i] + length + 1);
    }
    return NULL;
}

/* Adds the cards that the session took; false when it took none. */
static bool add_cards(SeatUse *use, char *const *lines)
{
    g_autofree char *line = property(lines, "DEVICES");
    g_auto(GStrv) numbers = g_strsplit(line != NULL ? line : "", " ", -1);
    bool any = false;

    for (guint i = 0; numbers[i] != NULL; i++) {
        if (!g_str_has_prefix(numbers[i], DRM_PREFIX))
            continue;
        if (g_ascii_strtoull(numbers[i] + strlen(DRM_PREFIX), NULL, 10) >= FIRST_CONTROL_MINOR)
            continue;
        g_hash_table_add(use->devices, g_strdup(numbers[i]));
        any = true;
    }
    return any;
}

static void read_session(const OsRoot *root, const char *name, SeatUse *use)
{
    g_autofree char *path = g_build_filename("run/systemd/sessions", name, NULL);
    g_autofree char *text = os_read_text(root, path, NULL);
    if (text == NULL) {
        use->graphical = use->graphical == TRI_YES ? TRI_YES : TRI_UNKNOWN;
        return;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *type = property(lines, "TYPE");
    g_autofree char *seat = property(lines, "SEAT");
    bool cards = add_cards(use, lines);
    bool screen = g_strcmp0(type, "x11") == 0 || g_strcmp0(type, "wayland") == 0 ||
                  g_strcmp0(type, "mir") == 0;
    if (!cards && !(screen && seat != NULL))
        return;
    use->graphical = TRI_YES;
    use->untold = use->untold || !cards;
}

/* An X server that logind knows nothing of (startx without it, another login manager). */
static bool x_server_runs(const OsRoot *root)
{
    g_auto(GStrv) sockets = os_list(root, "tmp/.X11-unix");
    return sockets != NULL && sockets[0] != NULL;
}

void seat_use_read(const OsRoot *root, SeatUse *ret_use)
{
    g_auto(GStrv) names = os_list(root, "run/systemd/sessions");
    *ret_use = (SeatUse){.graphical = names != NULL ? TRI_NO : TRI_UNKNOWN};
    ret_use->devices = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        if (strchr(names[i], '.') == NULL) /* "4.ref" is a FIFO */
            read_session(root, names[i], ret_use);
    }
    if (ret_use->graphical == TRI_NO && x_server_runs(root))
        ret_use->graphical = TRI_UNKNOWN;
}

void seat_use_clear(SeatUse *use)
{
    g_hash_table_unref(use->devices);
}
