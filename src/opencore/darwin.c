/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/darwin.h"

#include <glib.h>

int darwin_parse(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ".", -1);
    guint count = g_strv_length(parts);
    int version = 0;

    if (count < 1 || count > 3)
        return -1;
    for (guint i = 0; i < 3; i++) {
        guint64 part = 0;
        if (i < count && !g_ascii_string_to_unsigned(parts[i], 10, 0, 99, &part, NULL))
            return -1;
        version = version * 100 + (int)part;
    }
    return version;
}
