/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/dmi-placeholders.h"

Table *dmi_placeholders_load(void)
{
    static const char *const COLUMNS[] = {"text", "source", NULL};
    return table_load("dmi-placeholders.table", COLUMNS, NULL);
}

bool dmi_is_placeholder(const Table *placeholders, const char *text)
{
    for (guint row = 0; placeholders != NULL && row < placeholders->rows->len; row++) {
        if (g_ascii_strcasecmp(text, table_cell(placeholders, row, 0)) == 0)
            return true;
    }
    return false;
}
