/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/choices.h"

#include <string.h>

/*
 * Changing one line of a machine file, so that what the person wrote around it stays: comments,
 * order, blank lines.
 */

typedef struct {
    const char *group, *key;
    const char *value; /* NULL: any */
} Wanted;

/* Where something is in the text; both 0: nowhere. */
typedef struct {
    gsize start, end;
} Span;

static bool is_header(const char *line, const char *group)
{
    gsize length = strlen(group);
    return line[0] == '[' && strncmp(line + 1, group, length) == 0 &&
           strcmp(line + 1 + length, "]") == 0;
}

static bool is_wanted(const char *line, const Wanted *wanted)
{
    const char *equals = *line != '#' ? setting_equals(line) : NULL;
    if (equals == NULL)
        return false;
    g_autofree char *key = g_strchomp(g_strndup(line, (gsize)(equals - line)));
    g_autofree char *value = g_strchug(g_strdup(equals + 1));
    return strcmp(key, wanted->key) == 0 &&
           (wanted->value == NULL || strcmp(value, wanted->value) == 0);
}

/* The last line that is wanted; RET_SECTION gets the end of its section's last line that is not
 * blank. */
static Span find_line(const char *text, const Wanted *wanted, gsize *ret_section)
{
    Span found = {0, 0};
    bool inside = false;

    *ret_section = 0;
    for (const char *at = text, *next; *at != '\0'; at = next) {
        const char *end = strchrnul(at, '\n');
        next = *end == '\0' ? end : end + 1;
        g_autofree char *line = g_strstrip(g_strndup(at, (gsize)(end - at)));
        if (*line == '[')
            inside = is_header(line, wanted->group);
        if (!inside || *line == '\0')
            continue;
        *ret_section = (gsize)(next - text);
        if (is_wanted(line, wanted))
            found = (Span){(gsize)(at - text), (gsize)(next - text)};
    }
    return found;
}

static char *replace(const char *text, Span span, const char *with)
{
    GString *out = g_string_new_len(text, (gssize)span.start);
    if (*with != '\0' && out->len > 0 && out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
    g_string_append(out, with);
    g_string_append(out, text + span.end);
    return g_string_free(out, FALSE);
}

static char *add_line(const char *text, const char *group, gsize section, const char *line)
{
    if (section > 0)
        return replace(text, (Span){section, section}, line);
    gsize end = strlen(text);
    g_autofree char *whole = g_strdup_printf("%s[%s]\n%s", end > 0 ? "\n" : "", group, line);
    return replace(text, (Span){end, end}, whole);
}

char *machine_file_set(const char *text, const char *group, const char *key, const char *value)
{
    gsize section;
    const Wanted wanted = {group, key, NULL};
    Span span = find_line(text, &wanted, &section);
    g_autofree char *line = setting_line(group, key, value);
    return span.end > 0 ? replace(text, span, line) : add_line(text, group, section, line);
}

char *machine_file_add(const char *text, const char *group, const char *key, const char *value)
{
    gsize section;
    const Wanted wanted = {group, key, NULL};
    find_line(text, &wanted, &section);
    g_autofree char *line = setting_line(group, key, value);
    return add_line(text, group, section, line);
}

char *machine_file_remove(const char *text, const char *group, const char *key, const char *value)
{
    gsize section;
    const Wanted wanted = {group, key, value};
    Span span = find_line(text, &wanted, &section);
    return span.end > 0 ? replace(text, span, "") : g_strdup(text);
}
