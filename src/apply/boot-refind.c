/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/boot-entries.h"

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
    if (!resolver_read(resolver, FILE_NAME, &text, error))
        return false;
    g_auto(GStrv) values = values_of(text, second_text);
    for (guint i = 0; values[i] != NULL; i++)
        g_ptr_array_add(list, g_strdup(values[i]));
    return true;
}

static char *edit_text(const char *text, const ArgumentEdit *argument, GError **error)
{
    return values_edit(text, second_text, argument, false);
}

static bool edit(const Resolver *resolver, const ArgumentEdit *argument, Change *change,
                 GError **error)
{
    return resolver_edit(resolver, FILE_NAME, edit_text, argument, change, error);
}

const BootLoader BOOT_REFIND = {.name = "rEFInd", .keeps = keeps, .lines = lines, .edit = edit};
