/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/*
 * lspci -t, with -v and -n (pciutils, ls-tree.c):
 *
 *     -+-[10000:e0]-+-06.0-[e1]----00.0  Intel Corporation NVMe Datacenter SSD
 *      |            \-1d.0  Intel Corporation Device
 *      \-[0000:00]-+-00.0  Intel Corporation Host Bridge [8086:3e30]
 *                  +-01.0-[01]--+-00.0  NVIDIA Corporation GP104 [10de:1b80]
 *                  |            \-00.1  NVIDIA Corporation GP104 Audio [10de:10f0]
 *                  \-1c.0-[02-03]----00.0-[03]--
 *
 * A bus is known by the column of its first branch. Where the columns do not agree (the white space
 * was lost) the tree says nothing more.
 */

typedef struct {
    gsize column;
    bool root; /* buses hang here, not functions */
    guint domain, bus;
    char *bridge; /* address; "" on a root bus */
} Level;

struct PasteTree {
    GArray *levels; /* of Level, by column */
};

enum { DEPTH_MAX = 64 };

static void clear_level(gpointer level)
{
    g_free(((Level *)level)->bridge);
}

void paste_tree_free(PasteTree *tree)
{
    g_array_unref(tree->levels);
    g_free(tree);
}

static void push(PasteTree *tree, Level level)
{
    GArray *levels = tree->levels;
    while (levels->len > 0 && g_array_index(levels, Level, levels->len - 1).column >= level.column)
        g_array_set_size(levels, levels->len - 1);
    level.bridge = g_strdup(level.bridge);
    if (levels->len < DEPTH_MAX)
        g_array_append_val(levels, level);
    else
        g_free(level.bridge);
}

static const Level *find(const PasteTree *tree, gsize column)
{
    for (guint i = 0; i < tree->levels->len; i++) {
        const Level *level = &g_array_index(tree->levels, Level, i);
        if (level->column == column)
            return level;
    }
    return NULL;
}

/* "[0000:00]" at TEXT. */
static const char *read_root(const char *text, guint *ret_domain, guint *ret_bus)
{
    gsize digits = *text == '[' ? strspn(text + 1, "0123456789abcdefABCDEF") : 0;
    if (digits < 4 || digits > 8 || text[1 + digits] != ':')
        return NULL;
    const char *bus = text + 2 + digits;
    if (!g_ascii_isxdigit(bus[0]) || !g_ascii_isxdigit(bus[1]) || bus[2] != ']')
        return NULL;
    *ret_domain = (guint)strtoul(text + 1, NULL, 16);
    *ret_bus = (guint)strtoul(bus, NULL, 16);
    return bus + 3;
}

/* "[01]" or "[02-03]" at TEXT: the first bus behind a bridge. */
static const char *read_behind(const char *text, guint *ret_bus)
{
    if (*text != '[' || !g_ascii_isxdigit(text[1]) || !g_ascii_isxdigit(text[2]))
        return NULL;
    const char *end = text + 3;
    if (*end == '-' && g_ascii_isxdigit(end[1]) && g_ascii_isxdigit(end[2]))
        end += 3;
    *ret_bus = (guint)strtoul(text + 1, NULL, 16);
    return *end == ']' ? end + 1 : NULL;
}

static void take_name(Paste *paste, PciFunction *function, const char *text)
{
    const char *ids = NULL;
    int vendor = UNKNOWN, device = UNKNOWN;

    text += strspn(text, " \t");
    if (paste_ids(text, &vendor, &device, NULL))
        ids = text;
    for (const char *at = strchr(text, '['); at != NULL; at = strchr(at + 1, '[')) {
        if (paste_ids(at, &vendor, &device, NULL))
            ids = at;
    }
    paste_int(paste, &function->vendor, vendor);
    paste_int(paste, &function->device, device);
    g_autofree char *name = ids != NULL ? g_strndup(text, (gsize)(ids - text)) : g_strdup(text);
    if (*g_strstrip(name) != '\0')
        paste_name(function, name);
}

/* "01.0-[01]--+-00.0  NVIDIA ..." at TEXT, on the bus of LEVEL; WHOLE is the line. */
static bool take_branch(Paste *paste, const char *whole, const char *text, Level level)
{
    g_autofree char *bridge = g_strdup(level.bridge);

    for (guint depth = 0; depth < DEPTH_MAX; depth++) {
        if (!g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]) || text[2] != '.' ||
            text[3] < '0' || text[3] > '7')
            return depth > 0;
        g_autofree char *place = g_strdup_printf("%04x:%02x:%.4s", level.domain, level.bus, text);
        const char *rest;
        g_autofree char *address = paste_address(place, &rest);
        PciFunction *function = address != NULL ? paste_function(paste, address) : NULL;
        if (function == NULL)
            return false;
        paste_text(paste, &function->parent, bridge);
        text += 4;
        const char *behind = *text == '-' ? read_behind(text + 1, &level.bus) : NULL;
        if (behind == NULL) {
            if (g_ascii_isspace(*text))
                take_name(paste, function, text);
            return true;
        }
        paste_bus(paste, function, (int)level.bus);
        g_free(bridge);
        bridge = g_strdup(address);
        text = behind + strspn(behind, "-");
        level.bridge = bridge;
        if (*text == '+' && text[1] == '-') {
            level.column = (gsize)(text - whole);
            push(paste->tree, level);
            text += 2;
        }
    }
    return true;
}

/* What hangs at a root: "[0000:00]-+-00.0" at TEXT. */
static bool take_root(Paste *paste, const char *whole, const char *text)
{
    char none[] = "";
    Level level = {0, false, 0, 0, none};
    const char *rest = read_root(text, &level.domain, &level.bus);
    if (rest == NULL)
        return false;
    rest += strspn(rest, "-");
    if (*rest == '+' && rest[1] == '-') {
        level.column = (gsize)(rest - whole);
        push(paste->tree, level);
        rest += 2;
    }
    take_branch(paste, whole, rest, level);
    return true;
}

static bool begin(Paste *paste, const char *whole, const char *text)
{
    guint number;
    bool several = g_str_has_prefix(text, "-+-[");

    if (read_root(text + (several ? 3 : 1), &number, &number) == NULL)
        return false;
    if (paste->tree == NULL) {
        paste->tree = g_new0(PasteTree, 1);
        paste->tree->levels = g_array_new(FALSE, FALSE, sizeof(Level));
        g_array_set_clear_func(paste->tree->levels, clear_level);
    }
    g_array_set_size(paste->tree->levels, 0);
    if (several) {
        Level level = {(gsize)(text + 1 - whole), true, 0, 0, NULL};
        push(paste->tree, level);
    }
    return take_root(paste, whole, text + (several ? 3 : 1));
}

static void end(Paste *paste)
{
    g_clear_pointer(&paste->tree, paste_tree_free);
}

bool paste_take_tree(Paste *paste, const PasteLine *line)
{
    const char *whole = line->whole, *text = whole + strspn(whole, " \t|>#");

    if (*text == '-' && (text[1] == '[' || text[1] == '+') && begin(paste, whole, text)) {
        paste->recognised = true;
        return true;
    }
    if (paste->tree == NULL)
        return false;
    const Level *level = find(paste->tree, (gsize)(text - whole));
    if (level == NULL || strchr("+\\-`", *text) == NULL || *text == '\0') {
        end(paste);
        return false;
    }
    /* the backslash before the last branch is often lost */
    const char *rest = text[1] == '-' ? text + 2 : text + 1;
    bool taken =
        level->root ? take_root(paste, whole, rest) : take_branch(paste, whole, rest, *level);
    if (!taken)
        end(paste);
    return taken;
}
