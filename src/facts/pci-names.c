/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/pci-names.h"

#include "facts/facts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Where Debian, Fedora and Arch keep it; hwdata's package moved it. */
static const char *const PLACES[] = {
    "usr/share/misc/pci.ids",
    "usr/share/hwdata/pci.ids",
    "usr/share/pci.ids",
    "run/current-system/sw/share/pci.ids",
};

static int compare_ids(gconstpointer left, gconstpointer right)
{
    const PciFunction *a = *(PciFunction *const *)left, *b = *(PciFunction *const *)right;
    return a->vendor != b->vendor ? (a->vendor > b->vendor) - (a->vendor < b->vendor)
                                  : (a->device > b->device) - (a->device < b->device);
}

/* The first of the functions, sorted by ids, that is not before VENDOR and DEVICE. */
static guint lower_bound(const GPtrArray *sorted, int vendor, int device)
{
    guint low = 0, high = sorted->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        const PciFunction *function = g_ptr_array_index(sorted, middle);
        if (function->vendor < vendor || (function->vendor == vendor && function->device < device))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Four hexadecimal digits and two spaces at the start of LINE, or UNKNOWN. */
static int line_id(const char *line, gsize length)
{
    int id = 0;

    if (length < 7 || line[4] != ' ' || line[5] != ' ')
        return UNKNOWN;
    for (guint i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value(line[i]);
        if (digit < 0)
            return UNKNOWN;
        id = id * 16 + digit;
    }
    return id;
}

static char *line_name(const char *line, gsize length)
{
    return g_strstrip(g_strndup(line + 6, length - 6));
}

static void name_vendor(const GPtrArray *sorted, guint first, int vendor, const char *name)
{
    for (guint i = first; i < sorted->len; i++) {
        PciFunction *function = g_ptr_array_index(sorted, i);
        if (function->vendor != vendor)
            return;
        if (function->vendor_name == NULL)
            function->vendor_name = g_strdup(name);
    }
}

static void name_device(const GPtrArray *sorted, int vendor, int device, const char *line,
                        gsize length)
{
    for (guint i = lower_bound(sorted, vendor, device); i < sorted->len; i++) {
        PciFunction *function = g_ptr_array_index(sorted, i);
        if (function->vendor != vendor || function->device != device)
            return;
        if (function->device_name == NULL)
            function->device_name = line_name(line, length);
    }
}

/* Whether any function is of the vendor that LINE names; then those get its name. */
static bool take_vendor(const GPtrArray *sorted, const char *line, gsize length, int vendor)
{
    guint first = lower_bound(sorted, vendor, UNKNOWN);
    if (first == sorted->len ||
        ((const PciFunction *)g_ptr_array_index(sorted, first))->vendor != vendor)
        return false;
    g_autofree char *name = line_name(line, length);
    name_vendor(sorted, first, vendor, name);
    return true;
}

typedef struct {
    const GPtrArray *sorted;
    int vendor; /* the one that the lines belong to, when it is needed */
} Search;

/* False when all vendors are through. */
static bool take_line(Search *search, const char *line, gsize length)
{
    if (length < 2)
        return true;
    if (*line == '\t') {
        int device = search->vendor == UNKNOWN ? UNKNOWN : line_id(line + 1, length - 1);
        if (device != UNKNOWN)
            name_device(search->sorted, search->vendor, device, line + 1, length - 1);
    } else if (*line == 'C' && line[1] == ' ') {
        return false; /* the classes come after all vendors */
    } else if (*line != '#') {
        int found = line_id(line, length);
        bool needed = found != UNKNOWN && take_vendor(search->sorted, line, length, found);
        search->vendor = needed ? found : UNKNOWN;
    }
    return true;
}

/* Takes the whole lines of TEXT; how many bytes they are, or 0 when there is no more to come. */
static gsize take_lines(Search *search, const char *text, gsize length)
{
    const char *line = text, *end;

    while ((end = memchr(line, '\n', length - (gsize)(line - text))) != NULL) {
        if (!take_line(search, line, (gsize)(end - line)))
            return 0;
        line = end + 1;
    }
    return (gsize)(line - text);
}

/* The file has more than a megabyte, of which a few lines are wanted: it is read in pieces. A line
 * that is longer than a piece ends the search. */
static void search_file(Search *search, int fd)
{
    enum { PIECE = 64 * 1024 };
    g_autofree char *piece = g_malloc(PIECE);
    gsize filled = 0;

    for (;;) {
        ssize_t count = read(fd, piece + filled, PIECE - filled);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        filled += (gsize)count;
        gsize used = take_lines(search, piece, filled);
        if (used == 0)
            return;
        filled -= used;
        memmove(piece, piece + used, filled);
    }
}

void pci_names_fill(const OsRoot *root, GPtrArray *functions)
{
    int fd = -1;

    for (guint i = 0; i < G_N_ELEMENTS(PLACES) && fd < 0; i++)
        fd = os_open(root, PLACES[i]);
    if (fd < 0)
        return;
    g_autoptr(GPtrArray) sorted = g_ptr_array_copy(functions, NULL, NULL);
    g_ptr_array_set_free_func(sorted, NULL);
    g_ptr_array_sort(sorted, compare_ids);
    Search search = {sorted, UNKNOWN};
    search_file(&search, fd);
    close(fd);
}
