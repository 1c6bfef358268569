/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/html.h"

#include <glib.h>

/*
 * Pictures as SVG inside the page. Colours and sizes of letters come from the page's style by
 * class, so that they follow light, dark and print. Coordinates are the picture's own units, which
 * are pixels where there is room.
 *
 * A browser does not break lines of SVG text, and nobody knows here how wide a letter will be:
 * text is cut or broken by its columns, with room for the wide letters of common system fonts.
 */

#define SVG_NAMESPACE "http://www.w3.org/2000/svg"

/* Begins a picture, with what it is called and what a person who does not see it is told. ID is
 * unique in the page. */
void svg_open(Html *html, const char *class, const char *id, int width, int height,
              const char *title, const char *description);
void svg_close(Html *html);

/* RADIUS is that of the corners. */
void svg_rect(Html *html, const char *class, int x, int y, int width, int height, int radius);
void svg_circle(Html *html, const char *class, int x, int y, int radius);
void svg_line(Html *html, const char *class, int x1, int y1, int x2, int y2);

/* Text whose base line begins at X, Y; where it ends or is centred the class says. */
void svg_text(Html *html, const char *class, int x, int y, const char *text);
void svg_format(Html *html, const char *class, int x, int y, const char *format, ...)
    G_GNUC_PRINTF(5, 6);

/* TEXT in at most LINES lines of COLUMNS columns each, the first at X, Y and the next STEP below;
 * the last is cut where that is not enough. Returns the number of lines. With HTML NULL they are
 * only counted. */
int svg_lines(Html *html, const char *class, int x, int y, int step, const char *text,
              guint columns, int lines);

/* TEXT as it is, or its start with an ellipsis, in COLUMNS columns. The caller owns it. */
char *svg_fit(const char *text, guint columns);
