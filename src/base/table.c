/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/table.h"

#include "base/data.h"
#include "base/error.h"

#include <string.h>

static GStrv split_row(const char *line)
{
    GStrv cells = g_strsplit(line, "|", -1);
    for (char **cell = cells; *cell != NULL; cell++)
        g_strstrip(*cell);
    return cells;
}

static bool check_header(const Table *table, GStrv cells, const char *const *columns,
                         GError **error)
{
    for (guint i = 0; i < table->columns; i++) {
        if (cells[i] == NULL || strcmp(cells[i], columns[i]) != 0)
            return fail(error, ERROR_INPUT,
                        "Table '%s' has the wrong header: column %u should be '%s'.", table->name,
                        i + 1, columns[i]);
    }
    if (cells[table->columns] != NULL)
        return fail(error, ERROR_INPUT, "Table '%s' has the wrong header: column '%s' is unknown.",
                    table->name, cells[table->columns]);
    return true;
}

static bool add_line(Table *table, const char *line, guint number, bool *header_seen,
                     const char *const *columns, GError **error)
{
    g_auto(GStrv) cells = split_row(line);

    if (!*header_seen) {
        *header_seen = true;
        return check_header(table, cells, columns, error);
    }
    if (g_strv_length(cells) != table->columns)
        return fail(error, ERROR_INPUT, "Line %u of table '%s' has %u cells; its header has %u.",
                    number, table->name, g_strv_length(cells), table->columns);
    g_ptr_array_add(table->rows, g_steal_pointer(&cells));
    g_array_append_val(table->lines, number);
    return true;
}

Table *table_parse(const char *text, const char *name, const char *const *columns, GError **error)
{
    g_autoptr(Table) table = g_new0(Table, 1);
    table->name = g_strdup(name);
    table->columns = g_strv_length((GStrv)columns);
    table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    table->lines = g_array_new(FALSE, FALSE, sizeof(guint));

    bool header_seen = false;
    guint number = 0;
    while (*text != '\0') {
        const char *end = strchrnul(text, '\n');
        g_autofree char *line = g_strstrip(g_strndup(text, (gsize)(end - text)));
        number++;
        if (line[0] != '\0' && line[0] != '#' &&
            !add_line(table, line, number, &header_seen, columns, error))
            return NULL;
        text = *end == '\0' ? end : end + 1;
    }
    if (!header_seen)
        return fail_null(error, ERROR_INPUT, "Table '%s' is empty: it has no header.", name);
    return g_steal_pointer(&table);
}

Table *table_load(const char *name, const char *const *columns, GError **error)
{
    const char *text = data_text(name, error);
    return text == NULL ? NULL : table_parse(text, name, columns, error);
}

const char *table_cell(const Table *table, guint row, guint column)
{
    g_return_val_if_fail(row < table->rows->len && column < table->columns, "");
    char **cells = g_ptr_array_index(table->rows, row);
    return cells[column];
}

void table_free(Table *table)
{
    if (table == NULL)
        return;
    g_free(table->name);
    g_clear_pointer(&table->rows, g_ptr_array_unref);
    g_clear_pointer(&table->lines, g_array_unref);
    g_free(table);
}
