/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/size.h"

#include "base/error.h"

#include <string.h>

static const char UNITS[] = "KMGT";

static bool parse_unit(const char *unit, guint *ret_shift)
{
    if (*unit == '\0') {
        *ret_shift = 0;
        return true;
    }
    const char *found = strchr(UNITS, g_ascii_toupper(*unit));
    if (found == NULL)
        return false;
    if (unit[1] != '\0' && g_ascii_strcasecmp(unit + 1, "B") != 0 &&
        g_ascii_strcasecmp(unit + 1, "iB") != 0)
        return false;
    *ret_shift = 10 * ((guint)(found - UNITS) + 1);
    return true;
}

bool size_parse(const char *text, guint64 *ret_bytes, GError **error)
{
    gsize digits = strspn(text, "0123456789");
    guint shift = 0;
    if (digits == 0 || digits > 19 || !parse_unit(text + digits, &shift))
        return fail(error, ERROR_INPUT,
                    "'%s' is not a size. Write a whole number and K, M, G or T, such as 16G.",
                    text);

    g_autofree char *number = g_strndup(text, digits);
    guint64 value = g_ascii_strtoull(number, NULL, 10);
    if (value > ((guint64)G_MAXINT64 >> shift))
        return fail(error, ERROR_INPUT, "The size '%s' is too large to count in bytes.", text);
    *ret_bytes = value << shift;
    return true;
}

char *size_exact(guint64 bytes)
{
    guint unit = 0;
    while (unit < 4 && bytes != 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    if (unit == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT, bytes);
    return g_strdup_printf("%" G_GUINT64_FORMAT "%c", bytes, UNITS[unit - 1]);
}

char *size_human(guint64 bytes)
{
    guint unit = 0;
    double value = (double)bytes;
    while (unit < 4 && value >= 1024) {
        value /= 1024;
        unit++;
    }
    if (unit == 0)
        return g_strdup_printf("%" G_GUINT64_FORMAT " B", bytes);
    return g_strdup_printf(value < 10 && value != (double)(int)value ? "%.1f %ciB" : "%.0f %ciB",
                           value, UNITS[unit - 1]);
}
