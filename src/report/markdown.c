/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/markdown.h"

#include <cmark.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool leads_to_web(const char *url)
{
    return g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://");
}

/* "#term-iommu" for "term:iommu"; NULL where nothing in the page is behind the link. */
static char *inside_page(const char *url, GHashTable *links)
{
    if (!g_str_has_prefix(url, "term:") && !g_str_has_prefix(url, "step:"))
        return NULL;
    g_autofree char *id = g_strdup_printf("%.4s-%s", url, url + strlen("term:"));
    return g_hash_table_contains(links, id) ? g_strconcat("#", id, NULL) : NULL;
}

/* Puts the words of the link in its place. */
static void unlink_words(cmark_node *link)
{
    cmark_node *child;
    while ((child = cmark_node_first_child(link)) != NULL) {
        cmark_node_unlink(child);
        cmark_node_insert_before(link, child);
    }
    cmark_node_unlink(link);
    cmark_node_free(link);
}

static void set_link(cmark_node *link, GHashTable *links)
{
    const char *url = cmark_node_get_url(link);
    g_autofree char *inside = inside_page(url, links);

    if (inside != NULL)
        cmark_node_set_url(link, inside);
    else if (!leads_to_web(url))
        unlink_words(link);
}

/* A picture would have to be loaded: its words stand for it. */
static void set_node(cmark_node *node, int level, GHashTable *links)
{
    switch ((guint)cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:
        cmark_node_set_heading_level(node, MIN(cmark_node_get_heading_level(node) - 2 + level, 6));
        break;
    case CMARK_NODE_LINK:
        set_link(node, links);
        break;
    case CMARK_NODE_IMAGE:
        unlink_words(node);
        break;
    default:
        break;
    }
}

/* What is changed is found first: nodes go and move. */
static void set_nodes(cmark_node *document, int level, GHashTable *links)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new();
    cmark_iter *iter = cmark_iter_new(document);

    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        if (cmark_iter_get_event_type(iter) == CMARK_EVENT_EXIT)
            g_ptr_array_add(nodes, cmark_iter_get_node(iter));
    }
    cmark_iter_free(iter);
    for (guint i = 0; i < nodes->len; i++)
        set_node(g_ptr_array_index(nodes, i), level, links);
}

void markdown_html(Html *html, const char *markdown, int level, GHashTable *links)
{
    g_autofree char *clean = html_clean(markdown);
    cmark_node *document = cmark_parse_document(clean, strlen(clean), CMARK_OPT_SAFE);

    set_nodes(document, level, links);
    char *rendered = cmark_render_html(document, CMARK_OPT_SAFE);
    html_own(html, rendered);
    free(rendered);
    cmark_node_free(document);
}
