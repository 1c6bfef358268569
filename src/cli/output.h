/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/known.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * Standard output and standard error. Colour never stands alone: what it says is also in a word.
 */
typedef enum {
    TONE_PLAIN,
    TONE_GOOD,
    TONE_LIMITED,
    TONE_BAD,
    TONE_UNKNOWN,
    TONE_STRONG, /* titles */
    TONES,
} Tone;

typedef struct {
    bool json;
    bool quiet; /* what was asked for and errors: nothing of a thing that was done */
    bool verbose;
    bool color;  /* on standard output */
    guint width; /* columns of standard output */
} Output;

/* COLOR is "auto", "always", "never" or NULL. */
void output_init(Output *output, const char *color);

/* The escape sequence of TONE, or "" without colours. */
const char *output_tone(const Output *output, Tone tone);

/* The sequence that ends TONE, or "". */
const char *output_tone_end(const Output *output, Tone tone);

/* One or more paragraphs, wrapped. */
void output_text(const Output *output, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* `Title     text`: a line of a list of named things, the text wrapped beside a title column of
 * TITLE_WIDTH. */
void output_named(const Output *output, guint title_width, const char *title, Tone tone,
                  const char *text);

/* TEXT, wrapped at an indent of INDENT columns; what is before it on its first line the caller has
 * written. */
void output_indented(const Output *output, guint indent, const char *text);

/* An empty line, and a title in TONE_STRONG where it is not NULL. */
void output_section(const Output *output, const char *title);

/* Something to know beside the answer, on standard error, not with --quiet. */
void output_note(const Output *output, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Says that WHAT ("snapshot") is in the file PATH: as a note, or with --json as a document of one
 * member. */
bool output_file(const Output *output, const char *what, const char *path, GError **error);

/* `rootstock: MESSAGE`, on standard error. */
void output_error(const char *message);

/* Opens what is closed of the standard descriptors, so that no file takes their place; writes to a
 * standard output that was closed fail. */
void output_reserve_standard_files(void);

/* Flushes standard output. False when any write to it has failed. RET_READER_GONE tells that it is
 * a pipe whose reader has gone away, which needs no message: `rootstock devices | head`. */
bool output_finish(bool *ret_reader_gone, GError **error);
