/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"
#include "report/html.h"

/*
 * Marks: small drawings that stand before a word, so that colour never says anything alone. A mark
 * is drawn once in the page (marks_define()) and used by its name, which is also the class that
 * gives it its colour: the names of states ("done", "not-needed"), of answers ("yes", "limited",
 * "no", "unknown") and of places ("guest", "could", "stays", "bridge").
 */
void marks_define(Html *html);

/* The mark, in running text or in a picture with its corner at X, Y. */
void mark_html(Html *html, const char *name);
void mark_svg(Html *html, const char *name, int x, int y, int size);

/* The mark and WORD behind it, as one label. */
void mark_label(Html *html, const char *name, const char *word);

/* "graphics", "USB", ... */
const char *role_word(Role role);

/* "AMD Navi 23" where a table knows the card, else what it calls itself. The caller owns it. */
char *card_word(const DeviceVerdict *card);
