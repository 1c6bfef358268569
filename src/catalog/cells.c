/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/cells.h"

#include "base/error.h"
#include "base/size.h"

#include <string.h>

bool row_fail(const Row *row, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return fail(error, ERROR_INPUT, "Line %u of table '%s': %s",
                g_array_index(row->table->lines, guint, row->row), row->table->name, what);
}

bool row_text(const Row *row, guint column, const char **ret_text, GError **error)
{
    const char *text = table_cell(row->table, row->row, column);
    if (text[0] == '\0')
        return row_fail(row, error, "'%s' is empty.", row->columns[column]);
    *ret_text = text;
    return true;
}

bool row_id(const Row *row, guint column, const char **ret_id, GError **error)
{
    const char *id = table_cell(row->table, row->row, column);
    bool good = g_ascii_islower(id[0]) && !g_str_has_suffix(id, "-") && strstr(id, "--") == NULL;
    for (const char *c = id; good && *c != '\0'; c++)
        good = g_ascii_islower(*c) || g_ascii_isdigit(*c) || *c == '-';
    if (!good)
        return row_fail(row, error, "'%s' says '%s', which is no id.", row->columns[column], id);
    *ret_id = id;
    return true;
}

bool row_pci_id(const Row *row, guint column, int *ret_id, GError **error)
{
    const char *text = table_cell(row->table, row->row, column);
    if (strlen(text) != 4 || strspn(text, "0123456789abcdef") != 4)
        return row_fail(row, error, "'%s' says '%s', which is no id of four hexadecimal digits.",
                        row->columns[column], text);
    *ret_id = (int)g_ascii_strtoull(text, NULL, 16);
    return true;
}

bool row_integer(const Row *row, guint column, int min, int max, int *ret_number, GError **error)
{
    const char *text = table_cell(row->table, row->row, column);
    gint64 number = 0;
    if (!g_ascii_string_to_signed(text, 10, min, max, &number, NULL))
        return row_fail(row, error, "'%s' says '%s', which is no number from %d to %d.",
                        row->columns[column], text, min, max);
    *ret_number = (int)number;
    return true;
}

bool row_size(const Row *row, guint column, gint64 *ret_bytes, GError **error)
{
    const char *text = table_cell(row->table, row->row, column);
    guint64 bytes = 0;
    if (!size_parse(text, &bytes, NULL) || bytes == 0)
        return row_fail(row, error, "'%s' says '%s', which is no size.", row->columns[column],
                        text);
    *ret_bytes = (gint64)bytes;
    return true;
}

bool row_yes_no(const Row *row, guint column, bool *ret_yes, GError **error)
{
    static const char *const WORDS[] = {"yes", "no", NULL};
    const char *word;
    if (!row_one_of(row, column, WORDS, &word, error))
        return false;
    *ret_yes = strcmp(word, "yes") == 0;
    return true;
}

bool row_words(const Row *row, guint column, GStrv *ret_words, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit(table_cell(row->table, row->row, column), " ", -1);

    for (char **part = parts; *part != NULL; part++) {
        if ((*part)[0] == '\0')
            continue;
        if (g_strv_contains((const char *const *)(part + 1), *part))
            return row_fail(row, error, "'%s' says '%s' twice.", row->columns[column], *part);
        g_strv_builder_add(builder, *part);
    }
    *ret_words = g_strv_builder_end(builder);
    return true;
}

bool row_list(const Row *row, guint column, const char *separator, GStrv *ret_texts, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(table_cell(row->table, row->row, column), separator, -1);

    for (char **part = parts; *part != NULL; part++) {
        if (*g_strstrip(*part) == '\0')
            return row_fail(row, error, "'%s' has an empty part.", row->columns[column]);
    }
    if (parts[0] == NULL)
        return row_fail(row, error, "'%s' is empty.", row->columns[column]);
    *ret_texts = g_steal_pointer(&parts);
    return true;
}

bool row_one_of(const Row *row, guint column, const char *const *words, const char **ret_word,
                GError **error)
{
    const char *text = table_cell(row->table, row->row, column);
    if (!g_strv_contains(words, text)) {
        g_autofree char *all = g_strjoinv(", ", (GStrv)words);
        return row_fail(row, error, "'%s' says '%s'; it may be: %s.", row->columns[column], text,
                        all);
    }
    *ret_word = text;
    return true;
}
