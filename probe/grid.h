/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "probe.h"

/* A screen of characters, each with the part that it plays, which decides its colours. */
enum { GRID_COLUMNS = 128, GRID_ROWS = 64 };

typedef enum {
    INK_TEXT,
    INK_LABEL,
    INK_TITLE,
    INKS,
} Ink;

typedef struct {
    UINTN columns, rows;                     /* that are used; at least 80 by 25 is wanted */
    char character[GRID_ROWS][GRID_COLUMNS]; /* printable ASCII */
    UINT8 ink[GRID_ROWS][GRID_COLUMNS];
} Grid;

/* Lays the summary out on COLUMNS by ROWS characters (or as many as a grid has). */
void grid_compose(Grid *grid, const Report *report, UINTN columns, UINTN rows);
