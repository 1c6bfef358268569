/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Writing HTML and SVG. What comes out is HTML5 that is also well-formed XML (W3C, Polyglot
 * Markup), so that any of both parsers reads it alike.
 *
 *     Html *html = html_new();
 *     html_open(html, "p", "class", "note", NULL);
 *     html_text(html, name_of_a_device);
 *     html_close(html, "p");
 *     char *page = html_end(html);
 *
 * Names of elements and attributes, and what html_own() is given, are the program's own. Everything
 * else may come from a host, and no value of it becomes markup: the five letters that markup is
 * made of are written as references, and bytes that are no UTF-8, control characters and those that
 * turn the direction of what follows are written as U+FFFD.
 */
typedef struct Html Html;

Html *html_new(void);

/* The text, which the caller owns. All elements must be closed. */
char *html_end(Html *html);

/* Begins ELEMENT, with pairs of attribute and value, ended by NULL; a pair whose value is NULL is
 * left out. */
void html_open(Html *html, const char *element, ...) G_GNUC_NULL_TERMINATED;

/* Adds an attribute to the element that was begun last, before anything was written in it. */
void html_attribute(Html *html, const char *name, const char *value);
void html_number(Html *html, const char *name, int value);

/* Ends ELEMENT, which must be the one that is open. */
void html_close(Html *html, const char *element);

/* The text of the element that is open. */
void html_text(Html *html, const char *text);
void html_format(Html *html, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A whole element with nothing in it but TEXT; NULL: nothing at all. */
void html_leaf(Html *html, const char *element, const char *text, ...) G_GNUC_NULL_TERMINATED;

/* TEXT with what may not stand in a page as U+FFFD, and nothing else changed. The caller owns it.
 */
char *html_clean(const char *text);

/* Markup of the program's own, as it is. */
void html_own(Html *html, const char *markup);

/* TEXT, a sentence in which `...` marks what a person types or a file's name, which becomes code.
 */
void html_sentence(Html *html, const char *text);
