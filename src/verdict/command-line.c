/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * The kernel's command line (Linux Documentation/admin-guide/kernel-parameters.rst): arguments
 * with spaces between, which double quotes protect; '-' and '_' are the same in a name.
 */

/* The end of the argument at TEXT. */
static const char *argument_end(const char *text)
{
    bool quoted = false;

    for (; *text != '\0' && (quoted || !g_ascii_isspace(*text)); text++)
        quoted ^= *text == '"';
    return text;
}

static bool is_name(const char *text, const char *end, const char *name)
{
    for (; text < end && *text != '=' && *name != '\0'; text++, name++) {
        bool dash = (*text == '-' || *text == '_') && (*name == '-' || *name == '_');
        if (*text != *name && !dash)
            return false;
    }
    return *name == '\0' && (text == end || *text == '=');
}

/* "a b" of 'name="a b"' and of '"name=a b"' */
static char *value_of(const char *text, const char *end)
{
    const char *equals = memchr(text, '=', (gsize)(end - text));
    char *value = equals == NULL ? g_strdup("") : g_strndup(equals + 1, (gsize)(end - equals - 1));
    char *to = value;

    for (const char *from = value; *from != '\0'; from++) {
        if (*from != '"')
            *to++ = *from;
    }
    *to = '\0';
    return value;
}

char *kernel_argument(const KernelFacts *kernel, const char *name)
{
    const char *text = kernel->command_line;
    char *value = NULL;

    while (text != NULL && *text != '\0') {
        const char *start = text + (*text == '"');
        const char *end = argument_end(text);
        if (strncmp(text, "-- ", 3) == 0) /* what follows is init's */
            break;
        if (start < end && is_name(start, end, name)) {
            g_free(value);
            value = value_of(start, end);
        }
        for (text = end; g_ascii_isspace(*text); text++)
            ;
    }
    return value;
}

bool list_has(const char *value, const char *word)
{
    if (value == NULL)
        return false;
    g_auto(GStrv) words = g_strsplit(value, ",", -1);
    return g_strv_contains((const char *const *)words, word);
}

bool kernel_argument_has(const KernelFacts *kernel, const char *name, const char *word)
{
    g_autofree char *value = kernel_argument(kernel, name);
    return list_has(value, word);
}

const char *kernel_turns_iommu_off(const KernelFacts *kernel)
{
    static const char *const NAMES[] = {"iommu", "intel_iommu", "amd_iommu"};
    static const char *const ARGUMENTS[] = {"iommu=off", "intel_iommu=off", "amd_iommu=off"};

    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        if (kernel_argument_has(kernel, NAMES[i], "off"))
            return ARGUMENTS[i];
    }
    return NULL;
}
