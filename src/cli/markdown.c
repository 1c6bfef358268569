/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/markdown.h"

#include "cli/flow.h"
#include "cli/text.h"

#include <cmark.h>
#include <stdio.h>
#include <string.h>

enum { BODY_INDENT = 2, CODE_INDENT = 4 };

typedef struct {
    const Output *output;
    GPtrArray *links;
    guint indent; /* of the block */
    bool at_item; /* the line has a bullet already, behind which the block begins */
    bool tight;   /* blocks follow each other without an empty line */
    bool first;   /* nothing was written yet */
} Printer;

static void add_link(Printer *printer, const char *url)
{
    if (printer->links != NULL &&
        !g_ptr_array_find_with_equal_func(printer->links, url, g_str_equal, NULL))
        g_ptr_array_add(printer->links, g_strdup(url));
}

static bool is_our_link(const char *url)
{
    return g_str_has_prefix(url, "term:") || g_str_has_prefix(url, "step:");
}

static void add_text(Flow *flow, const char *text, guint style)
{
    g_autofree char *printable = text_printable(text != NULL ? text : "");
    flow_add(flow, printable, style);
}

static void add_inlines(Printer *printer, Flow *flow, cmark_node *parent, guint style);

static void add_linked(Printer *printer, Flow *flow, cmark_node *node, guint style)
{
    const char *url = cmark_node_get_url(node);
    cmark_node *label = cmark_node_first_child(node);
    bool bare = label != NULL && g_strcmp0(cmark_node_get_literal(label), url) == 0;

    add_inlines(printer, flow, node, style | STYLE_LINK);
    if (is_our_link(url)) {
        add_link(printer, url);
    } else if (!bare) {
        g_autofree char *behind = g_strdup_printf(" (%s)", url);
        add_text(flow, behind, style);
    }
}

static void add_code(Printer *printer, Flow *flow, const char *code, guint style)
{
    const char *mark = printer->output->color ? "" : "`";
    g_autofree char *marked = g_strdup_printf("%s%s%s", mark, code, mark);
    add_text(flow, marked, style | STYLE_CODE);
}

static void add_inline(Printer *printer, Flow *flow, cmark_node *node, guint style)
{
    switch ((guint)cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        add_text(flow, cmark_node_get_literal(node), style);
        break;
    case CMARK_NODE_SOFTBREAK:
        flow_add(flow, " ", style);
        break;
    case CMARK_NODE_LINEBREAK:
        flow_add(flow, " ", style);
        flow_break(flow);
        break;
    case CMARK_NODE_CODE:
        add_code(printer, flow, cmark_node_get_literal(node), style);
        break;
    case CMARK_NODE_EMPH:
        add_inlines(printer, flow, node, style | STYLE_EMPHASIS);
        break;
    case CMARK_NODE_STRONG:
        add_inlines(printer, flow, node, style | STYLE_STRONG);
        break;
    case CMARK_NODE_LINK:
        add_linked(printer, flow, node, style);
        break;
    default:
        add_inlines(printer, flow, node, style);
        break;
    }
}

static void add_inlines(Printer *printer, Flow *flow, cmark_node *parent, guint style)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL;
         node = cmark_node_next(node))
        add_inline(printer, flow, node, style);
}

/* The empty line before a block. */
static void separate(Printer *printer)
{
    if (!printer->first && !printer->tight)
        fputc('\n', stdout);
    printer->first = false;
}

static void print_paragraph(Printer *printer, cmark_node *node, guint indent, guint style)
{
    Flow flow;

    if (!printer->at_item) {
        separate(printer);
        printf("%*s", (int)indent, "");
    }
    flow_begin(&flow, printer->output, indent);
    add_inlines(printer, &flow, node, style);
    flow_end(&flow);
    printer->at_item = printer->first = false;
}

static void print_code(Printer *printer, const char *code)
{
    g_autofree char *printable = text_printable(code);
    g_auto(GStrv) lines = g_strsplit(printable, "\n", -1);

    separate(printer);
    for (guint i = 0; lines[i] != NULL && (lines[i + 1] != NULL || *lines[i] != '\0'); i++) {
        const char *start = printer->output->color ? "\033[36m" : "";
        const char *end = printer->output->color ? "\033[0m" : "";
        if (*lines[i] == '\0')
            fputc('\n', stdout);
        else
            printf("%*s%s%s%s\n", (int)(printer->indent + CODE_INDENT - BODY_INDENT), "", start,
                   lines[i], end);
    }
}

static void print_blocks(Printer *printer, cmark_node *parent);

static void print_item(Printer *printer, cmark_node *item, const char *bullet)
{
    Printer inner = *printer;

    inner.indent = printer->indent + text_width(bullet);
    inner.at_item = true;
    separate(printer);
    printf("%*s%s", (int)printer->indent, "", bullet);
    print_blocks(&inner, item);
}

static void print_list(Printer *printer, cmark_node *list)
{
    bool ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    int number = cmark_node_get_list_start(list);
    bool outer = printer->tight;
    bool first = true;

    for (cmark_node *item = cmark_node_first_child(list); item != NULL;
         item = cmark_node_next(item)) {
        g_autofree char *bullet = ordered ? g_strdup_printf("%d. ", number++) : g_strdup("- ");
        printer->tight = first ? outer : cmark_node_get_list_tight(list) != 0;
        first = false;
        print_item(printer, item, bullet);
    }
    printer->tight = outer;
}

static void print_block(Printer *printer, cmark_node *node)
{
    switch ((guint)cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:
        print_paragraph(printer, node, 0, STYLE_STRONG);
        printer->tight = true; /* what it is the heading of stands close */
        return;
    case CMARK_NODE_PARAGRAPH:
        print_paragraph(printer, node, printer->indent, 0);
        break;
    case CMARK_NODE_CODE_BLOCK:
        print_code(printer, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_LIST:
        print_list(printer, node);
        break;
    default:
        print_blocks(printer, node);
        break;
    }
    printer->tight = false;
}

static void print_blocks(Printer *printer, cmark_node *parent)
{
    for (cmark_node *node = cmark_node_first_child(parent); node != NULL;
         node = cmark_node_next(node))
        print_block(printer, node);
}

void markdown_print(const Output *output, const char *markdown, GPtrArray *links)
{
    cmark_node *document = cmark_parse_document(markdown, strlen(markdown), CMARK_OPT_DEFAULT);
    Printer printer = {
        .output = output,
        .links = links,
        .indent = BODY_INDENT,
        .first = true,
    };

    print_blocks(&printer, document);
    cmark_node_free(document);
}
