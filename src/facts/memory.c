/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include <string.h>

/* The number after NAME at the start of a line of proc/meminfo, times UNIT. */
static gint64 meminfo_value(char *const *lines, const char *name, gint64 unit)
{
    gsize length = strlen(name);

    for (; *lines != NULL; lines++) {
        if (strncmp(*lines, name, length) != 0 || (*lines)[length] != ':')
            continue;
        guint64 value;
        g_autofree char *text = g_strstrip(g_strdup(*lines + length + 1));
        text[strcspn(text, " ")] = '\0';
        if (!g_ascii_string_to_unsigned(text, 10, 0, (guint64)(G_MAXINT64 / unit), &value, NULL))
            return UNKNOWN;
        return (gint64)value * unit;
    }
    return UNKNOWN;
}

/* proc_meminfo(5): "kB" means 1024 bytes there. */
void facts_collect_memory(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    g_autofree char *text = os_read_text(root, "proc/meminfo", NULL);
    if (text == NULL)
        return;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    facts->memory.total = meminfo_value(lines, "MemTotal", 1024);
    facts->memory.available = meminfo_value(lines, "MemAvailable", 1024);
    facts->memory.huge_page_size = meminfo_value(lines, "Hugepagesize", 1024);
    facts->memory.huge_pages = meminfo_value(lines, "HugePages_Total", 1);
}
