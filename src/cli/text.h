/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/*
 * Text for a terminal. What comes from hosts, snapshots, files and guests may hold anything;
 * control characters in it must not reach the terminal.
 */

/* TEXT with `?` for each control character but line feed, and for bytes that are not UTF-8. The
 * caller owns it. */
char *text_printable(const char *text);

/* The columns that TEXT, up to its end or first line feed, takes on a terminal. */
guint text_width(const char *text);

/* The width of the widest line of TEXT, and of the widest piece that text_wrap_hard() leaves whole.
 */
guint text_widest_line(const char *text);
guint text_widest_piece(const char *text);

/* Breaks the lines of TEXT at spaces so that none is wider than WIDTH, and puts INDENT spaces
 * before each line but the first (whose start the caller has written). A word that is wider than
 * the line stays whole. The caller owns it. */
char *text_wrap(const char *text, guint width, guint indent);

/* The same without an indent; a word that is wider than the line is broken too, behind a `/` or `,`
 * where it has one. */
char *text_wrap_hard(const char *text, guint width);
