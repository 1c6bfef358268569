/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include "describe/describe.h"
#include "report/words.h"

/* With addresses as people write them. */
static void write_shortly(Html *html, const char *text)
{
    g_autofree char *shortly = describe_shortly(text);
    html_sentence(html, shortly);
}

void page_begin(Page *page, const char *id, const char *title)
{
    g_autofree char *heading = g_strconcat(id, "-heading", NULL);

    html_open(page->html, "section", "id", id, "aria-labelledby", heading, NULL);
    html_leaf(page->html, "h2", title, "id", heading, NULL);
}

void page_end(Page *page)
{
    html_close(page->html, "section");
}

void page_paragraph(Page *page, const char *class, const char *text)
{
    html_open(page->html, "p", "class", class, NULL);
    write_shortly(page->html, text);
    html_close(page->html, "p");
}

void page_scroll(Page *page, const char *label)
{
    html_open(page->html, "div", "class", "scroll", "role", "region", "aria-label", label,
              "tabindex", "0", NULL);
}

void page_scroll_end(Page *page)
{
    html_close(page->html, "div");
}

void page_more(Page *page, const char *summary)
{
    html_open(page->html, "details", NULL);
    html_leaf(page->html, "summary", summary, NULL);
}

void page_more_end(Page *page)
{
    html_close(page->html, "details");
}

void page_named(Page *page, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    html_open(page->html, "div", NULL);
    html_leaf(page->html, "dt", name, NULL);
    html_open(page->html, "dd", NULL);
    write_shortly(page->html, value);
    html_close(page->html, "dd");
    html_close(page->html, "div");
}

void page_table(Page *page, const char *class, const char *caption, const char *const *columns)
{
    Html *html = page->html;

    html_open(html, "table", "class", class, NULL);
    html_leaf(html, "caption", caption, NULL);
    html_open(html, "thead", NULL);
    html_open(html, "tr", NULL);
    for (; *columns != NULL; columns++)
        html_leaf(html, "th", *columns, "scope", "col", NULL);
    html_close(html, "tr");
    html_close(html, "thead");
    html_open(html, "tbody", NULL);
}

void page_table_end(Page *page)
{
    html_close(page->html, "tbody");
    html_close(page->html, "table");
}

void page_legend(Page *page, const char *mark, const char *meaning)
{
    html_open(page->html, "li", NULL);
    mark_label(page->html, mark, meaning);
    html_close(page->html, "li");
}
