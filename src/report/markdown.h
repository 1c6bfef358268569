/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/html.h"

#include <glib.h>

/*
 * Markdown (CommonMark) as HTML. Markup that stands in it is left out; headings of its second level
 * become those of LEVEL. LINKS is a set of the ids that the page has: a link to `term:iommu` leads
 * to #term-iommu and one to `step:kvm` to #step-kvm where it is among them, other links stay where
 * they lead to the web, and of all the rest only the words are left.
 */
void markdown_html(Html *html, const char *markdown, int level, GHashTable *links);
