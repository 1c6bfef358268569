/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/grid.h"

#include "cli/text.h"

#include <libsmartcols.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int parent;
    char **cells; /* one a column; NULL: empty */
    Tone *tones;
} GridRow;

enum { LEAST_COLUMN = 12 };

struct Grid {
    const Output *output;
    const GridColumn *columns;
    guint count;
    GPtrArray *rows; /* of GridRow * */
    guint *widths;   /* of the columns, once they are laid out */
};

static void row_free(gpointer data)
{
    GridRow *row = data;
    g_strfreev(row->cells);
    g_free(row->tones);
    g_free(row);
}

Grid *grid_new(const Output *output, const GridColumn *columns, guint count)
{
    Grid *grid = g_new0(Grid, 1);
    grid->output = output;
    grid->columns = columns;
    grid->count = count;
    grid->rows = g_ptr_array_new_with_free_func(row_free);
    grid->widths = g_new0(guint, count);
    return grid;
}

int grid_line(Grid *grid, int parent)
{
    GridRow *row = g_new0(GridRow, 1);
    g_assert(parent < (int)grid->rows->len);
    row->parent = parent;
    row->cells = g_new0(char *, grid->count + 1);
    for (guint i = 0; i < grid->count; i++)
        row->cells[i] = g_strdup("");
    row->tones = g_new0(Tone, grid->count);
    g_ptr_array_add(grid->rows, row);
    return (int)grid->rows->len - 1;
}

void grid_cell(Grid *grid, guint column, Tone tone, const char *text)
{
    GridRow *row = g_ptr_array_index(grid->rows, grid->rows->len - 1);
    g_assert(column < grid->count);
    g_free(row->cells[column]);
    row->cells[column] = text != NULL ? text_printable(text) : g_strdup("");
    row->tones[column] = tone;
}

void grid_cell_format(Grid *grid, guint column, Tone tone, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    grid_cell(grid, column, tone, text);
}

/* How deep ROW hangs, and the columns that the branches of the tree take before it. */
static guint tree_width(const Grid *grid, const GridRow *row)
{
    guint width = 0;
    while (row->parent != GRID_TOP) {
        width += 2;
        row = g_ptr_array_index(grid->rows, row->parent);
    }
    return width;
}

/* The most of MEASURE over the cells of a column and its title. */
static guint widest_cell(const Grid *grid, guint column, guint (*measure)(const char *text))
{
    guint width = text_width(grid->columns[column].title);
    for (guint i = 0; i < grid->rows->len; i++) {
        const GridRow *row = g_ptr_array_index(grid->rows, i);
        guint branches = (grid->columns[column].flags & GRID_TREE) ? tree_width(grid, row) : 0;
        width = MAX(width, branches + measure(row->cells[column]));
    }
    return width;
}

/* How much text a column holds, in bytes. */
static gsize column_volume(const Grid *grid, guint column)
{
    gsize volume = 0;
    for (guint i = 0; i < grid->rows->len; i++)
        volume += strlen(((const GridRow *)g_ptr_array_index(grid->rows, i))->cells[column]);
    return volume;
}

/* The width that a column is to have of an even SHARE: less when another column holds far more
 * text, but room for its longest piece. */
static guint wanted_width(const Grid *grid, guint column, guint share, gsize most_volume)
{
    guint pieces = widest_cell(grid, column, text_widest_piece);
    bool light = column_volume(grid, column) < most_volume / 3;
    return light ? CLAMP(pieces, share * 3 / 4, share) : share;
}

/* The column that wraps and needs the least of those that have no width yet, or -1. */
static int next_to_wrap(const Grid *grid, const guint *needs)
{
    int next = -1;
    for (guint i = 0; i < grid->count; i++) {
        if (grid->widths[i] == 0 && (next == -1 || needs[i] < needs[next]))
            next = (int)i;
    }
    return next;
}

/* Columns that do not wrap get what they need; the others share the rest, each at most what it
 * needs, so that a narrow one leaves its share to a wide one. */
static void lay_out(Grid *grid)
{
    g_autofree guint *needs = g_new0(guint, grid->count);
    int left = (int)grid->output->width - (int)(grid->count - 1), wrapping = 0, column;
    gsize most_volume = 0;

    for (guint i = 0; i < grid->count; i++) {
        bool wraps = (grid->columns[i].flags & GRID_WRAP) != 0;
        needs[i] = MAX(widest_cell(grid, i, text_widest_line), 1);
        grid->widths[i] = wraps ? 0 : needs[i];
        left -= (int)grid->widths[i];
        wrapping += wraps;
        if (wraps)
            most_volume = MAX(most_volume, column_volume(grid, i));
    }
    while ((column = next_to_wrap(grid, needs)) != -1) {
        guint share = (guint)MAX(left / wrapping, LEAST_COLUMN);
        guint wanted = wanted_width(grid, (guint)column, share, most_volume);
        grid->widths[column] = MIN(needs[column], wanted);
        left -= (int)grid->widths[column];
        wrapping--;
    }
}

static struct libscols_table *new_table(const Grid *grid)
{
    struct libscols_table *table = scols_new_table();
    bool tree = false;

    scols_table_enable_colors(table, grid->output->color);
    scols_table_set_termforce(table, SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(table, 10000); /* the layout is ours */
    for (guint i = 0; i < grid->count; i++) {
        guint flags = grid->columns[i].flags;
        int scols_flags = ((flags & GRID_WRAP) ? SCOLS_FL_WRAP : 0) |
                          ((flags & GRID_RIGHT) ? SCOLS_FL_RIGHT : 0) |
                          ((flags & GRID_TREE) ? SCOLS_FL_TREE : 0);
        struct libscols_column *column =
            scols_table_new_column(table, grid->columns[i].title, grid->widths[i], scols_flags);
        if (flags & GRID_WRAP) {
            scols_column_set_safechars(column, "\n");
            scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
        }
        if (grid->output->color)
            scols_cell_set_color(scols_column_get_header(column),
                                 output_tone(grid->output, TONE_STRONG));
        tree = tree || (flags & GRID_TREE);
    }
    if (!g_get_charset(NULL))
        scols_table_enable_ascii(table, 1);
    return table;
}

static void fill_line(const Grid *grid, const GridRow *row, struct libscols_line *line)
{
    for (guint i = 0; i < grid->count; i++) {
        if (grid->columns[i].flags & GRID_WRAP) {
            g_autofree char *wrapped = text_wrap_hard(row->cells[i], grid->widths[i]);
            scols_line_set_data(line, i, wrapped);
        } else {
            scols_line_set_data(line, i, row->cells[i]);
        }
        const char *color = output_tone(grid->output, row->tones[i]);
        if (*color != '\0')
            scols_cell_set_color(scols_line_get_cell(line, i), color);
    }
}

/* Padding at the ends of lines, which smartcols leaves below the last line of a cell, goes. */
static void print_trimmed(const char *text)
{
    while (*text != '\0') {
        gsize length = strcspn(text, "\n"), shown = length;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        fwrite(text, 1, shown, stdout);
        fputc('\n', stdout);
        text += text[length] == '\n' ? length + 1 : length;
    }
}

void grid_print(Grid *grid)
{
    lay_out(grid);
    struct libscols_table *table = new_table(grid);
    g_autofree struct libscols_line **lines = g_new0(struct libscols_line *, grid->rows->len + 1);

    for (guint i = 0; i < grid->rows->len; i++) {
        const GridRow *row = g_ptr_array_index(grid->rows, i);
        lines[i] = scols_table_new_line(table, row->parent == GRID_TOP ? NULL : lines[row->parent]);
        fill_line(grid, row, lines[i]);
    }
    char *text = NULL;
    if (scols_print_table_to_string(table, &text) == 0)
        print_trimmed(text);
    free(text);
    scols_unref_table(table);
}

void grid_free(Grid *grid)
{
    if (grid == NULL)
        return;
    g_ptr_array_unref(grid->rows);
    g_free(grid->widths);
    g_free(grid);
}
