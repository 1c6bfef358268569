/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/html.h"
#include "report/report.h"

#include <stdbool.h>

/* What the parts of the page are written with. */
typedef struct {
    const Report *report;
    const Path *path;
    Html *html;
    GHashTable *links; /* the ids that texts may link to: "term-iommu", "step-kvm" */
} Page;

/* The parts, in the order of the page. Each is an element of its own. */
void page_head(Page *page);     /* what host this is, and where the path leads */
void page_progress(Page *page); /* how far it is, and what is next */
void page_matrix(Page *page);   /* releases against cards */
void page_groups(Page *page);   /* the map of IOMMU groups */
void page_processor(Page *page);
void page_guest(Page *page);
bool page_steps(Page *page, GError **error);
void page_glossary(Page *page);

/* The start of a part: a section with a heading of the second level. ID is its own. */
void page_begin(Page *page, const char *id, const char *title);
void page_end(Page *page);

/* A paragraph of sentences in which `...` is code; addresses are short. CLASS may be NULL. */
void page_paragraph(Page *page, const char *class, const char *text);

/* A box that scrolls when what is in it is too wide for the page; LABEL is what it is called. */
void page_scroll(Page *page, const char *label);
void page_scroll_end(Page *page);

/* What is only there for those who want it, or cannot see the picture before it. */
void page_more(Page *page, const char *summary);
void page_more_end(Page *page);

/* A line of a list of names and values, which are sentences of that kind; VALUE NULL: none. */
void page_named(Page *page, const char *name, const char *value);

/* A table with a heading for each of COLUMNS (ended by NULL), up to its first row, and its end.
 * CLASS may be NULL. */
void page_table(Page *page, const char *class, const char *caption, const char *const *columns);
void page_table_end(Page *page);

/* An entry of a legend: a mark with what it means. */
void page_legend(Page *page, const char *mark, const char *meaning);
