/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/output.h"

#include <glib.h>
#include <stdbool.h>

/*
 * Running text in several styles, broken into lines at spaces.
 *
 *     Flow flow;
 *     flow_begin(&flow, output, 2);
 *     flow_add(&flow, "See", 0);
 *     flow_add(&flow, " IOMMU", STYLE_LINK);
 *     flow_end(&flow);
 */
typedef enum {
    STYLE_STRONG = 1 << 0,
    STYLE_CODE = 1 << 1,
    STYLE_EMPHASIS = 1 << 2,
    STYLE_LINK = 1 << 3,
} Style;

typedef struct {
    const Output *output;
    guint indent;
    guint column;  /* on the line that is being written */
    bool any;      /* there is a word on it */
    bool space;    /* a space is due before the next word */
    guint style;   /* that the terminal is set to */
    GString *word; /* the word that is being collected, and the style of each of its bytes */
    GByteArray *styles;
} Flow;

/* Lines after the first begin at INDENT; on the first one, the caller has come that far. */
void flow_begin(Flow *flow, const Output *output, guint indent);

/* TEXT must be printable (cli/text.h). */
void flow_add(Flow *flow, const char *text, guint style);

/* A line feed that the text asks for. */
void flow_break(Flow *flow);

/* Writes what is left, and a line feed. */
void flow_end(Flow *flow);
