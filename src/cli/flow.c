/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/flow.h"

#include "cli/text.h"

#include <stdio.h>
#include <string.h>

/* ECMA-48 select graphic rendition: bold, cyan, italic, underlined. */
static const struct {
    Style style;
    const char *sequence;
} SEQUENCES[] = {
    {STYLE_STRONG, "\033[1m"},
    {STYLE_CODE, "\033[36m"},
    {STYLE_EMPHASIS, "\033[3m"},
    {STYLE_LINK, "\033[4m"},
};

static void set_style(Flow *flow, guint style)
{
    if (style == flow->style || !flow->output->color)
        return;
    if (flow->style != 0)
        fputs("\033[0m", stdout);
    for (guint i = 0; i < G_N_ELEMENTS(SEQUENCES); i++) {
        if ((style & SEQUENCES[i].style) != 0)
            fputs(SEQUENCES[i].sequence, stdout);
    }
    flow->style = style;
}

void flow_begin(Flow *flow, const Output *output, guint indent)
{
    *flow = (Flow){.output = output, .indent = indent, .column = indent};
    flow->word = g_string_new(NULL);
    flow->styles = g_byte_array_new();
}

void flow_break(Flow *flow)
{
    set_style(flow, 0);
    fputc('\n', stdout);
    for (guint i = 0; i < flow->indent; i++)
        fputc(' ', stdout);
    flow->column = flow->indent;
    flow->any = flow->space = false;
}

static void write_word(Flow *flow)
{
    guint width = text_width(flow->word->str);
    guint before = flow->space && flow->any ? 1 : 0;

    if (flow->word->len == 0)
        return;
    if (flow->any && before == 1 && flow->column + before + width > flow->output->width) {
        flow_break(flow);
        before = 0;
    }
    if (before == 1) {
        /* a space inside a link or code has its style too */
        guint next = flow->styles->data[0];
        set_style(flow, flow->style == next ? next : 0);
        fputc(' ', stdout);
    }
    for (gsize i = 0; i < flow->word->len; i++) {
        set_style(flow, flow->styles->data[i]);
        fputc(flow->word->str[i], stdout);
    }
    flow->column += before + width;
    flow->any = true;
    flow->space = false;
    g_string_truncate(flow->word, 0);
    g_byte_array_set_size(flow->styles, 0);
}

void flow_add(Flow *flow, const char *text, guint style)
{
    guint8 byte = (guint8)style;

    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '\n') {
            write_word(flow);
            flow->space = true;
            continue;
        }
        g_string_append_c(flow->word, *text);
        g_byte_array_append(flow->styles, &byte, 1);
    }
}

void flow_end(Flow *flow)
{
    write_word(flow);
    set_style(flow, 0);
    fputc('\n', stdout);
    g_string_free(flow->word, TRUE);
    g_byte_array_unref(flow->styles);
}
