/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/svg.h"

#include <string.h>

void svg_open(Html *html, const char *class, const char *id, int width, int height,
              const char *title, const char *description)
{
    g_autofree char *box = g_strdup_printf("0 0 %d %d", width, height);
    g_autofree char *title_id = g_strconcat(id, "-title", NULL);
    g_autofree char *text_id = g_strconcat(id, "-text", NULL);
    g_autofree char *both = g_strconcat(title_id, " ", text_id, NULL);

    html_open(html, "svg", "xmlns", SVG_NAMESPACE, "id", id, "class", class, "viewBox", box, "role",
              "img", "aria-labelledby", both, NULL);
    html_number(html, "width", width);
    html_number(html, "height", height);
    html_leaf(html, "title", title, "id", title_id, NULL);
    html_leaf(html, "desc", description, "id", text_id, NULL);
}

void svg_close(Html *html)
{
    html_close(html, "svg");
}

void svg_rect(Html *html, const char *class, int x, int y, int width, int height, int radius)
{
    html_open(html, "rect", "class", class, NULL);
    html_number(html, "x", x);
    html_number(html, "y", y);
    html_number(html, "width", width);
    html_number(html, "height", height);
    if (radius > 0)
        html_number(html, "rx", radius);
    html_close(html, "rect");
}

void svg_circle(Html *html, const char *class, int x, int y, int radius)
{
    html_open(html, "circle", "class", class, NULL);
    html_number(html, "cx", x);
    html_number(html, "cy", y);
    html_number(html, "r", radius);
    html_close(html, "circle");
}

void svg_line(Html *html, const char *class, int x1, int y1, int x2, int y2)
{
    html_open(html, "line", "class", class, NULL);
    html_number(html, "x1", x1);
    html_number(html, "y1", y1);
    html_number(html, "x2", x2);
    html_number(html, "y2", y2);
    html_close(html, "line");
}

void svg_text(Html *html, const char *class, int x, int y, const char *text)
{
    html_open(html, "text", "class", class, NULL);
    html_number(html, "x", x);
    html_number(html, "y", y);
    html_text(html, text);
    html_close(html, "text");
}

void svg_format(Html *html, const char *class, int x, int y, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    svg_text(html, class, x, y, text);
}

static guint letter_columns(gunichar letter)
{
    return g_unichar_iswide(letter) ? 2 : 1;
}

/* The bytes of TEXT that fit, all of them or up to the last space among them where there is one. */
static gsize fitting(const char *text, guint columns)
{
    const char *end = text, *space = NULL;
    guint used = 0;

    for (; *end != '\0'; end = g_utf8_next_char(end)) {
        used += letter_columns(g_utf8_get_char(end));
        if (used > columns)
            break;
        if (*end == ' ')
            space = end;
    }
    return *end != '\0' && space != NULL ? (gsize)(space - text) : (gsize)(end - text);
}

char *svg_fit(const char *text, guint columns)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const char *end = valid;
    guint used = 0;

    for (; *end != '\0'; end = g_utf8_next_char(end)) {
        guint next = used + letter_columns(g_utf8_get_char(end));
        if (next > columns)
            break;
        used = next;
    }
    if (*end == '\0')
        return g_steal_pointer(&valid);
    /* the ellipsis takes the last one's place */
    const char *last = g_utf8_find_prev_char(valid, end);
    g_autofree char *start = g_strndup(valid, last != NULL ? (gsize)(last - valid) : 0);
    return g_strconcat(g_strchomp(start), "…", NULL);
}

int svg_lines(Html *html, const char *class, int x, int y, int step, const char *text,
              guint columns, int lines)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const char *rest = valid;
    int count = 0;

    while (*rest != '\0' && count < lines) {
        gsize length = count + 1 < lines ? fitting(rest, columns) : strlen(rest);
        g_autofree char *line = g_strndup(rest, length);
        g_autofree char *fit = svg_fit(line, columns);
        if (html != NULL)
            svg_text(html, class, x, y + count * step, fit);
        count++;
        rest += length;
        rest += strspn(rest, " ");
    }
    return count;
}
