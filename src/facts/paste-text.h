/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * The lines of a text that somebody pasted, without what the ways that it came add: UTF-16, marks
 * of the byte order, carriage returns, colours, HTML, escaped line ends, typographic quotes and
 * spaces, marks of quotations, lists and drawings. Lines that were put together to one are taken
 * apart again.
 */
typedef struct {
    const char *whole; /* with white space and decoration before it */
    const char *text;  /* from the first character that is neither */
    guint indent;      /* columns before TEXT; those of a line that was joined to another one are
                        * more than that one's */
    bool plain;        /* there was only white space before it */
    bool joined;       /* the next line was joined to it */
} PasteLine;

typedef struct PasteText PasteText;

/* LENGTH bytes at TEXT, which must stay; anything may be in them. */
PasteText *paste_text_new(const char *text, gsize length);
void paste_text_free(PasteText *text);

/* The next line, which is valid UTF-8 and lives till the next call. False at the end. */
bool paste_text_next(PasteText *text, PasteLine *line);

/* How many bytes of white space and marks of quotes, lists, headings and trees there are at TEXT.
 */
gsize paste_decoration(const char *text);
