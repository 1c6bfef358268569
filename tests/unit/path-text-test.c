/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of the steps and the glossary: whole, for every host, and nothing of a host's in them
 * that would be taken for Markdown. */
#include "base/error.h"
#include "catalog/glossary.h"
#include "facts/snapshot.h"
#include "host.h"
#include "path/text.h"
#include "walk.h"

#include <string.h>

static char *source_path(const char *folder)
{
    return g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), folder, NULL);
}

static Facts *recorded(const char *folder, const char *file)
{
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    gsize length = 0;

    g_file_get_contents(path, &text, &length, &error);
    g_assert_no_error(error);
    Facts *facts = facts_read(text, length, file, &error);
    g_assert_no_error(error);
    return facts;
}

static char *text_of(const Path *path, const char *id)
{
    g_autoptr(GError) error = NULL;
    char *text = path_text(path, id, &error);
    g_assert_no_error(error);
    return text;
}

/* The parts that every text has, in this order and no others. */
static void assert_headings(const char *id, const char *text)
{
    static const char *const HEADINGS[] = {"What it is",
                                           "Why",
                                           "How Rootstock does it",
                                           "By hand",
                                           "How to see that it worked",
                                           "What usually goes wrong"};
    g_auto(GStrv) parts = g_strsplit(text, "## ", -1);

    if (g_strv_length(parts) != G_N_ELEMENTS(HEADINGS) + 1)
        g_error("%s has %u headings", id, g_strv_length(parts) - 1);
    g_assert_cmpstr(parts[0], ==, "");
    for (guint i = 0; i < G_N_ELEMENTS(HEADINGS); i++) {
        g_autofree char *line = g_strdup_printf("%s\n\n", HEADINGS[i]);
        if (!g_str_has_prefix(parts[i + 1], line) || strlen(parts[i + 1]) < strlen(line) + 20)
            g_error("%s: '%s' is missing, empty or elsewhere", id, HEADINGS[i]);
    }
}

static void assert_texts(const Facts *facts)
{
    g_auto(Walk) walk = walk_path(facts);

    for (guint i = 0; i < path_step_count(); i++) {
        const char *id = step_id(path_step_row(i));
        g_autofree char *text = text_of(walk.path, id);
        assert_headings(id, text);
        if (strstr(text, "{{") != NULL)
            g_error("%s: there are braces left: %s", id, strstr(text, "{{"));
        g_assert_true(g_utf8_validate(text, -1, NULL));
    }
}

static void every_step_has_its_text_on_every_host(void)
{
    g_autofree char *folder = source_path("tests/hosts");
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(Facts) nothing = facts_new();
    const char *file;
    guint hosts = 0;

    assert_texts(nothing);
    while ((file = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(file, ".json"))
            continue;
        g_test_message("%s", file);
        g_autoptr(Facts) facts = recorded(folder, file);
        assert_texts(facts);
        hosts++;
    }
    g_assert_cmpuint(hosts, >, 3);
}

static void every_text_has_its_step(void)
{
    g_autofree char *folder = source_path("data/steps");
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *file;
    guint texts = 0;

    while ((file = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(file, ".md"))
            continue;
        g_autofree char *id = g_strndup(file, strlen(file) - strlen(".md"));
        if (path_step_named(id) == NULL)
            g_error("no step has the text %s", file);
        texts++;
    }
    g_assert_cmpuint(texts, ==, path_step_count());
}

/* Adds the links of the text NAME ("step:kvm") to USED, and sees that each leads somewhere. */
static void follow_links(const char *name, const char *text, const Glossary *glossary,
                         GHashTable *used)
{
    g_autoptr(GRegex) regex = g_regex_new("\\]\\((term|step):([^)]*)\\)", 0, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;

    for (g_regex_match(regex, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_autofree char *kind = g_match_info_fetch(match, 1);
        g_autofree char *target = g_match_info_fetch(match, 2);
        const Term *term = strcmp(kind, "term") == 0 ? glossary_term(glossary, target) : NULL;

        if (strcmp(kind, "step") == 0 ? path_step_named(target) == NULL
                                      : term == NULL || strcmp(term->id, target) != 0)
            g_error("%s: nothing is behind the link %s:%s", name, kind, target);
        char *link = g_strdup_printf("%s:%s", kind, target);
        if (strcmp(link, name) == 0)
            g_error("%s leads to itself", name);
        g_hash_table_add(used, link);
    }
}

static void links_lead_somewhere_and_terms_are_used(void)
{
    g_autoptr(Glossary) glossary = glossary_load(NULL);
    g_autoptr(GHashTable) used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Facts) nothing = facts_new(); /* shows what is for any host */
    g_auto(Walk) walk = walk_path(nothing);

    g_assert_nonnull(glossary);
    g_assert_cmpuint(glossary->terms->len, >=, 45);
    for (guint i = 0; i < path_step_count(); i++) {
        const char *id = step_id(path_step_row(i));
        g_autofree char *text = text_of(walk.path, id);
        g_autofree char *name = g_strconcat("step:", id, NULL);
        follow_links(name, text, glossary, used);
    }
    for (guint i = 0; i < glossary->terms->len; i++) {
        const Term *term = g_ptr_array_index(glossary->terms, i);
        g_autofree char *text = g_strconcat(term->summary, "\n", term->text, NULL);
        g_autofree char *name = g_strconcat("term:", term->id, NULL);
        follow_links(name, text, glossary, used);
    }
    for (guint i = 0; i < glossary->terms->len; i++) {
        const Term *term = g_ptr_array_index(glossary->terms, i);
        g_autofree char *link = g_strconcat("term:", term->id, NULL);
        if (!g_hash_table_contains(used, link))
            g_error("no text uses the term %s", term->id);
        g_assert_true(g_str_has_suffix(term->summary, "."));
    }
}

/* One word means one term. */
static void terms_are_told_apart(void)
{
    g_autoptr(Glossary) glossary = glossary_load(NULL);

    for (guint i = 0; i < glossary->terms->len; i++) {
        const Term *term = g_ptr_array_index(glossary->terms, i);
        g_assert_true(glossary_term(glossary, term->id) == term);
        g_assert_true(glossary_term(glossary, term->name) == term);
        for (char **other = term->others; *other != NULL; other++) {
            if (glossary_term(glossary, *other) != term)
                g_error("'%s' is %s and %s", *other, term->id, glossary_term(glossary, *other)->id);
        }
    }
    g_assert_cmpstr(glossary_term(glossary, "vt-d")->id, ==, "iommu");
    g_assert_null(glossary_term(glossary, "nothing of the kind"));
}

static void a_glossary_that_is_wrong_is_refused(void)
{
    static const char *const CASES[] = {"## iommu\ntext\n", "## a | A\n\n## b | B\ntext\n",
                                        "## | A\ntext\n"};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(glossary_parse(CASES[i], "test.md", &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, "test.md"));
    }
}

static char *expand(const Facts *facts, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_auto(Walk) walk = walk_path(facts);
    char *expanded = path_text_expand(walk.path, "kvm", text, "test.md", &error);
    g_assert_no_error(error);
    return expanded;
}

static void assert_expanded(const Facts *facts, const char *text, const char *expected)
{
    g_autofree char *expanded = expand(facts, text);
    g_assert_cmpstr(expanded, ==, expected);
}

static void values_are_filled_in(void)
{
    g_autoptr(Facts) facts = host_new();
    PciFunction *card = host_pci(facts, "0000:0a:00.0", 0x0300, 0x1002, 0x73ff, 15);
    card->boot_vga = TRI_YES;
    card->modules = host_words("vfio-pci amdgpu");
    facts->distribution.id = g_strdup("debian");

    assert_expanded(facts, "{{gpu}}, {{gpu.short}}, `{{gpu.ids}}`, {{gpu.driver}}, {{step}}\n",
                    "0000:0a:00.0, 0a:00.0, `1002:73ff`, amdgpu, kvm\n");
    assert_expanded(facts, "{{machine}} {{kernel}}\n", "NAME VERSION\n");
    assert_expanded(facts, "a{{gpu.option}}\n", "a --gpu 0000:0a:00.0\n");
}

static void conditions_choose(void)
{
    static const char TEXT[] = "{{#distribution.debian}}\napt\n{{/distribution.debian}}\n"
                               "{{#distribution.arch}}\npacman\n{{/distribution.arch}}\n"
                               "{{^cpu.amd}}\nno AMD\n{{/cpu.amd}}\n";
    g_autoptr(Facts) debian = host_new();
    g_autoptr(Facts) derived = host_new();
    g_autoptr(Facts) unknown = facts_new();
    debian->distribution.id = g_strdup("debian");
    derived->distribution.id = g_strdup("manjaro");
    derived->distribution.like = host_words("arch");

    assert_expanded(debian, TEXT, "apt\nno AMD\n");
    assert_expanded(derived, TEXT, "pacman\nno AMD\n");
    assert_expanded(unknown, TEXT, "apt\npacman\n");
}

/* The host's own words are words. */
static void what_a_host_says_is_no_markdown(void)
{
    g_autoptr(Facts) facts = host_new();
    g_free(facts->cpu.name);
    facts->cpu.name = g_strdup("*i7* [x](term:y)\n# <b>`rm`\033[2J\xff");

    assert_expanded(facts, "{{cpu}}\n",
                    "\\*i7\\* \\[x\\]\\(term:y\\)?\\# \\<b\\>\\`rm\\`?\\[2J?\n");
    assert_expanded(facts, "`{{cpu}}`\n", "`*i7* [x](term:y)?# <b>?rm??[2J?`\n");
    assert_expanded(facts, "```\n{{cpu}}\n```\n", "```\n*i7* [x](term:y)?# <b>?rm??[2J?\n```\n");
}

static void assert_wrong(const char *text, const char *message)
{
    g_autoptr(Facts) facts = facts_new();
    g_auto(Walk) walk = walk_path(facts);
    g_autoptr(GError) error = NULL;

    g_assert_null(path_text_expand(walk.path, "kvm", text, "test.md", &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, message));
}

static void texts_that_are_wrong_are_refused(void)
{
    assert_wrong("{{nonsense}}\n", "nonsense");
    assert_wrong("{{gpu\n", "an end is missing");
    assert_wrong("{{#nonsense}}\n{{/nonsense}}\n", "nonsense");
    assert_wrong("{{#gpu}}\n", "does not end");
    assert_wrong("{{#gpu}}\n{{/cpu.amd}}\n", "cpu.amd");
    assert_wrong("{{#gpu}}\n{{#cpu.amd}}\n{{/cpu.amd}}\n{{/gpu}}\n", "stands in another");
    assert_wrong("{{/gpu}}\n", "nothing ends");
    assert_wrong("{{> nothing-of-the-kind}}\n", "nothing-of-the-kind");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/path/text/every-host", every_step_has_its_text_on_every_host);
    g_test_add_func("/path/text/every-step", every_text_has_its_step);
    g_test_add_func("/path/text/links", links_lead_somewhere_and_terms_are_used);
    g_test_add_func("/path/text/terms", terms_are_told_apart);
    g_test_add_func("/path/text/glossary", a_glossary_that_is_wrong_is_refused);
    g_test_add_func("/path/text/values", values_are_filled_in);
    g_test_add_func("/path/text/conditions", conditions_choose);
    g_test_add_func("/path/text/foreign", what_a_host_says_is_no_markdown);
    g_test_add_func("/path/text/wrong", texts_that_are_wrong_are_refused);
    return g_test_run();
}
