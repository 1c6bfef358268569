/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Appends to BUFFER the LENGTH bytes at START as plain, valid UTF-8: without colours, control
 * characters and tags of HTML, with the characters that references, escapes and typographic forms
 * stand for. Ends of lines that a tag or an escape stands for become '\n'.
 */
void paste_clean(GString *buffer, const char *start, gsize length);
