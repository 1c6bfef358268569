/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/known.h"

#include "catalog/cells.h"

#include <string.h>

static const char *const KEXT_COLUMNS[] = {"bundle", "executable", "parent", "since",
                                           "until",  "source",     NULL};
enum { BUNDLE, EXECUTABLE, PARENT, KEXT_SINCE, KEXT_UNTIL, KEXT_SOURCE };

static const char *const VARIABLE_COLUMNS[] = {"guid", "name", "form", "since", "source", NULL};
enum { GUID, NAME, FORM, SINCE, SOURCE };

static const char *const MODEL_COLUMNS[] = {"model", "source", NULL};
enum { MODEL, MODEL_SOURCE };

static void kext_free(KnownKext *kext)
{
    g_free(kext->bundle);
    g_free(kext->executable);
    g_free(kext->parent);
    g_free(kext);
}

static void variable_free(KnownVariable *variable)
{
    g_free(variable->guid);
    g_free(variable->name);
    g_strfreev(variable->choices);
    g_free(variable);
}

void known_free(Known *known)
{
    if (known == NULL)
        return;
    g_ptr_array_unref(known->kexts);
    g_ptr_array_unref(known->variables);
    g_hash_table_unref(known->models);
    g_free(known);
}

static bool read_kexts(Known *known, const Schema *schema, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-kexts.table", KEXT_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, KEXT_COLUMNS};
        const char *bundle, *since, *source, *until = table_cell(table, i, KEXT_UNTIL);
        guint first, last = schema->versions->len - 1;
        if (!row_text(&row, BUNDLE, &bundle, error) || !row_text(&row, KEXT_SINCE, &since, error) ||
            !row_text(&row, KEXT_SOURCE, &source, error) ||
            !schema_find_version(schema, since, &first, error) ||
            (*until != '\0' && !schema_find_version(schema, until, &last, error)))
            return false;
        KnownKext *kext = g_new0(KnownKext, 1);
        kext->bundle = g_strdup(bundle);
        kext->executable = g_strdup(table_cell(table, i, EXECUTABLE));
        kext->parent = g_strdup(table_cell(table, i, PARENT));
        kext->first = first;
        kext->last = last;
        g_ptr_array_add(known->kexts, kext);
    }
    return table != NULL;
}

/* `size 4`, `byte 30 31`, `text`, `color` */
static bool read_form(KnownVariable *variable, const Row *row, GError **error)
{
    g_auto(GStrv) words = NULL;
    guint64 size = 0;
    if (!row_words(row, FORM, &words, error))
        return false;
    if (g_strcmp0(words[0], "text") == 0 && words[1] == NULL) {
        variable->form = FORM_TEXT;
    } else if (g_strcmp0(words[0], "color") == 0 && words[1] == NULL) {
        variable->form = FORM_COLOR;
    } else if (g_strcmp0(words[0], "byte") == 0 && words[1] != NULL) {
        variable->form = FORM_BYTE;
        variable->choices = g_strdupv(words + 1);
    } else if (g_strcmp0(words[0], "size") == 0 && words[1] != NULL &&
               g_ascii_string_to_unsigned(words[1], 10, 1, 65536, &size, NULL)) {
        variable->form = FORM_SIZE;
        variable->size = (guint)size;
    } else {
        return row_fail(row, error, "'form' says '%s', which is none.",
                        table_cell(row->table, row->row, FORM));
    }
    return true;
}

static bool read_variables(Known *known, const Schema *schema, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-nvram.table", VARIABLE_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, VARIABLE_COLUMNS};
        const char *guid, *name, *since, *source;
        if (!row_text(&row, GUID, &guid, error) || !row_text(&row, NAME, &name, error) ||
            !row_text(&row, SINCE, &since, error) || !row_text(&row, SOURCE, &source, error))
            return false;
        KnownVariable *variable = g_new0(KnownVariable, 1);
        g_ptr_array_add(known->variables, variable);
        variable->guid = strcmp(guid, "device") != 0 ? g_strdup(guid) : NULL;
        variable->name = g_strdup(name);
        if (!read_form(variable, &row, error) ||
            !schema_find_version(schema, since, &variable->first, error))
            return false;
    }
    return table != NULL;
}

static bool read_models(Known *known, GError **error)
{
    g_autoptr(Table) table = table_load("opencore-models.table", MODEL_COLUMNS, error);
    for (guint i = 0; table != NULL && i < table->rows->len; i++) {
        const Row row = {table, i, MODEL_COLUMNS};
        const char *model, *source;
        if (!row_text(&row, MODEL, &model, error) || !row_text(&row, MODEL_SOURCE, &source, error))
            return false;
        if (!g_hash_table_add(known->models, g_strdup(model)))
            return row_fail(&row, error, "'%s' is there twice.", model);
    }
    return table != NULL;
}

Known *known_load(const Schema *schema, GError **error)
{
    g_autoptr(Known) known = g_new0(Known, 1);
    known->kexts = g_ptr_array_new_with_free_func((GDestroyNotify)kext_free);
    known->variables = g_ptr_array_new_with_free_func((GDestroyNotify)variable_free);
    known->models = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!read_kexts(known, schema, error) || !read_variables(known, schema, error) ||
        !read_models(known, error))
        return NULL;
    return g_steal_pointer(&known);
}

const KnownKext *known_kext(const Known *known, const char *bundle, guint version)
{
    for (guint i = 0; i < known->kexts->len; i++) {
        const KnownKext *kext = g_ptr_array_index(known->kexts, i);
        if (version >= kext->first && version <= kext->last && strcmp(kext->bundle, bundle) == 0)
            return kext;
    }
    return NULL;
}

const KnownVariable *known_variable(const Known *known, const char *guid, const char *name,
                                    guint version)
{
    for (guint i = 0; i < known->variables->len; i++) {
        const KnownVariable *variable = g_ptr_array_index(known->variables, i);
        bool same_owner = guid == NULL || variable->guid == NULL
                              ? guid == variable->guid
                              : g_ascii_strcasecmp(guid, variable->guid) == 0;
        if (same_owner && version >= variable->first && strcmp(variable->name, name) == 0)
            return variable;
    }
    return NULL;
}

bool known_model(const Known *known, const char *model)
{
    return g_hash_table_contains(known->models, model);
}
