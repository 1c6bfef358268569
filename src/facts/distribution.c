/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "base/table.h"
#include "facts/os-release.h"

#include <string.h>

/* The value of an assignment: quotes may stand anywhere in it, a backslash takes the next character
 * as it is outside single quotes, and white space outside quotes ends it. */
static char *unquote(const char *text)
{
    GString *value = g_string_new(NULL);
    char quote = '\0';

    for (; *text != '\0'; text++) {
        if (quote == '\0' && g_ascii_isspace(*text))
            break;
        if (quote == '\0' && (*text == '"' || *text == '\''))
            quote = *text;
        else if (quote != '\0' && *text == quote)
            quote = '\0';
        else if (*text == '\\' && quote != '\'' && text[1] != '\0')
            g_string_append_c(value, *++text);
        else
            g_string_append_c(value, *text);
    }
    return g_string_free(value, FALSE);
}

GHashTable *os_release_parse(const char *text)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = lines[i] + strspn(lines[i], " \t");
        const char *equals = strchr(line, '=');
        if (*line == '#' || equals == NULL || equals == line)
            continue;
        g_hash_table_insert(values, g_strndup(line, (gsize)(equals - line)), unquote(equals + 1));
    }
    return values;
}

static char *value_of(GHashTable *values, const char *name)
{
    const char *value = g_hash_table_lookup(values, name);
    return value != NULL && *value != '\0' ? g_strdup(value) : NULL;
}

/* Whether the system's files are replaced as a whole and not edited in place. */
static Tri find_immutable(const OsRoot *root, const char *id)
{
    static const char *const COLUMNS[] = {"sign", "value", "source", NULL};
    g_autoptr(Table) table = table_load("immutable-systems.table", COLUMNS, NULL);

    for (guint row = 0; table != NULL && row < table->rows->len; row++) {
        const char *sign = table_cell(table, row, 0), *value = table_cell(table, row, 1);
        if (strcmp(sign, "path") == 0 && os_exists(root, value))
            return TRI_YES;
        if (strcmp(sign, "id") == 0 && g_strcmp0(id, value) == 0)
            return TRI_YES;
    }
    return table != NULL && id != NULL ? TRI_NO : TRI_UNKNOWN;
}

void facts_collect_distribution(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    DistributionFacts *distribution = &facts->distribution;
    g_autofree char *text = os_read_text(root, "etc/os-release", NULL);
    if (text == NULL)
        text = os_read_text(root, "usr/lib/os-release", NULL);
    g_autoptr(GHashTable) values = os_release_parse(text != NULL ? text : "");

    distribution->id = value_of(values, "ID");
    distribution->version = value_of(values, "VERSION_ID");
    distribution->name = value_of(values, "PRETTY_NAME");
    if (distribution->name == NULL)
        distribution->name = value_of(values, "NAME");
    if (text != NULL) {
        const char *like = g_hash_table_lookup(values, "ID_LIKE");
        g_auto(GStrv) names = g_strsplit(like != NULL ? like : "", " ", -1);
        g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
        for (guint i = 0; names[i] != NULL; i++) {
            if (*names[i] != '\0')
                g_strv_builder_add(builder, names[i]);
        }
        distribution->like = g_strv_builder_end(builder);
        /* os-release(5): without ID it is "linux". */
        if (distribution->id == NULL)
            distribution->id = g_strdup("linux");
    }
    distribution->immutable = find_immutable(root, distribution->id);
}
