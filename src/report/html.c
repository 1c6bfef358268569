/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/html.h"

#include <stdbool.h>
#include <string.h>

struct Html {
    GString *out;
    GPtrArray *open; /* of const char *: names of the elements that are open */
    bool in_tag;     /* the last one's tag can still take attributes */
};

/* Elements that begin on a line of their own, for those who read the file. */
static const char *const LINES[] = {
    "article", "aside",  "body",  "caption", "dd",    "details", "div", "dl", "dt",
    "figure",  "footer", "g",     "h1",      "h2",    "h3",      "h4",  "h5", "head",
    "header",  "li",     "link",  "main",    "meta",  "nav",     "ol",  "p",  "section",
    "style",   "svg",    "table", "tbody",   "thead", "title",   "tr",  "ul", NULL};

/* Elements that HTML never closes (HTML Standard, 13.1.2, void elements), and those of SVG that
 * may close themselves. All others need a closing tag in HTML, even if empty. */
static const char *const EMPTY[] = {"br",   "circle", "col",  "hr",  "line", "link",
                                    "meta", "path",   "rect", "use", NULL};

Html *html_new(void)
{
    Html *html = g_new0(Html, 1);
    html->out = g_string_new(NULL);
    html->open = g_ptr_array_new();
    return html;
}

char *html_end(Html *html)
{
    g_assert(html->open->len == 0);
    g_ptr_array_unref(html->open);
    g_string_append_c(html->out, '\n');
    char *text = g_string_free(html->out, FALSE);
    g_free(html);
    return text;
}

static void append_letter(GString *out, gunichar letter)
{
    switch (letter) {
    case '&':
        g_string_append(out, "&amp;");
        break;
    case '<':
        g_string_append(out, "&lt;");
        break;
    case '>':
        g_string_append(out, "&gt;");
        break;
    case '"':
        g_string_append(out, "&quot;");
        break;
    case '\'':
        g_string_append(out, "&#39;");
        break;
    default:
        g_string_append_unichar(out, letter);
        break;
    }
}

/* XML 1.0, 2.2 forbids most control characters even as references, and U+FFFE and U+FFFF; line
 * feed and tab are all that our texts need. Formatting letters (U+202E) make text read otherwise
 * than it is. */
static bool may_stand(gunichar letter)
{
    if (letter == '\n' || letter == '\t')
        return true;
    return !g_unichar_iscntrl(letter) && g_unichar_type(letter) != G_UNICODE_FORMAT &&
           (letter & 0xfffe) != 0xfffe && !(letter >= 0xfdd0 && letter <= 0xfdef);
}

char *html_clean(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *out = g_string_new(NULL);

    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        gunichar letter = g_utf8_get_char(c);
        g_string_append_unichar(out, may_stand(letter) ? letter : 0xfffd);
    }
    return g_string_free(out, FALSE);
}

static void append_escaped(GString *out, const char *text)
{
    g_autofree char *clean = html_clean(text);

    for (const char *c = clean; *c != '\0'; c = g_utf8_next_char(c))
        append_letter(out, g_utf8_get_char(c));
}

static void end_tag(Html *html)
{
    if (html->in_tag)
        g_string_append_c(html->out, '>');
    html->in_tag = false;
}

static void open_element(Html *html, const char *element)
{
    end_tag(html);
    if (g_strv_contains(LINES, element) && html->out->len > 0)
        g_string_append_c(html->out, '\n');
    g_string_append_printf(html->out, "<%s", element);
    g_ptr_array_add(html->open, (gpointer)element);
    html->in_tag = true;
}

void html_attribute(Html *html, const char *name, const char *value)
{
    g_assert(html->in_tag);
    if (value == NULL)
        return;
    g_string_append_printf(html->out, " %s=\"", name);
    append_escaped(html->out, value);
    g_string_append_c(html->out, '"');
}

void html_number(Html *html, const char *name, int value)
{
    char text[16];
    g_snprintf(text, sizeof text, "%d", value);
    html_attribute(html, name, text);
}

static void add_attributes(Html *html, va_list pairs)
{
    const char *name;
    while ((name = va_arg(pairs, const char *)) != NULL)
        html_attribute(html, name, va_arg(pairs, const char *));
}

void html_open(Html *html, const char *element, ...)
{
    va_list pairs;

    open_element(html, element);
    va_start(pairs, element);
    add_attributes(html, pairs);
    va_end(pairs);
}

void html_close(Html *html, const char *element)
{
    g_assert(html->open->len > 0);
    const char *last = g_ptr_array_index(html->open, html->open->len - 1);
    g_assert_cmpstr(last, ==, element);
    g_ptr_array_set_size(html->open, (int)html->open->len - 1);
    if (html->in_tag && g_strv_contains(EMPTY, element)) {
        g_string_append(html->out, "/>");
        html->in_tag = false;
        return;
    }
    end_tag(html);
    g_string_append_printf(html->out, "</%s>", element);
}

void html_text(Html *html, const char *text)
{
    end_tag(html);
    append_escaped(html->out, text);
}

void html_format(Html *html, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    html_text(html, text);
}

void html_leaf(Html *html, const char *element, const char *text, ...)
{
    va_list pairs;

    if (text == NULL)
        return;
    open_element(html, element);
    va_start(pairs, text);
    add_attributes(html, pairs);
    va_end(pairs);
    html_text(html, text);
    html_close(html, element);
}

void html_own(Html *html, const char *markup)
{
    end_tag(html);
    g_string_append(html->out, markup);
}

void html_sentence(Html *html, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "`", -1);

    for (guint i = 0; parts[i] != NULL; i++) {
        if (i % 2 == 0)
            html_text(html, parts[i]);
        else if (parts[i + 1] != NULL)
            html_leaf(html, "code", parts[i], NULL);
        else
            html_format(html, "`%s", parts[i]); /* a mark without its end is a letter */
    }
}
