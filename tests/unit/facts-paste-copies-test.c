/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways that a text comes: what is read from a post stays what it is. */
#include "facts-shared.h"

#include <string.h>

typedef struct {
    const char *name;
    const char *start;          /* of the whole */
    const char *before, *after; /* each line; AFTER has the line's end */
    const char *space;          /* for each space; NULL: as it is */
    const char *charset;        /* NULL: UTF-8 */
    bool markup;                /* with &lt; for < and its like */
} Way;

static const Way WAYS[] = {
    {.name = "windows", .after = "\r\n"},
    {.name = "macintosh", .after = "\r"},
    {.name = "byte-order-mark", .start = "\xef\xbb\xbf"},
    {.name = "utf-16", .start = "\xef\xbb\xbf", .charset = "UTF-16LE"},
    {.name = "utf-16-big", .start = "\xef\xbb\xbf", .charset = "UTF-16BE"},
    {.name = "utf-16-no-mark", .charset = "UTF-16LE"},
    {.name = "entities", .markup = true},
    {.name = "html", .after = "<br>\n", .markup = true},
    {.name = "colours", .before = "\033[1;32m", .after = "\033[0m\n"},
    {.name = "colours-without-escape", .before = "[1;32m", .after = "[0m\n"},
    {.name = "quoted", .before = "> "},
    {.name = "indented", .before = "    "},
    {.name = "spaces-behind", .after = "   \n"},
    {.name = "no-break-spaces", .space = "\xc2\xa0"},
};

static char *recode(const GString *copy, const char *charset, gsize *ret_length)
{
    g_autoptr(GError) error = NULL;
    char *text =
        g_convert(copy->str, (gssize)copy->len, charset, "UTF-8", NULL, ret_length, &error);
    g_assert_no_error(error);
    return text;
}

static void append(GString *copy, const char *line, bool markup)
{
    for (; *line != '\0'; line++) {
        const char *name = *line == '<'   ? "&lt;"
                           : *line == '>' ? "&gt;"
                           : *line == '&' ? "&amp;"
                                          : NULL;
        if (markup && name != NULL)
            g_string_append(copy, name);
        else
            g_string_append_c(copy, *line);
    }
}

static char *copy_of(const char *text, const Way *way, gsize *ret_length)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) copy = g_string_new(way->start);

    for (char **line = lines; *line != NULL; line++) {
        g_string_append(copy, way->before != NULL ? way->before : "");
        append(copy, *line, way->markup);
        g_string_append(copy, way->after != NULL ? way->after : "\n");
    }
    if (way->space != NULL)
        g_string_replace(copy, " ", way->space, 0);
    if (way->charset != NULL)
        return recode(copy, way->charset, ret_length);
    *ret_length = copy->len;
    return g_strndup(copy->str, copy->len);
}

static void says_the_same(gconstpointer data)
{
    const Way *way = data;
    g_autoptr(GPtrArray) names = post_names();

    for (guint i = 0; i < names->len; i++) {
        gsize length = 0;
        g_autofree char *text = post_text(g_ptr_array_index(names, i), &length);
        if (way->markup && strstr(text, "</") != NULL) /* it is HTML already */
            continue;
        g_autoptr(Facts) facts = facts_of_text(text, length);
        g_autofree char *copy = copy_of(text, way, &length);
        g_autoptr(Facts) other = facts_of_text(copy, length);
        g_autofree char *expected = facts_written(facts), *actual = facts_written(other);
        g_test_message("%s", (char *)g_ptr_array_index(names, i));
        g_assert_cmpstr(actual, ==, expected);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(WAYS); i++) {
        g_autofree char *path = g_strconcat("/facts/paste/copies/", WAYS[i].name, NULL);
        g_test_add_data_func(path, &WAYS[i], says_the_same);
    }
    return g_test_run();
}
