/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/pci-resources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BAR_COUNT = 6,
    FLAG_IO = 0x100,
    FLAG_MEMORY = 0x200,
    FLAG_PREFETCHABLE = 0x2000,
    FLAG_MEMORY_64 = 0x100000,
    FLAG_UNSET = 0x20000000,
};

enum {
    EXTENDED_START = 0x100,
    EXTENDED_END = 0x1000,
    CAPABILITY_RESIZABLE_BAR = 0x15,
};

typedef struct {
    guint64 start, size, flags;
} Resource;

static bool take_number(const char **text, guint64 *ret_number)
{
    char *end;

    *text += strspn(*text, " \t");
    if (!g_str_has_prefix(*text, "0x") || !g_ascii_isxdigit((*text)[2]))
        return false;
    errno = 0;
    *ret_number = g_ascii_strtoull(*text, &end, 16);
    *text = end;
    return errno == 0;
}

static bool take_resource(const char **text, Resource *resource)
{
    guint64 end;

    if (!take_number(text, &resource->start) || !take_number(text, &end) ||
        !take_number(text, &resource->flags) || **text != '\n')
        return false;
    (*text)++;
    /* what cannot be a size that a device decodes is as good as no line */
    if (end < resource->start || end > (guint64)G_MAXINT64 - 1)
        return false;
    resource->size = resource->flags == 0 ? 0 : end - resource->start + 1;
    return true;
}

static void add_bar(GArray *bars, int index, const Resource *resource)
{
    PciBar bar = {
        .index = index,
        .prefetchable = (resource->flags & FLAG_PREFETCHABLE) != 0,
        .size = resource->size,
        .unassigned = (resource->flags & FLAG_UNSET) != 0,
    };
    if ((resource->flags & (FLAG_IO | FLAG_MEMORY)) == 0)
        return;
    if ((resource->flags & FLAG_IO) != 0)
        bar.kind = BAR_IO;
    else
        bar.kind = (resource->flags & FLAG_MEMORY_64) != 0 ? BAR_MEMORY_64 : BAR_MEMORY_32;
    /* what has no place is written as if it began at 0 */
    bar.address = bar.unassigned ? 0 : resource->start;
    g_array_append_val(bars, bar);
}

void pci_resources_parse(const char *text, PciFunction *function)
{
    g_autoptr(GArray) bars = g_array_new(FALSE, FALSE, sizeof(PciBar));
    Resource resource;

    for (int i = 0; i < BAR_COUNT; i++) {
        if (!take_resource(&text, &resource))
            return;
        add_bar(bars, i, &resource);
    }
    if (!take_resource(&text, &resource))
        return;
    function->rom_size = (gint64)resource.size;
    function->bars = g_steal_pointer(&bars);
}

/* Configuration space is little-endian. False when it ends before OFFSET or may not be read. */
static bool read_config(int fd, guint offset, guint32 *ret_value)
{
    guint32 value;
    if (pread(fd, &value, sizeof value, offset) != sizeof value)
        return false;
    *ret_value = GUINT32_FROM_LE(value);
    return true;
}

/* Each header: 16 bits of id, 4 of version, 12 of the next header's offset. */
static Tri walk_capabilities(int fd)
{
    guint offset = EXTENDED_START;
    guint32 header;

    /* without the right to it, reads end at byte 64; without PCI Express, the space ends at 256 */
    if (!read_config(fd, 0x40, &header))
        return TRI_UNKNOWN;
    for (guint left = (EXTENDED_END - EXTENDED_START) / 8; left > 0; left--) {
        if (!read_config(fd, offset, &header))
            return offset == EXTENDED_START ? TRI_NO : TRI_UNKNOWN;
        if (header == G_MAXUINT32)
            return TRI_UNKNOWN; /* the device does not answer */
        if ((header & 0xffff) == CAPABILITY_RESIZABLE_BAR)
            return TRI_YES;
        offset = header >> 20 & 0xffc;
        if (offset < EXTENDED_START)
            return TRI_NO;
    }
    return TRI_UNKNOWN;
}

static bool has_memory_bar(const PciFunction *function)
{
    for (guint i = 0; i < function->bars->len; i++) {
        if (g_array_index(function->bars, PciBar, i).kind != BAR_IO)
            return true;
    }
    return false;
}

static bool has_resize_file(const OsRoot *folder, const PciFunction *function)
{
    for (guint i = 0; i < function->bars->len; i++) {
        g_autofree char *name =
            g_strdup_printf("resource%d_resize", g_array_index(function->bars, PciBar, i).index);
        if (os_exists(folder, name))
            return true;
    }
    return false;
}

Tri pci_resizable_bar(const OsRoot *folder, const PciFunction *function)
{
    if (function->bars == NULL)
        return TRI_UNKNOWN;
    if (!has_memory_bar(function))
        return TRI_NO;
    if (has_resize_file(folder, function))
        return TRI_YES;

    g_autofree char *power = os_read_line(folder, "power_state");
    if (g_strcmp0(power, "D3cold") == 0)
        return TRI_UNKNOWN;
    int fd = os_open(folder, "config");
    if (fd < 0)
        return TRI_UNKNOWN;
    Tri answer = walk_capabilities(fd);
    close(fd);
    return answer;
}
