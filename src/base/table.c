/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/table.h"

#include "base/data.h"
#include "base/error.h"

#include <string.h>

/* TEXT..END without the white space around it, ended by NUL in place. */
static char *strip(char *text, char *end)
{
    while (text < end && g_ascii_isspace(*text))
        text++;
    while (end > text && g_ascii_isspace(end[-1]))
        end--;
    *end = '\0';
    return text;
}

/* Cuts LINE in place. CELLS has room for COLUMNS; how many there are is returned. */
static guint split_row(char *line, char **cells, guint columns)
{
    guint count = 0;
    for (char *end;; line = end + 1) {
        end = strchrnul(line, '|');
        bool last = *end == '\0';
        char *cell = strip(line, end);
        if (count < columns)
            cells[count] = cell;
        count++;
        if (last)
            return count;
    }
}

static bool check_header(const Table *table, char **cells, guint count, const char *const *columns,
                         GError **error)
{
    for (guint i = 0; i < table->columns; i++) {
        if (i >= count || strcmp(cells[i], columns[i]) != 0)
            return fail(error, ERROR_INPUT,
                        "Table '%s' has the wrong header: column %u should be '%s'.", table->name,
                        i + 1, columns[i]);
    }
    if (count > table->columns)
        return fail(error, ERROR_INPUT, "Table '%s' has the wrong header: column '%s' is unknown.",
                    table->name, cells[table->columns]);
    return true;
}

static bool add_line(Table *table, char *line, guint number, bool *header_seen,
                     const char *const *columns, GError **error)
{
    /* one more, so that a header with too many can be named */
    g_autofree char **cells = g_new(char *, table->columns + 1);
    guint count = split_row(line, cells, table->columns + 1);

    if (!*header_seen) {
        *header_seen = true;
        return check_header(table, cells, count, columns, error);
    }
    if (count != table->columns)
        return fail(error, ERROR_INPUT, "Line %u of table '%s' has %u cells; its header has %u.",
                    number, table->name, count, table->columns);
    g_ptr_array_add(table->rows, g_steal_pointer(&cells));
    g_array_append_val(table->lines, number);
    return true;
}

Table *table_parse(const char *text, const char *name, const char *const *columns, GError **error)
{
    g_autoptr(Table) table = g_new0(Table, 1);
    table->name = g_strdup(name);
    table->text = g_strdup(text);
    table->columns = g_strv_length((GStrv)columns);
    table->rows = g_ptr_array_new_with_free_func(g_free);
    table->lines = g_array_new(FALSE, FALSE, sizeof(guint));

    bool header_seen = false;
    guint number = 0;
    for (char *at = table->text, *end; *at != '\0'; at = end) {
        end = strchrnul(at, '\n');
        char *next = *end == '\0' ? end : end + 1;
        char *line = strip(at, end);
        number++;
        if (line[0] != '\0' && line[0] != '#' &&
            !add_line(table, line, number, &header_seen, columns, error))
            return NULL;
        end = next;
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
    g_free(table->text);
    g_clear_pointer(&table->rows, g_ptr_array_unref);
    g_clear_pointer(&table->lines, g_array_unref);
    g_free(table);
}
