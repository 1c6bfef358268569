/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/glossary.h"
#include "cli/cmd.h"
#include "cli/describe.h"
#include "cli/text.h"
#include "facts/collect.h"
#include "opencore/schema.h"

#include <stdio.h>
#include <string.h>

/* One candidate; its description must not hold what ends it. */
static void print_candidate(const char *candidate, const char *description)
{
    g_autofree char *printable = text_printable(description != NULL ? description : "");
    g_strdelimit(printable, "\t\n", ' ');
    printf("%s\t%s\n", candidate, printable);
}

static void print_machines(void)
{
    g_autoptr(Store) store = store_open(NULL, NULL);
    g_auto(GStrv) names = store != NULL ? store_list(store, NULL) : NULL;
    for (char **name = names; name != NULL && *name != NULL; name++)
        print_candidate(*name, "machine");
}

static void print_releases(void)
{
    g_autoptr(Catalog) catalog = catalog_load(NULL);
    for (guint i = 0; catalog != NULL && i < catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(catalog->releases, i);
        print_candidate(release->id, release->name);
    }
}

static void print_functions(bool cards_only)
{
    g_autoptr(OsRoot) root = os_root_open("/", NULL);
    g_autoptr(Facts) facts =
        root != NULL ? facts_collect(root, &(FactsOptions){.private_too = false}) : facts_new();

    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        g_autofree char *name = describe_function(function);
        /* PCI Code and ID Assignment Specification: base class 03h is a display controller */
        if (!cards_only || function->class_code >> 16 == 0x03)
            print_candidate(function->address, name);
    }
}

/* The keys of the newest OpenCore. */
static void print_config_keys(void)
{
    g_autoptr(Schema) schema = schema_load(NULL);
    guint version = schema != NULL ? schema_newest(schema) : 0;
    for (guint i = 1; schema != NULL && i < schema->nodes->len; i++) {
        const SchemaNode *node = g_ptr_array_index(schema->nodes, i);
        if ((node->versions >> version & 1) != 0 && strpbrk(node->path, "[*") == NULL)
            print_candidate(node->path, schema_type_name(node->type));
    }
}

static void print_steps(void)
{
    for (guint i = 0; i < path_step_count(); i++)
        print_candidate(step_id(path_step_row(i)), step_title(path_step_row(i)));
}

static void print_terms(void)
{
    g_autoptr(Glossary) glossary = glossary_load(NULL);
    for (guint i = 0; glossary != NULL && i < glossary->terms->len; i++) {
        const Term *term = g_ptr_array_index(glossary->terms, i);
        print_candidate(term->id, term->name);
    }
}

void complete_print(const char *kind)
{
    if (strcmp(kind, "machines") == 0)
        print_machines();
    else if (strcmp(kind, "releases") == 0)
        print_releases();
    else if (strcmp(kind, "config-keys") == 0)
        print_config_keys();
    else if (strcmp(kind, "functions") == 0)
        print_functions(false);
    else if (strcmp(kind, "cards") == 0)
        print_functions(true);
    else if (strcmp(kind, "steps") == 0)
        print_steps();
    else if (strcmp(kind, "terms") == 0)
        print_terms();
}
