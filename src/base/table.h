/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The tables of data/: text that people edit, one row a line.
 *
 *     # a comment
 *     id     | name         | source
 *     sonoma | macOS Sonoma | where the row's facts come from
 *
 * The first line that is neither empty nor a comment names the columns. Cells are separated by `|`
 * and stripped of white space; there is no quoting, and an empty cell is the empty string.
 *
 *     g_autoptr(Table) table = table_load("releases.table", columns, &error);
 *     for (guint row = 0; row < table->rows->len; row++)
 *         puts(table_cell(table, row, 1));
 */
typedef struct {
    char *name;      /* the file's name, for messages */
    char *text;      /* what the cells are in */
    guint columns;   /* number of columns */
    GPtrArray *rows; /* of char ** with `columns` cells each */
    GArray *lines;   /* of guint: the line number of each row, from 1 */
} Table;

/*
 * Parses TEXT. COLUMNS (ended by NULL) are the names that the header must have, in that order.
 * A row with another number of cells is an error that names the line (ERROR_INPUT).
 */
Table *table_parse(const char *text, const char *name, const char *const *columns, GError **error);

/* The same for a table that is embedded in the program from data/ (NAME without the folder). */
Table *table_load(const char *name, const char *const *columns, GError **error);

/* Cell COLUMN (from 0) of ROW; owned by the table. */
const char *table_cell(const Table *table, guint row, guint column);

void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)
