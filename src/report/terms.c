/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/markdown.h"
#include "report/page.h"

/* The glossary, which the texts of the steps link to. */

/* Below the page and the glossary's own heading; terms have none of their own. */
enum { TERM_LEVEL = 3 };

static void write_term(Page *page, const Term *term)
{
    Html *html = page->html;
    g_autofree char *id = g_strconcat("term-", term->id, NULL);
    g_autofree char *others = g_strjoinv(", ", term->others);

    html_open(html, "div", "class", "term", NULL);
    html_open(html, "dt", "id", id, NULL);
    html_text(html, term->name);
    if (*others != '\0') {
        html_open(html, "span", "class", "others", NULL);
        html_format(html, " %s", others);
        html_close(html, "span");
    }
    html_close(html, "dt");
    html_open(html, "dd", NULL);
    markdown_html(html, term->summary, TERM_LEVEL, page->links);
    markdown_html(html, term->text, TERM_LEVEL, page->links);
    html_close(html, "dd");
    html_close(html, "div");
}

void page_glossary(Page *page)
{
    const GPtrArray *terms = page->report->glossary->terms;

    page_begin(page, "glossary", "Glossary");
    html_open(page->html, "dl", "class", "terms", NULL);
    for (guint i = 0; i < terms->len; i++)
        write_term(page, g_ptr_array_index(terms, i));
    html_close(page->html, "dl");
    page_end(page);
}
