/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/diff.h"

#include <string.h>

#define AROUND 3

/* The table of the longest common part has a cell for each pair of lines; beyond this many pairs
 * the middle of the file is shown as replaced in whole. */
#define CELLS_MAX (4 * 1024 * 1024)

typedef struct {
    const char *text;
    gsize length; /* without the newline */
    bool newline;
} Line;

typedef struct {
    char sign; /* ' ', '-' or '+' */
    const Line *line;
} Row;

static GArray *split(const char *text)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(Line));
    while (text != NULL && *text != '\0') {
        const char *end = strchr(text, '\n');
        Line line = {text, end != NULL ? (gsize)(end - text) : strlen(text), end != NULL};
        g_array_append_val(lines, line);
        text += line.length + (line.newline ? 1 : 0);
    }
    return lines;
}

static const Line *line_at(const GArray *lines, guint index)
{
    return &g_array_index(lines, Line, index);
}

static bool same_line(const Line *a, const Line *b)
{
    return a->length == b->length && a->newline == b->newline &&
           memcmp(a->text, b->text, a->length) == 0;
}

static void add_row(GArray *rows, char sign, const Line *line)
{
    Row row = {sign, line};
    g_array_append_val(rows, row);
}

/* The longest common part of what is between the equal beginning and the equal end, by the table of
 * lengths; an all-different middle when that table would be too big. */
static void compare_middle(GArray *rows, const GArray *old, const GArray *new, guint from,
                           guint old_end, guint new_end)
{
    gsize height = old_end - from, width = new_end - from;
    bool small = height * width <= CELLS_MAX;
    g_autofree guint32 *cells = small ? g_new0(guint32, (height + 1) * (width + 1)) : NULL;
    for (gsize i = height; small && i-- > 0;)
        for (gsize j = width; j-- > 0;) {
            guint32 *cell = &cells[i * (width + 1) + j];
            guint32 down = cells[(i + 1) * (width + 1) + j], right = cell[1];
            *cell = same_line(line_at(old, from + i), line_at(new, from + j))
                        ? cells[(i + 1) * (width + 1) + j + 1] + 1
                        : MAX(down, right);
        }
    gsize i = 0, j = 0;
    while (i < height || j < width) {
        bool both = i < height && j < width;
        if (small && both && same_line(line_at(old, from + i), line_at(new, from + j))) {
            add_row(rows, ' ', line_at(old, from + i));
            i++, j++;
        } else if (i < height &&
                   (j == width || !small ||
                    cells[(i + 1) * (width + 1) + j] >= cells[i * (width + 1) + j + 1])) {
            add_row(rows, '-', line_at(old, from + i++));
        } else {
            add_row(rows, '+', line_at(new, from + j++));
        }
    }
}

static GArray *compare(const GArray *old, const GArray *new)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    guint from = 0, old_end = old->len, new_end = new->len;
    while (from < old_end && from < new_end && same_line(line_at(old, from), line_at(new, from)))
        from++;
    while (old_end > from && new_end > from &&
           same_line(line_at(old, old_end - 1), line_at(new, new_end - 1)))
        old_end--, new_end--;
    for (guint i = 0; i < from; i++)
        add_row(rows, ' ', line_at(old, i));
    compare_middle(rows, old, new, from, old_end, new_end);
    for (guint i = old_end; i < old->len; i++)
        add_row(rows, ' ', line_at(old, i));
    return rows;
}

static void print_line(GString *text, const Row *row)
{
    g_string_append_c(text, row->sign);
    for (gsize i = 0; i < row->line->length; i++) {
        guchar letter = (guchar)row->line->text[i];
        bool control = (letter < ' ' && letter != '\t') || letter == 0x7f;
        g_string_append_c(text, control ? '?' : (char)letter);
    }
    g_string_append(text, row->line->newline ? "\n" : "\n\\ No newline at end of file\n");
}

/* The place of a hunk of COUNT lines that begins at the line AT, from 0. */
static void print_range(GString *text, char sign, guint at, guint count)
{
    g_string_append_printf(text, "%c%u", sign, count == 0 ? at : at + 1);
    if (count != 1)
        g_string_append_printf(text, ",%u", count);
}

/* Rows FROM to END; OLD_AT and NEW_AT are the lines where they begin. */
static void print_hunk(GString *text, const GArray *rows, guint from, guint end, guint old_at,
                       guint new_at)
{
    guint old_count = 0, new_count = 0;
    for (guint i = from; i < end; i++) {
        char sign = g_array_index(rows, Row, i).sign;
        old_count += sign != '+';
        new_count += sign != '-';
    }
    g_string_append(text, "@@ ");
    print_range(text, '-', old_at, old_count);
    g_string_append_c(text, ' ');
    print_range(text, '+', new_at, new_count);
    g_string_append(text, " @@\n");
    for (guint i = from; i < end; i++)
        print_line(text, &g_array_index(rows, Row, i));
}

static char sign_at(const GArray *rows, guint index)
{
    return g_array_index(rows, Row, index).sign;
}

/* Where the hunk ends whose first change is at ROW: changes with fewer than twice AROUND equal
 * lines between them are in one. */
static guint hunk_end(const GArray *rows, guint row)
{
    guint last = row;
    for (guint i = row; i < rows->len && i <= last + 2 * AROUND; i++)
        if (sign_at(rows, i) != ' ')
            last = i;
    return MIN(last + 1 + AROUND, rows->len);
}

static void print_hunks(GString *text, const GArray *rows)
{
    guint old_at = 0, new_at = 0, done = 0;
    for (guint row = 0; row < rows->len;) {
        if (sign_at(rows, row) == ' ') {
            row++;
            continue;
        }
        guint from = row > done + AROUND ? row - AROUND : done;
        guint end = hunk_end(rows, row);
        for (; done < from; done++)
            old_at++, new_at++;
        print_hunk(text, rows, from, end, old_at, new_at);
        for (; done < end; done++) {
            old_at += sign_at(rows, done) != '+';
            new_at += sign_at(rows, done) != '-';
        }
        row = end;
    }
}

char *diff_text(const char *path, const char *before, const char *after)
{
    g_autoptr(GArray) old = split(before);
    g_autoptr(GArray) new = split(after);
    g_autoptr(GArray) rows = compare(old, new);
    GString *text = g_string_new(NULL);
    if (g_strcmp0(before, after) == 0)
        return g_string_free(text, FALSE);
    g_string_append_printf(text, "--- %s\n+++ %s\n", before != NULL ? path : "/dev/null",
                           after != NULL ? path : "/dev/null");
    print_hunks(text, rows);
    return g_string_free(text, FALSE);
}
