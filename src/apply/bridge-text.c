/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/bridge.h"

#include <string.h>

/* The name in "[NAME]"; NULL when LINE is no header. The caller owns it. */
static char *header_name(const char *line)
{
    g_autofree char *text = g_strstrip(g_strdup(line));
    gsize length = strlen(text);
    if (text[0] != '[' || text[length - 1] != ']')
        return NULL;
    return g_strndup(text + 1, length - 2);
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

char *sections_of(const char *text, const char *const *names, bool others)
{
    GString *found = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool wanted = false;
    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *name = header_name(lines[i]);
        if (name != NULL) {
            wanted = g_strv_contains(names, name) != others;
            if (wanted)
                g_string_append_c(found, '\n');
        }
        if (wanted && !is_blank(lines[i]))
            g_string_append_printf(found, "%s\n", lines[i]);
    }
    return g_string_free(found, FALSE);
}

/* The value when LINE is "KEY = VALUE". The caller owns it. */
static char *value_on(const char *line, const char *key)
{
    const char *equals = strchr(line, '=');
    if (equals == NULL)
        return NULL;
    g_autofree char *name = g_strstrip(g_strndup(line, (gsize)(equals - line)));
    return strcmp(name, key) == 0 ? g_strstrip(g_strdup(equals + 1)) : NULL;
}

char *section_value(const char *text, const char *name, const char *key)
{
    const char *const names[] = {name, NULL};
    g_autofree char *section = sections_of(text, names, false);
    return line_value(section, key);
}

char *line_value(const char *text, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        char *value = value_on(lines[i], key);
        if (value != NULL)
            return value;
    }
    return NULL;
}
