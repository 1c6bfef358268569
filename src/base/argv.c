/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/argv.h"

#include <stdbool.h>
#include <string.h>

static const char SAFE_LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789@%+=:,./_-";

char *argv_line(const char *const *argv)
{
    GString *line = g_string_new(NULL);
    for (guint i = 0; argv[i] != NULL; i++) {
        bool safe = argv[i][0] != '\0' && argv[i][strspn(argv[i], SAFE_LETTERS)] == '\0';
        g_autofree char *quoted = safe ? g_strdup(argv[i]) : g_shell_quote(argv[i]);
        g_string_append_printf(line, "%s%s", i > 0 ? " " : "", quoted);
    }
    return g_string_free(line, FALSE);
}
