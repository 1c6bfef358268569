/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/resolver.h"

#include "base/error.h"
#include "plan/arguments.h"

#include <string.h>

/*
 * rEFInd reads the arguments of the kernels beside it from lines of the form "TITLE" "ARGUMENTS"
 * (https://www.rodsbooks.com/refind/linux.html, "refind_linux.conf").
 */
#define FILE_NAME "/boot/refind_linux.conf"

/* The titles of mkrlconf(8) for entries that are to start whatever the others do. */
static const char *const RESCUE[] = {"single-user", "minimal", "fallback", "rescue"};

/* The second quoted text of LINE; false when there is none. */
static bool second_text(const char *line, const char **ret_start, gsize *ret_length)
{
    line += strspn(line, " \t");
    const char *end = *line == '"' ? strchr(line + 1, '"') : NULL;
    const char *start = end != NULL ? end + 1 + strspn(end + 1, " \t") : NULL;
    const char *close = start != NULL && *start == '"' ? strchr(start + 1, '"') : NULL;
    if (close == NULL)
        return false;
    g_autofree char *title = g_strndup(line, (gsize)(end - line));
    for (guint i = 0; i < G_N_ELEMENTS(RESCUE); i++)
        if (strstr(title, RESCUE[i]) != NULL)
            return false;
    *ret_start = start + 1;
    *ret_length = (gsize)(close - start - 1);
    return true;
}

static bool keeps(const Resolver *resolver)
{
    return resolver_started_by(resolver, "refind") && os_exists(resolver->host->root, FILE_NAME);
}

static bool lines(const Resolver *resolver, GPtrArray *list, GError **error)
{
    g_autofree char *text = NULL;
    const char *start = NULL;
    gsize length = 0;
    if (!resolver_read(resolver, FILE_NAME, &text, error))
        return false;
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    for (guint i = 0; all[i] != NULL; i++)
        if (second_text(all[i], &start, &length))
            g_ptr_array_add(list, g_strndup(start, length));
    return true;
}

static char *edit_text(const char *text, const ArgumentEdit *argument, GError **error)
{
    g_auto(GStrv) all = g_strsplit(text, "\n", -1);
    for (guint i = 0; all[i] != NULL; i++) {
        const char *start = NULL;
        gsize length = 0;
        if (!second_text(all[i], &start, &length))
            continue;
        g_autofree char *old = g_strndup(start, length);
        g_autofree char *new = argument_edit(argument, old);
        char *line =
            g_strdup_printf("%.*s%s%s", (int)(start - all[i]), all[i], new, start + length);
        g_free(all[i]);
        all[i] = line;
    }
    return g_strjoinv("\n", all);
}

static bool edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                 GError **error)
{
    return resolver_edit(resolver, FILE_NAME, edit_text, argument, change, error);
}

const BootLoader BOOT_REFIND = {.name = "rEFInd", .keeps = keeps, .lines = lines, .edit = edit};
