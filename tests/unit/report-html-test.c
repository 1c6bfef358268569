/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer of HTML and SVG, and Markdown as HTML: what a host says stays words. */
#include "report/html.h"
#include "report/markdown.h"
#include "report/svg.h"

#include <libxml/parser.h>
#include <string.h>

/* Frees HTML. */
static void assert_written(Html *html, const char *expected)
{
    g_autofree char *text = html_end(html);
    g_assert_cmpstr(g_strchomp(text), ==, expected);
}

static void text_is_no_markup(void)
{
    Html *html = html_new();
    html_open(html, "b", "title", "\"><script>alert('&')</script>", NULL);
    html_text(html, "<script>&amp;\"'</script>");
    html_format(html, " %s %d", "<i>", 7);
    html_close(html, "b");
    assert_written(html,
                   "<b title=\"&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;\">"
                   "&lt;script&gt;&amp;amp;&quot;&#39;&lt;/script&gt; &lt;i&gt; 7</b>");
}

/* A NUL ends a string in C; what else XML forbids, and what turns the direction of text, does not
 * get through. Letters of all languages do. */
static void letters_that_may_not_stand_are_replaced(void)
{
    Html *html = html_new();
    html_open(html, "b", NULL);
    html_text(html,
              "a\x01\x1b[31m\x7f\xff\xc0\x80 \xe2\x80\xae \xef\xbf\xbe \xef\xb7\x90 \xc2\x85");
    html_text(html, "\tx\ny");
    html_text(html, " Grüße 你好 \xf0\x9f\x8e\x89");
    html_close(html, "b");
    g_autofree char *text = html_end(html);
    g_assert_true(g_str_has_prefix(text, "<b>a�\xef\xbf\xbd[31m�"));
    g_assert_nonnull(strstr(text, "\tx\ny Grüße 你好 \xf0\x9f\x8e\x89</b>"));
    xmlDocPtr document =
        xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NOERROR | XML_PARSE_NONET);
    g_assert_nonnull(document);
    xmlFreeDoc(document);
}

static void elements_end_as_both_parsers_read_them(void)
{
    Html *html = html_new();
    html_open(html, "b", "class", NULL, "id", "x", NULL);
    html_open(html, "br", NULL);
    html_close(html, "br");
    html_open(html, "span", NULL);
    html_close(html, "span");
    html_leaf(html, "i", "", NULL);
    html_leaf(html, "i", NULL, NULL);
    html_close(html, "b");
    assert_written(html, "<b id=\"x\"><br/><span></span><i></i></b>");
}

static void an_element_that_is_not_open_is_not_closed(void)
{
    if (g_test_subprocess()) {
        Html *html = html_new();
        html_open(html, "b", NULL);
        html_close(html, "i");
    }
    g_test_trap_subprocess(NULL, 0, 0);
    g_test_trap_assert_failed();
}

static void sentences_have_code(void)
{
    Html *html = html_new();
    html_open(html, "b", NULL);
    html_sentence(html, "Type `a <b>` now, `c`.");
    html_sentence(html, " No `end");
    html_close(html, "b");
    assert_written(html, "<b>Type <code>a &lt;b&gt;</code> now, <code>c</code>. No `end</b>");
}

static void assert_fits(const char *text, guint columns, const char *expected)
{
    g_autofree char *fit = svg_fit(text, columns);
    g_assert_cmpstr(fit, ==, expected);
}

static void text_is_cut_by_its_width(void)
{
    assert_fits("abcdef", 6, "abcdef");
    assert_fits("abcdef", 5, "abcd…");
    assert_fits("ab cdef", 4, "ab…");
    assert_fits("你好吗", 6, "你好吗");
    assert_fits("你好吗", 5, "你…");
    assert_fits("\xff", 1, "�");
    assert_fits("", 0, "");
    assert_fits("abc", 0, "…");
}

static void text_is_broken_at_spaces(void)
{
    Html *html = html_new();
    html_open(html, "b", NULL);
    g_assert_cmpint(svg_lines(html, "n", 1, 10, 5, "one two three four five", 8, 3), ==, 3);
    html_close(html, "b");
    assert_written(html, "<b><text class=\"n\" x=\"1\" y=\"10\">one two</text>"
                         "<text class=\"n\" x=\"1\" y=\"15\">three</text>"
                         "<text class=\"n\" x=\"1\" y=\"20\">four fi…</text></b>");
    g_assert_cmpint(svg_lines(NULL, NULL, 0, 0, 0, "", 8, 3), ==, 0);
    g_assert_cmpint(svg_lines(NULL, NULL, 0, 0, 0, "a", 8, 3), ==, 1);
    g_assert_cmpint(svg_lines(NULL, NULL, 0, 0, 0, "你你你你你你你你", 1, 3), ==, 3);
}

static char *rendered(const char *markdown)
{
    g_autoptr(GHashTable) links = g_hash_table_new(g_str_hash, g_str_equal);
    Html *html = html_new();

    g_hash_table_add(links, (gpointer) "term-iommu");
    g_hash_table_add(links, (gpointer) "step-kvm");
    html_open(html, "b", NULL);
    markdown_html(html, markdown, 5, links);
    html_close(html, "b");
    return html_end(html);
}

static void assert_renders(const char *markdown, const char *expected)
{
    g_autofree char *text = rendered(markdown);
    if (strstr(text, expected) == NULL)
        g_error("%s is not in %s", expected, text);
}

static void assert_renders_without(const char *markdown, const char *bad)
{
    g_autofree char *text = rendered(markdown);
    if (strstr(text, bad) != NULL)
        g_error("%s is in %s", bad, text);
}

static void markdown_becomes_html(void)
{
    assert_renders("## What it is\n", "<h5>What it is</h5>");
    assert_renders("### Deeper\n\n#### Deepest\n", "<h6>Deeper</h6>");
    assert_renders("[words](term:iommu)", "<a href=\"#term-iommu\">words</a>");
    assert_renders("[words](step:kvm)", "<a href=\"#step-kvm\">words</a>");
    assert_renders("[words](https://example.org/a?b&c)",
                   "<a href=\"https://example.org/a?b&amp;c\">words</a>");
    assert_renders("```\na < b\n```\n", "<pre><code>a &lt; b\n</code></pre>");
}

/* What would load something, run something or lead nowhere is not there; its words are. */
static void markdown_brings_nothing_in(void)
{
    assert_renders_without("<script>alert(1)</script>\n", "<script");
    assert_renders_without("a <img src=x onerror=alert(1)> b\n", "<img");
    assert_renders("![picture](https://example.org/x.png)", "<p>picture</p>");
    assert_renders("[a *b* c](javascript:alert(1))", "<p>a <em>b</em> c</p>");
    assert_renders("[a](data:text/html,x) [b](term:nothing) [c](step:nothing) [d](//x.org)",
                   "<p>a b c d</p>");
    assert_renders("[in ![picture](x) link](term:iommu)",
                   "<a href=\"#term-iommu\">in picture link</a>");
    assert_renders_without("a \xef\xbf\xbe\xef\xbf\xbf\x01 b", "\xef\xbf\xbe");
    assert_renders_without("a \x01\xe2\x80\xae b", "\x01");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/html/escaping", text_is_no_markup);
    g_test_add_func("/report/html/letters", letters_that_may_not_stand_are_replaced);
    g_test_add_func("/report/html/elements", elements_end_as_both_parsers_read_them);
    g_test_add_func("/report/html/order", an_element_that_is_not_open_is_not_closed);
    g_test_add_func("/report/html/sentences", sentences_have_code);
    g_test_add_func("/report/svg/fit", text_is_cut_by_its_width);
    g_test_add_func("/report/svg/lines", text_is_broken_at_spaces);
    g_test_add_func("/report/markdown/html", markdown_becomes_html);
    g_test_add_func("/report/markdown/safe", markdown_brings_nothing_in);
    return g_test_run();
}
