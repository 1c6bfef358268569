/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts-shared.h"

#include "facts/paste.h"
#include "facts/snapshot.h"

#include <stdio.h>
#include <string.h>

Facts *facts_collected(const Tree *tree, FactsCollector *collector)
{
    static const FactsOptions OPTIONS = {.private_too = false};
    Facts *facts = facts_new();
    collector(tree->root, &OPTIONS, facts);
    return facts;
}

char *facts_written(const Facts *facts)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    g_assert_nonnull(stream);
    JsonWrite *json = jw_new(stream);
    facts_write(facts, json, NULL);
    g_assert_true(jw_finish(json, &error));
    fclose(stream);
    return text;
}

static char *posts_folder(void)
{
    return g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests/hosts/pasted", NULL);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *post_names(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = posts_folder();
    g_autoptr(GDir) files = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *file = g_dir_read_name(files); file != NULL; file = g_dir_read_name(files)) {
        g_assert_true(g_str_has_suffix(file, ".txt"));
        g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen(".txt")));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

char *post_text(const char *name, gsize *ret_length)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    g_autofree char *folder = posts_folder(), *file = g_strconcat(name, ".txt", NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    g_file_get_contents(path, &text, ret_length, &error);
    g_assert_no_error(error);
    return text;
}

Facts *facts_of_text(const char *text, gsize length)
{
    g_autoptr(GError) error = NULL;
    Facts *facts = facts_from_text(text, length, "text", &error);
    g_assert_no_error(error);
    return facts;
}

Facts *facts_of_lines(const char *text)
{
    return facts_of_text(text, strlen(text));
}

const PciFunction *function_at(const Facts *facts, const char *address)
{
    const PciFunction *function = facts_pci_function(facts, address);
    if (function == NULL)
        g_error("there is no %s", address);
    return function;
}

void assert_strv(char *const *found, const char *expected)
{
    g_assert_nonnull(found);
    g_autofree char *joined = g_strjoinv(" ", (char **)found);
    g_assert_cmpstr(joined, ==, expected);
}
