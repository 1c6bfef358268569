/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/netplan-text.h"

#include "base/error.h"

#include <string.h>

static gsize indent_of(const char *line)
{
    return strspn(line, " ");
}

/* A line that says nothing. */
static bool is_empty(const char *line)
{
    const char *text = line + strspn(line, " \t\r");
    return *text == '\0' || *text == '#' || g_str_has_prefix(text, "---");
}

/* The key of "KEY: VALUE" at INDENT, without quotes; RET_VALUE is behind the colon. NULL when the
 * line is none. The caller owns it. */
static char *key_of(const char *line, gsize indent, const char **ret_value)
{
    if (is_empty(line) || indent_of(line) != indent || line[indent] == '-')
        return NULL;
    const char *begin = line + indent;
    char quote = *begin == '"' || *begin == '\'' ? *begin : '\0';
    const char *end = quote != '\0' ? strchr(begin + 1, quote) : begin + strcspn(begin, ": ");
    if (end == NULL)
        return NULL;
    const char *colon = end + (quote != '\0') + strspn(end + (quote != '\0'), " ");
    if (*colon != ':')
        return NULL;
    *ret_value = colon + 1;
    begin += quote != '\0';
    return g_strndup(begin, (gsize)(end - begin));
}

static bool is_bare(const char *value)
{
    value += strspn(value, " \t\r");
    return *value == '\0' || *value == '#';
}

/* Behind the last line of what begins at line AT with INDENT: a list may stand at the same indent.
 */
static guint end_of(char *const *lines, guint at, guint last, gsize indent)
{
    guint end = at + 1;
    for (guint i = end; i < last; i++) {
        if (is_empty(lines[i]))
            continue;
        if (indent_of(lines[i]) < indent ||
            (indent_of(lines[i]) == indent && lines[i][indent] != '-'))
            break;
        end = i + 1;
    }
    return end;
}

/* The indent of the first line that says something; G_MAXSIZE when none does. */
static gsize indent_below(char *const *lines, guint first, guint end)
{
    for (guint i = first; i < end; i++)
        if (!is_empty(lines[i]))
            return indent_of(lines[i]);
    return G_MAXSIZE;
}

static bool refuse(const char *line, GError **error)
{
    g_autofree char *text = g_strstrip(g_strdup(line));
    return fail(error, ERROR_REFUSED,
                "the line '%s' is written in a way that is not understood here (only keys one "
                "below the other, indented by spaces)",
                text);
}

/* Finds KEY among the lines FIRST to END, and narrows these to what is below it. RET_HEADER gets
 * its line, G_MAXUINT: it is not there. */
static bool descend(char *const *lines, const char *key, guint *first, guint *end,
                    guint *ret_header, GError **error)
{
    gsize indent = indent_below(lines, *first, *end);
    *ret_header = G_MAXUINT;
    for (guint i = *first; i < *end; i++) {
        const char *value = NULL;
        g_autofree char *found = key_of(lines[i], indent, &value);
        if (g_strcmp0(found, key) != 0)
            continue;
        if (!is_bare(value))
            return refuse(lines[i], error);
        *ret_header = i;
        *end = end_of(lines, i, *end, indent);
        *first = i + 1;
        return true;
    }
    return true;
}

/* References to other places of the file, which cannot be moved; and tabs. */
static bool check_lines(const NetplanCard *card, GError **error)
{
    for (guint i = card->first; i < card->end; i++)
        if (!is_empty(card->lines[i]) &&
            (strchr(card->lines[i], '\t') != NULL || strstr(card->lines[i], " &") != NULL ||
             strstr(card->lines[i], " *") != NULL || strstr(card->lines[i], "<<:") != NULL))
            return refuse(card->lines[i], error);
    return true;
}

bool netplan_card_find(const char *text, const char *id, bool *ret_found, NetplanCard *ret_card,
                       GError **error)
{
    const char *const path[] = {"network", "ethernets", id};
    *ret_card = (NetplanCard){.lines = g_strsplit(text, "\n", -1), .header = 0};
    ret_card->end = g_strv_length(ret_card->lines);
    *ret_found = false;
    for (guint i = 0; i < G_N_ELEMENTS(path); i++) {
        if (!descend(ret_card->lines, path[i], &ret_card->first, &ret_card->end, &ret_card->header,
                     error))
            return false;
        if (ret_card->header == G_MAXUINT)
            return true;
    }
    *ret_found = true;
    ret_card->indent = indent_below(ret_card->lines, ret_card->first, ret_card->end);
    if (ret_card->indent == G_MAXSIZE)
        ret_card->indent = indent_of(ret_card->lines[ret_card->header]) + 2;
    return check_lines(ret_card, error);
}

void netplan_card_clear(NetplanCard *card)
{
    g_strfreev(card->lines);
    card->lines = NULL;
}

GStrv netplan_card_keys(const NetplanCard *card)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    for (guint i = card->first; i < card->end; i++) {
        const char *value = NULL;
        g_autofree char *key = key_of(card->lines[i], card->indent, &value);
        if (key != NULL)
            g_strv_builder_add(builder, key);
    }
    return g_strv_builder_end(builder);
}

char *netplan_card_part(const NetplanCard *card, const char *key, guint indent)
{
    for (guint i = card->first; i < card->end; i++) {
        const char *value = NULL;
        g_autofree char *found = key_of(card->lines[i], card->indent, &value);
        if (g_strcmp0(found, key) != 0)
            continue;
        GString *text = g_string_new(NULL);
        guint end = end_of(card->lines, i, card->end, card->indent);
        for (guint j = i; j < end; j++)
            if (!is_empty(card->lines[j]))
                g_string_append_printf(text, "%*s%s\n", (int)indent, "",
                                       card->lines[j] + card->indent);
        return g_string_free(text, FALSE);
    }
    return NULL;
}

char *netplan_card_without(const NetplanCard *card, const char *const *keys)
{
    g_autoptr(GPtrArray) left = g_ptr_array_new_with_free_func(g_free);
    guint dropped_until = 0;
    for (guint i = 0; card->lines[i] != NULL; i++) {
        const char *value = NULL;
        bool within = i >= card->first && i < card->end;
        g_autofree char *key = within ? key_of(card->lines[i], card->indent, &value) : NULL;
        if (key != NULL && g_strv_contains(keys, key))
            dropped_until = end_of(card->lines, i, card->end, card->indent);
        if (i >= dropped_until)
            g_ptr_array_add(left, g_strdup(card->lines[i]));
        if (i == card->header)
            g_ptr_array_add(left, g_strdup_printf("%*sdhcp4: false", (int)card->indent, ""));
    }
    g_ptr_array_add(left, NULL);
    return g_strjoinv("\n", (GStrv)left->pdata);
}
