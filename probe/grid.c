/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grid.h"

enum {
    LABELS = 12,     /* columns of the labels */
    MAX_LINES = 4,   /* of a section, but for the PCI functions */
    PCI_COLUMN = 34, /* "0000:00:1f.2 8086:2922 storage" and a gap */
};

typedef struct {
    Grid *grid;
    UINTN row;
} Pen;

static UINTN length_of(const char *string)
{
    UINTN length = 0;
    while (string[length] != '\0')
        length++;
    return length;
}

static void put(Pen *pen, UINTN column, const char *bytes, UINTN length, Ink ink)
{
    Grid *grid = pen->grid;
    for (UINTN i = 0; i < length && column + i < grid->columns && pen->row < grid->rows; i++) {
        grid->character[pen->row][column + i] = bytes[i];
        grid->ink[pen->row][column + i] = (UINT8)ink;
    }
}

static void put_string(Pen *pen, UINTN column, const char *string, Ink ink)
{
    put(pen, column, string, length_of(string), ink);
}

/* Takes the next line of TEXT from *AT; false at its end. */
static bool next_line(const Text *text, UINTN *at, const char **ret_line, UINTN *ret_length)
{
    if (*at >= text->length)
        return false;
    *ret_line = text->bytes + *at;
    for (*ret_length = 0; *at < text->length && text->bytes[*at] != '\n'; (*at)++)
        (*ret_length)++;
    (*at)++;
    return true;
}

static void put_number(Pen *pen, UINTN column, const char *before, UINTN number, const char *after)
{
    Text text = {0};
    text_string(&text, before);
    text_decimal(&text, number);
    text_string(&text, after);
    put(pen, column, text.bytes, text.length, INK_TEXT);
    if (text.bytes != NULL)
        bs->FreePool(text.bytes);
}

/* Rows that the end of the screen needs: an empty one and the last line. */
static bool is_full(const Pen *pen)
{
    return pen->row + 2 >= pen->grid->rows;
}

static void put_section(Pen *pen, const char *label, const Text *lines)
{
    const char *line;
    UINTN length, at = 0, shown = 0, hidden = 0;

    put_string(pen, 1, label, INK_LABEL);
    if (lines->length == 0) {
        put_string(pen, LABELS, "none", INK_TEXT);
        pen->row++;
        return;
    }
    while (next_line(lines, &at, &line, &length)) {
        if (shown == MAX_LINES || is_full(pen)) {
            hidden++;
            continue;
        }
        put(pen, LABELS, line, length, INK_TEXT);
        pen->row++;
        shown++;
    }
    if (hidden > 0 && !is_full(pen)) {
        put_number(pen, LABELS, "and ", hidden, " more");
        pen->row++;
    }
}

/* As many functions as fit in the rows that are left, in columns. */
static void put_functions(Pen *pen, const Report *report)
{
    const char *line;
    UINTN length, at = 0, shown = 0;
    UINTN columns = (pen->grid->columns - LABELS) / PCI_COLUMN;
    UINTN top, rows;

    put_string(pen, 1, "PCI", INK_LABEL);
    put_number(pen, LABELS, "", report->functions, " functions");
    top = ++pen->row;
    if (columns == 0 || is_full(pen))
        return;
    rows = pen->grid->rows - 2 - top;
    while (shown < rows * columns && next_line(&report->pci, &at, &line, &length)) {
        pen->row = top + shown % rows;
        put(pen, LABELS + shown / rows * PCI_COLUMN, line, length, INK_TEXT);
        shown++;
    }
}

static void put_title(Pen *pen)
{
    for (UINTN column = 0; column < pen->grid->columns; column++)
        put(pen, column, " ", 1, INK_TITLE);
    put_string(pen, 1, "Rootstock preflight    " PROBE_VERSION, INK_TITLE);
    pen->row += 2;
}

void grid_compose(Grid *grid, const Report *report, UINTN columns, UINTN rows)
{
    Pen pen = {grid, 0};

    grid->columns = columns < GRID_COLUMNS ? columns : GRID_COLUMNS;
    grid->rows = rows < GRID_ROWS ? rows : GRID_ROWS;
    bs->SetMem(grid->character, sizeof(grid->character), ' ');
    bs->SetMem(grid->ink, sizeof(grid->ink), INK_TEXT);
    put_title(&pen);
    put_section(&pen, "Processor", &report->processor);
    put_section(&pen, "Memory", &report->memory);
    put_section(&pen, "Displays", &report->displays);
    put_section(&pen, "Disks", &report->disks);
    put_section(&pen, "Networks", &report->networks);
    put_functions(&pen, report);
    pen.row = grid->rows - 1;
    put_string(&pen, 1, "This guest will power itself off.", INK_LABEL);
}
