/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include "base/data.h"
#include "report/page.h"
#include "report/words.h"

#include <string.h>

/* The policy names the one style that there is by its digest (W3C, Content Security Policy Level
 * 3, 6.7.2): nothing else is loaded, run, sent or framed, whatever should get into the page. */
static char *policy_for(const char *style)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;

    g_checksum_update(checksum, (const guchar *)style, (gssize)strlen(style));
    g_checksum_get_digest(checksum, digest, &length);
    g_autofree char *text = g_base64_encode(digest, length);
    return g_strdup_printf("default-src 'none'; style-src 'sha256-%s'; img-src data:; "
                           "base-uri 'none'; form-action 'none'",
                           text);
}

static void meta(Html *html, const char *name, const char *content)
{
    html_open(html, "meta", "name", name, "content", content, NULL);
    html_close(html, "meta");
}

static void write_head(Page *page, const char *style, const char *title)
{
    Html *html = page->html;
    g_autofree char *policy = policy_for(style);
    g_autofree char *generator = g_strdup_printf("Rootstock %s", page->report->version);

    html_open(html, "head", NULL);
    html_open(html, "meta", "charset", "utf-8", NULL);
    html_close(html, "meta");
    html_open(html, "meta", "http-equiv", "Content-Security-Policy", "content", policy, NULL);
    html_close(html, "meta");
    meta(html, "viewport", "width=device-width, initial-scale=1");
    meta(html, "color-scheme", "light dark");
    meta(html, "referrer", "no-referrer");
    meta(html, "generator", generator);
    html_leaf(html, "title", title, NULL);
    /* a browser would ask the server for one */
    html_open(html, "link", "rel", "icon", "href", "data:,", NULL);
    html_close(html, "link");
    html_open(html, "style", NULL);
    html_own(html, style);
    html_close(html, "style");
    html_close(html, "head");
}

static void entry(Html *html, const char *link, const char *text)
{
    html_open(html, "li", NULL);
    html_leaf(html, "a", text, "href", link, NULL);
    html_close(html, "li");
}

static void write_contents(Page *page)
{
    Html *html = page->html;

    html_open(html, "nav", "aria-label", "Contents", "class", "contents", NULL);
    html_open(html, "ul", NULL);
    entry(html, "#progress", "Progress");
    entry(html, "#releases", "Releases and cards");
    entry(html, "#groups", "Map of IOMMU groups");
    entry(html, "#processor", "Processor");
    entry(html, "#guest", "The guest");
    html_open(html, "li", NULL);
    html_leaf(html, "a", "The path", "href", "#path", NULL);
    html_open(html, "ul", NULL);
    for (int section = 0; section < SECTIONS; section++) {
        g_autofree char *link =
            g_strdup_printf("#section-%s", path_section_id((PathSection)section));
        entry(html, link, path_section_title((PathSection)section));
    }
    html_close(html, "ul");
    html_close(html, "li");
    entry(html, "#glossary", "Glossary");
    html_close(html, "ul");
    html_close(html, "nav");
}

static void write_footer(Page *page)
{
    html_open(page->html, "footer", NULL);
    html_open(page->html, "p", NULL);
    html_format(page->html,
                "Written by Rootstock %s from what this host tells of itself; nothing in it was "
                "loaded from elsewhere. Unknown is an answer: where the host does not say, this "
                "page does not guess. ",
                page->report->version);
    html_text(page->html, "Apple's licence ties macOS to Apple hardware.");
    html_close(page->html, "p");
    html_close(page->html, "footer");
}

static bool write_body(Page *page, GError **error)
{
    Html *html = page->html;

    html_open(html, "body", NULL);
    html_leaf(html, "a", "Skip to the content", "class", "skip", "href", "#content", NULL);
    marks_define(html);
    page_head(page);
    html_open(html, "div", "class", "columns", NULL);
    write_contents(page);
    html_open(html, "main", "id", "content", "tabindex", "-1", NULL);
    page_progress(page);
    page_matrix(page);
    page_groups(page);
    page_processor(page);
    page_guest(page);
    bool good = page_steps(page, error);
    page_glossary(page);
    html_close(html, "main");
    html_close(html, "div");
    write_footer(page);
    html_close(html, "body");
    return good;
}

static GHashTable *find_links(const Report *report)
{
    GHashTable *links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < report->glossary->terms->len; i++) {
        const Term *term = g_ptr_array_index(report->glossary->terms, i);
        g_hash_table_add(links, g_strconcat("term-", term->id, NULL));
    }
    for (guint i = 0; i < report->path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(report->path->steps, i);
        g_hash_table_add(links, g_strconcat("step-", step_id(step->step), NULL));
    }
    return links;
}

char *report_html(const Report *report, GError **error)
{
    const char *style = data_text("handbook.css", error);
    if (style == NULL)
        return NULL;
    g_autoptr(GHashTable) links = find_links(report);
    Page page = {
        .report = report,
        .path = report->path,
        .html = html_new(),
        .links = links,
    };

    html_own(page.html, "<!DOCTYPE html>\n");
    html_open(page.html, "html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en", NULL);
    write_head(&page, style, "The handbook of this host");
    bool good = write_body(&page, error);
    html_close(page.html, "html");
    g_autofree char *text = html_end(page.html);
    return good ? g_steal_pointer(&text) : NULL;
}
