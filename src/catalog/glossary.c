/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/glossary.h"

#include "base/data.h"
#include "base/error.h"

#include <stdbool.h>
#include <string.h>

static void term_free(Term *term)
{
    g_free(term->id);
    g_free(term->name);
    g_strfreev(term->others);
    g_free(term->summary);
    g_free(term->text);
    g_free(term);
}

/* "iommu | IOMMU | VT-d, AMD-Vi"; the last part may be missing. */
static Term *term_from_heading(const char *heading, const char *name, guint line, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(heading, "|", 3);
    guint count = g_strv_length(parts);

    for (guint i = 0; i < count; i++)
        g_strstrip(parts[i]);
    if (count < 2 || *parts[0] == '\0' || *parts[1] == '\0')
        return fail_null(error, ERROR_INPUT, "%s, line %u: '%s' is no term; write `## id | name`.",
                         name, line, heading);
    Term *term = g_new0(Term, 1);
    term->id = g_strdup(parts[0]);
    term->name = g_strdup(parts[1]);
    term->others = g_strsplit(count > 2 ? parts[2] : "", ", ", -1);
    return term;
}

/* The first paragraph, and what follows it. */
static bool set_text(Term *term, const char *body, const char *name, GError **error)
{
    g_autofree char *stripped = g_strstrip(g_strdup(body));
    g_auto(GStrv) paragraphs = g_strsplit(stripped, "\n\n", 2);

    if (paragraphs[0] == NULL)
        return fail(error, ERROR_INPUT, "%s: nothing is said of the term '%s'.", name, term->id);
    term->summary = g_strdelimit(g_strdup(paragraphs[0]), "\n", ' ');
    term->text = g_strdup(paragraphs[1] != NULL ? g_strstrip(paragraphs[1]) : "");
    return true;
}

static int compare_terms(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const Term *const *)a)->id, (*(const Term *const *)b)->id);
}

/* Reads one term, which begins at line INDEX; returns the line behind it. */
static guint read_term(Glossary *glossary, char *const *lines, guint index, const char *name,
                       GError **error)
{
    Term *term = term_from_heading(lines[index] + strlen("## "), name, index + 1, error);
    g_autoptr(GString) body = g_string_new(NULL);

    if (term == NULL)
        return 0;
    g_ptr_array_add(glossary->terms, term);
    for (index++; lines[index] != NULL && !g_str_has_prefix(lines[index], "## "); index++)
        g_string_append_printf(body, "%s\n", lines[index]);
    return set_text(term, body->str, name, error) ? index : 0;
}

Glossary *glossary_parse(const char *text, const char *name, GError **error)
{
    g_autoptr(Glossary) glossary = g_new0(Glossary, 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint i = 0;

    glossary->terms = g_ptr_array_new_with_free_func((GDestroyNotify)term_free);
    while (lines[i] != NULL && !g_str_has_prefix(lines[i], "## "))
        i++;
    while (lines[i] != NULL) {
        i = read_term(glossary, lines, i, name, error);
        if (i == 0)
            return NULL;
    }
    g_ptr_array_sort(glossary->terms, compare_terms);
    return g_steal_pointer(&glossary);
}

Glossary *glossary_load(GError **error)
{
    const char *text = data_text("glossary.md", error);
    return text != NULL ? glossary_parse(text, "glossary.md", error) : NULL;
}

void glossary_free(Glossary *glossary)
{
    if (glossary == NULL)
        return;
    g_ptr_array_unref(glossary->terms);
    g_free(glossary);
}

static bool is_called(const Term *term, const char *word)
{
    if (g_ascii_strcasecmp(term->id, word) == 0 || g_ascii_strcasecmp(term->name, word) == 0)
        return true;
    for (char *const *other = term->others; *other != NULL; other++) {
        if (g_ascii_strcasecmp(*other, word) == 0)
            return true;
    }
    return false;
}

const Term *glossary_term(const Glossary *glossary, const char *word)
{
    for (guint i = 0; i < glossary->terms->len; i++) {
        const Term *term = g_ptr_array_index(glossary->terms, i);
        if (is_called(term, word))
            return term;
    }
    return NULL;
}
