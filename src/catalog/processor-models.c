/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"
#include "catalog/cells.h"
#include "catalog/tables.h"

#include "base/error.h"

#include <string.h>

const char *const PROCESSOR_MODEL_COLUMNS[] = {"model", "family", "number", "needs",
                                               "adds",  "source", NULL};

enum {
    MODEL,
    FAMILY,
    NUMBER,
    NEEDS,
    ADDS,
    SOURCE,
};

enum { NUMBER_MAX = 0xff };

void catalog_processor_model_free(ProcessorModel *model)
{
    if (model == NULL)
        return;
    g_free(model->name);
    g_strfreev(model->needs);
    g_strfreev(model->add_flags);
    g_strfreev(model->add_features);
    g_free(model->source);
    g_free(model);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ProcessorModel, catalog_processor_model_free)

static bool read_hex(const Row *row, guint column, int *ret_number, GError **error)
{
    const char *text = table_cell(row->table, row->row, column);
    guint64 number;
    if (!g_ascii_string_to_unsigned(text, 16, 0, NUMBER_MAX, &number, NULL))
        return row_fail(row, error, "'%s' says '%s', which is no number from 0 to ff.",
                        row->columns[column], text);
    *ret_number = (int)number;
    return true;
}

/* "sse4_2:sse4.2 popcnt" */
static bool read_adds(ProcessorModel *model, const Row *row, GError **error)
{
    g_autoptr(GStrvBuilder) flags = g_strv_builder_new();
    g_autoptr(GStrvBuilder) features = g_strv_builder_new();
    g_auto(GStrv) words = NULL;

    if (!row_words(row, ADDS, &words, error))
        return false;
    for (char **word = words; *word != NULL; word++) {
        char *colon = strchr(*word, ':');
        if (colon != NULL)
            *colon = '\0';
        g_strv_builder_add(flags, *word);
        g_strv_builder_add(features, colon != NULL ? colon + 1 : *word);
    }
    model->add_flags = g_strv_builder_end(flags);
    model->add_features = g_strv_builder_end(features);
    return true;
}

static bool read_model(const Catalog *catalog, ProcessorModel *model, const Row *row,
                       GError **error)
{
    const char *name, *source;

    if (!row_text(row, MODEL, &name, error) || !row_text(row, SOURCE, &source, error) ||
        !read_hex(row, FAMILY, &model->family, error) ||
        !read_hex(row, NUMBER, &model->model, error) ||
        !row_words(row, NEEDS, &model->needs, error) || !read_adds(model, row, error))
        return false;
    model->name = g_strdup(name);
    model->source = g_strdup(source);
    if (model->needs[0] == NULL)
        return row_fail(row, error, "'needs' is empty.");
    if (catalog_processor_model(catalog, name) != NULL)
        return row_fail(row, error, "model '%s' is there twice.", name);
    model->processor = catalog_processor(catalog, "GenuineIntel", model->family, model->model);
    if (model->processor == NULL || model->processor->first == NULL)
        return row_fail(row, error, "no release knows a processor of family %x, model %x.",
                        (guint)model->family, (guint)model->model);
    return true;
}

/* What the releases name is there, and known to them. */
static bool check_releases(const Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(catalog->releases, i);
        const ProcessorModel *model = catalog_processor_model(catalog, release->cpu_model);
        if (model == NULL)
            return fail(error, ERROR_INPUT, "Table '%s' has no model '%s', which release '%s' has.",
                        table->name, release->cpu_model, release->id);
        if (!catalog_knows_processor(model->processor, release))
            return fail(error, ERROR_INPUT,
                        "Table '%s': release '%s' does not know its model '%s'.", table->name,
                        release->id, model->name);
    }
    return true;
}

bool catalog_read_processor_models(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, PROCESSOR_MODEL_COLUMNS};
        g_autoptr(ProcessorModel) model = g_new0(ProcessorModel, 1);

        if (!read_model(catalog, model, &row, error))
            return false;
        g_ptr_array_add(catalog->processor_models, g_steal_pointer(&model));
    }
    return check_releases(catalog, table, error);
}

const ProcessorModel *catalog_processor_model(const Catalog *catalog, const char *name)
{
    for (guint i = 0; i < catalog->processor_models->len; i++) {
        const ProcessorModel *model = g_ptr_array_index(catalog->processor_models, i);
        if (strcmp(model->name, name) == 0)
            return model;
    }
    return NULL;
}
