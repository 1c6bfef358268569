/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/setting.h"

#include "base/error.h"

#include <string.h>

static const char SIGNS[] = {[SETTING_SHELL] = '=', [SETTING_EQUALS] = '=', [SETTING_COLON] = ':'};

static gsize line_length(const char *line)
{
    return strcspn(line, "\n");
}

/* Where the value begins on the LINE when it assigns NAME; NULL when it does not. */
static const char *assigned(const char *line, SettingForm form, const char *name)
{
    line += strspn(line, " \t");
    if (form == SETTING_SHELL && g_str_has_prefix(line, "export "))
        line += strspn(line + 6, " \t") + 6;
    if (!g_str_has_prefix(line, name))
        return NULL;
    line += strlen(name);
    if (form != SETTING_SHELL)
        line += strspn(line, " \t");
    if (*line != SIGNS[form])
        return NULL;
    line++;
    return form == SETTING_SHELL ? line : line + strspn(line, " \t");
}

static bool refuse(const char *name, GError **error)
{
    return fail(error, ERROR_REFUSED,
                "What is assigned to '%s' is more than a plain value, so it is not changed. Change "
                "it by hand.",
                name);
}

/* A shell's value: up to its closing quote, or up to white space. */
static bool shell_value(const char *text, const char *value, const char *name,
                        SettingValue *ret_value, GError **error)
{
    char quote = *value == '"' || *value == '\'' ? *value : '\0';
    const char *start = value + (quote != '\0');
    const char end_marks[] = {quote, '\n', '\0'};
    gsize length = strcspn(start, quote != '\0' ? end_marks : " \t\n;#");
    const char *behind = start + length + (quote != '\0');
    bool closed = quote == '\0' || start[length] == quote;
    for (gsize i = 0; i < length; i++)
        if (start[i] == '\\' || start[i] == '`' || (start[i] == '$' && start[i + 1] == '(') ||
            (quote == '\0' && (start[i] == '"' || start[i] == '\'')))
            return refuse(name, error);
    if (!closed || (*behind != '\0' && strchr(" \t\n;#", *behind) == NULL))
        return refuse(name, error);
    *ret_value = (SettingValue){(gsize)(start - text), length, quote};
    return true;
}

/* What is between quotes with them, or the rest of the line without white space at its end and
 * without a comment behind a space. */
static SettingValue plain_value(const char *text, const char *value)
{
    gsize length = line_length(value);
    const char *quote = *value == '"' ? memchr(value + 1, '"', length - 1) : NULL;
    if (quote != NULL)
        length = (gsize)(quote - value) + 1;
    for (gsize i = 1; quote == NULL && i < length; i++)
        if (value[i] == '#' && g_ascii_isspace(value[i - 1]))
            length = i;
    while (length > 0 && g_ascii_isspace(value[length - 1]))
        length--;
    return (SettingValue){(gsize)(value - text), length, '\0'};
}

bool setting_find(const char *text, SettingForm form, const char *name, bool *ret_found,
                  SettingValue *ret_value, GError **error)
{
    bool found = false;
    for (const char *line = text; *line != '\0'; line += line_length(line)) {
        line += *line == '\n';
        const char *value = assigned(line, form, name);
        if (value == NULL)
            continue;
        found = true;
        if (form != SETTING_SHELL)
            *ret_value = plain_value(text, value);
        else if (!shell_value(text, value, name, ret_value, error))
            return false;
    }
    *ret_found = found;
    return true;
}

char *setting_get(const char *text, SettingForm form, const char *name, GError **error)
{
    bool found = false;
    SettingValue value;
    if (!setting_find(text, form, name, &found, &value, error) || !found)
        return NULL;
    return g_strndup(text + value.start, value.length);
}

static bool check_value(SettingForm form, char quote, const char *name, const char *value,
                        GError **error)
{
    const char *bad = form != SETTING_SHELL ? "\n\r" : quote == '\'' ? "\n\r'" : "\n\r\"\\`";
    if (strpbrk(value, bad) == NULL && (form != SETTING_SHELL || strstr(value, "$(") == NULL) &&
        g_utf8_validate(value, -1, NULL))
        return true;
    g_autofree char *shown = g_strescape(value, NULL);
    return fail(error, ERROR_INPUT, "'%s' cannot be assigned to '%s': it would not stay one value.",
                shown, name);
}

static char *new_line(SettingForm form, const char *name, const char *value)
{
    switch (form) {
    case SETTING_SHELL:
        return g_strdup_printf("%s=\"%s\"\n", name, value);
    case SETTING_EQUALS:
        return g_strdup_printf("%s = %s\n", name, value);
    case SETTING_COLON:
        break;
    }
    return g_strdup_printf("%s: %s\n", name, value);
}

/* The end of the first line that is the assignment behind a `#`; the text's end without one. */
static gsize place_for(const char *text, SettingForm form, const char *name)
{
    for (const char *line = text; *line != '\0'; line += line_length(line)) {
        line += *line == '\n';
        const char *content = line + strspn(line, " \t");
        if (*content == '#' && assigned(content + 1, form, name) != NULL) {
            const char *end = line + line_length(line);
            return (gsize)(end - text) + (*end == '\n');
        }
    }
    return strlen(text);
}

static char *insert(const char *text, SettingForm form, const char *name, const char *value)
{
    g_autofree char *line = new_line(form, name, value);
    gsize at = place_for(text, form, name);
    bool newline = at == 0 || text[at - 1] == '\n';
    return g_strdup_printf("%.*s%s%s%s", (int)at, text, newline ? "" : "\n", line, text + at);
}

char *setting_set(const char *text, SettingForm form, const char *name, const char *value,
                  GError **error)
{
    bool found = false;
    SettingValue place = {0};
    text = text != NULL ? text : "";
    if (!setting_find(text, form, name, &found, &place, error) ||
        !check_value(form, place.quote, name, value, error))
        return NULL;
    if (!found)
        return insert(text, form, name, value);
    bool quote = form == SETTING_SHELL && place.quote == '\0' && strpbrk(value, " \t;#") != NULL;
    return g_strdup_printf("%.*s%s%s%s%s", (int)place.start, text, quote ? "\"" : "", value,
                           quote ? "\"" : "", text + place.start + place.length);
}
