/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/interface.h"

#include "base/error.h"

#include <string.h>

#define NAME_MAX_LENGTH 15

bool interface_check_name(const char *name, GError **error)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "._-";
    gsize length = strspn(name, LETTERS);
    if (length > 0 && name[length] == '\0' && length <= NAME_MAX_LENGTH && name[0] != '.' &&
        name[0] != '-')
        return true;
    g_autofree char *cut = g_strndup(name, 2 * NAME_MAX_LENGTH);
    g_autofree char *printable = g_strescape(cut, NULL);
    return fail(error, ERROR_INPUT,
                "\"%s\" cannot be the name of a network interface: it has 1 to %d letters, digits, "
                "'.', '_' and '-'.",
                printable, NAME_MAX_LENGTH);
}
