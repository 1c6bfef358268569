/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "catalog/glossary.h"
#include "cli/cmd.h"
#include "cli/markdown.h"
#include "cli/pager.h"
#include "cli/suggest.h"

#include <stdio.h>
#include <string.h>

static bool fail_term(const Glossary *glossary, const char *word, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < glossary->terms->len; i++)
        g_ptr_array_add(names, ((const Term *)g_ptr_array_index(glossary->terms, i))->id);
    const char *nearest = suggest_nearest(word, names);
    if (nearest != NULL)
        return fail(error, ERROR_INPUT, "There is no term '%.60s'. Did you mean '%s'?", word,
                    nearest);
    return fail(error, ERROR_INPUT, "There is no term '%.60s'. `rootstock explain` lists them.",
                word);
}

static void print_term(const Output *output, const Term *term)
{
    g_autofree char *others = g_strjoinv(", ", term->others);
    g_autofree char *text = g_strconcat(term->summary, "\n\n", term->text, NULL);
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func(g_free);

    printf("%s%s%s%s%s%s\n\n", output_tone(output, TONE_STRONG), term->name,
           output_tone_end(output, TONE_STRONG), *others != '\0' ? " (" : "", others,
           *others != '\0' ? ")" : "");
    markdown_print(output, text, links);
    for (guint i = 0; i < links->len; i++) {
        const char *link = g_ptr_array_index(links, i);
        bool is_term = g_str_has_prefix(link, "term:");
        if (i == 0)
            putchar('\n');
        printf("rootstock %s %s\n", is_term ? "explain" : "guide", link + strlen("term:"));
    }
}

/* Links have no place in a list: their words alone. */
static char *without_links(const char *markdown)
{
    g_autoptr(GRegex) link = g_regex_new("\\[([^\\]]*)\\]\\([^)]*\\)", 0, 0, NULL);
    return g_regex_replace(link, markdown, -1, 0, "\\1", 0, NULL);
}

static guint widest_id(const Glossary *glossary)
{
    gsize widest = 0;
    for (guint i = 0; i < glossary->terms->len; i++)
        widest = MAX(widest, strlen(((const Term *)g_ptr_array_index(glossary->terms, i))->id));
    return (guint)widest;
}

static void print_list(const Output *output, const Glossary *glossary)
{
    guint width = widest_id(glossary) + 2;
    OsPager pager;

    pager_begin(&pager, output);
    for (guint i = 0; i < glossary->terms->len; i++) {
        const Term *term = g_ptr_array_index(glossary->terms, i);
        g_autofree char *summary = without_links(term->summary);
        output_named(output, width, term->id, TONE_PLAIN, summary);
    }
    os_pager_end(&pager);
}

static void write_term(const Term *term, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_string(json, "id", term->id);
    jw_string(json, "name", term->name);
    jw_strings_known(json, "others", term->others);
    jw_string(json, "summary", term->summary);
    jw_string(json, "text", term->text);
    jw_end_object(json);
}

/* TERM NULL: all of them. */
static bool print_json(const Glossary *glossary, const Term *term, GError **error)
{
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_begin_array(json, "terms");
    if (term != NULL)
        write_term(term, json);
    for (guint i = 0; term == NULL && i < glossary->terms->len; i++)
        write_term(g_ptr_array_index(glossary->terms, i), json);
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_explain(Context *context, GError **error)
{
    const char *word = context->line->argument;
    g_autoptr(Glossary) glossary = glossary_load(error);
    if (glossary == NULL)
        return -1;
    const Term *term = word != NULL ? glossary_term(glossary, word) : NULL;

    if (word != NULL && term == NULL) {
        fail_term(glossary, word, error);
        return -1;
    }
    if (context->output.json)
        return print_json(glossary, term, error) ? 0 : -1;
    if (term != NULL)
        print_term(&context->output, term);
    else
        print_list(&context->output, glossary);
    return 0;
}
