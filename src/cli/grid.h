/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/output.h"

#include <glib.h>

/*
 * Tables and trees on standard output, by libsmartcols. Columns that may wrap share what the others
 * leave of the width; nothing is cut off.
 *
 *     static const GridColumn COLUMNS[] = {{"RELEASE", 0}, {"WHY", GRID_WRAP}};
 *     g_autoptr(Grid) grid = grid_new(output, COLUMNS, G_N_ELEMENTS(COLUMNS));
 *     grid_line(grid, GRID_TOP);
 *     grid_cell(grid, 0, TONE_PLAIN, "sonoma");
 *     grid_print(grid);
 */
enum {
    GRID_WRAP = 1 << 0,  /* the text may be broken into lines */
    GRID_RIGHT = 1 << 1, /* numbers */
    GRID_TREE = 1 << 2,  /* lines hang on their parents here */
};

enum { GRID_TOP = -1 };

typedef struct {
    const char *title;
    guint flags;
} GridColumn;

typedef struct Grid Grid;

/* COLUMNS must outlive the grid. */
Grid *grid_new(const Output *output, const GridColumn *columns, guint count);

/* Begins a line below PARENT, the number of an earlier line, or GRID_TOP. Returns its number. */
int grid_line(Grid *grid, int parent);

/* Sets a cell of the newest line. */
void grid_cell(Grid *grid, guint column, Tone tone, const char *text);
void grid_cell_format(Grid *grid, guint column, Tone tone, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

void grid_print(Grid *grid);
void grid_free(Grid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Grid, grid_free)
