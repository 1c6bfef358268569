/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const PROCESSOR_COLUMNS[] = {
    "vendor", "family", "models",      "name",      "generation", "first",  "last", "hybrid",
    "doubt",  "limits", "limits_from", "limits_on", "note",       "source", NULL,
};

enum {
    VENDOR,
    FAMILY,
    MODELS,
    NAME,
    GENERATION,
    FIRST,
    LAST,
    HYBRID,
    DOUBT,
    LIMITS,
    LIMITS_FROM,
    LIMITS_ON,
    NOTE,
    SOURCE,
};

enum { NUMBER_MAX = 0xff };

void catalog_processor_free(Processor *processor)
{
    if (processor == NULL)
        return;
    g_free(processor->vendor);
    g_clear_pointer(&processor->families, g_array_unref);
    g_clear_pointer(&processor->models, g_array_unref);
    g_free(processor->name);
    g_free(processor->generation);
    g_free(processor->doubt);
    g_free(processor->limits);
    g_free(processor->note);
    g_free(processor->source);
    g_free(processor);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Processor, catalog_processor_free)

/* "5e", or "40-4f", in hexadecimal */
static bool parse_range(const char *text, NumberRange *ret_range)
{
    g_auto(GStrv) ends = g_strsplit(text, "-", 3);
    guint count = g_strv_length(ends);
    guint64 first, last;

    if (count == 0 || count > 2 ||
        !g_ascii_string_to_unsigned(ends[0], 16, 0, NUMBER_MAX, &first, NULL) ||
        !g_ascii_string_to_unsigned(ends[count - 1], 16, first, NUMBER_MAX, &last, NULL))
        return false;
    *ret_range = (NumberRange){(int)first, (int)last};
    return true;
}

static bool read_ranges(const Row *row, guint column, GArray **ret_ranges, GError **error)
{
    g_auto(GStrv) words = NULL;

    if (!row_words(row, column, &words, error))
        return false;
    *ret_ranges = g_array_new(FALSE, FALSE, sizeof(NumberRange));
    for (char **word = words; *word != NULL; word++) {
        NumberRange range;
        if (!parse_range(*word, &range))
            return row_fail(row, error, "'%s' says '%s', which is no number from 0 to ff.",
                            row->columns[column], *word);
        g_array_append_val(*ret_ranges, range);
    }
    if ((*ret_ranges)->len == 0)
        return row_fail(row, error, "'%s' is empty.", row->columns[column]);
    return true;
}

static bool overlap(const GArray *a, const GArray *b)
{
    for (guint i = 0; i < a->len; i++) {
        for (guint j = 0; j < b->len; j++) {
            const NumberRange *left = &g_array_index(a, NumberRange, i);
            const NumberRange *right = &g_array_index(b, NumberRange, j);
            if (left->first <= right->last && right->first <= left->last)
                return true;
        }
    }
    return false;
}

static bool read_names(Processor *processor, const Row *row, GError **error)
{
    static const char *const VENDORS[] = {"GenuineIntel", "AuthenticAMD", "HygonGenuine", NULL};
    const char *vendor, *name, *generation, *source;

    if (!row_one_of(row, VENDOR, VENDORS, &vendor, error) || !row_text(row, NAME, &name, error) ||
        !row_text(row, GENERATION, &generation, error) || !row_text(row, SOURCE, &source, error) ||
        !read_ranges(row, FAMILY, &processor->families, error) ||
        !read_ranges(row, MODELS, &processor->models, error))
        return false;
    processor->vendor = g_strdup(vendor);
    processor->name = g_strdup(name);
    processor->generation = g_strdup(generation);
    processor->source = g_strdup(source);
    return true;
}

static bool read_kernels(const Catalog *catalog, Processor *processor, const Row *row,
                         GError **error)
{
    static const char *const WORDS[] = {"no", "some", "yes", NULL};
    const char *hybrid;

    if (!catalog_read_range(catalog, row, FIRST, LAST, &processor->first, &processor->last,
                            error) ||
        !row_one_of(row, HYBRID, WORDS, &hybrid, error))
        return false;
    processor->hybrid = strcmp(hybrid, "some") == 0 ? TRI_UNKNOWN : tri(strcmp(hybrid, "no") != 0);
    if (processor->first != NULL && strcmp(processor->vendor, "GenuineIntel") != 0)
        return row_fail(row, error, "'first' must be 'none': XNU knows Intel's processors only.");
    return true;
}

static bool read_sentences(const Row *row, guint column, char **ret_text, GError **error)
{
    *ret_text = g_strdup(table_cell(row->table, row->row, column));
    if (**ret_text != '\0' && !g_str_has_suffix(*ret_text, "."))
        return row_fail(row, error, "'%s' must be whole sentences.", row->columns[column]);
    return true;
}

static bool read_limits(const Catalog *catalog, Processor *processor, const Row *row,
                        GError **error)
{
    static const char *const PLACES[] = {"", "notebooks", NULL};
    const char *from = table_cell(row->table, row->row, LIMITS_FROM);
    const char *place;

    if (!read_sentences(row, DOUBT, &processor->doubt, error) ||
        !read_sentences(row, LIMITS, &processor->limits, error) ||
        !read_sentences(row, NOTE, &processor->note, error) ||
        !row_one_of(row, LIMITS_ON, PLACES, &place, error))
        return false;
    processor->limits_notebooks = *place != '\0';
    processor->limits_from = *from != '\0' ? catalog_release(catalog, from) : NULL;
    if (*from != '\0' && processor->limits_from == NULL)
        return row_fail(row, error, "'limits_from' says '%s', which is no release's id.", from);
    if (processor->limits[0] == '\0' && (*from != '\0' || *place != '\0'))
        return row_fail(row, error, "'limits' is empty.");
    return true;
}

bool catalog_read_processors(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, PROCESSOR_COLUMNS};
        g_autoptr(Processor) processor = g_new0(Processor, 1);

        if (!read_names(processor, &row, error) || !read_kernels(catalog, processor, &row, error) ||
            !read_limits(catalog, processor, &row, error))
            return false;
        for (guint j = 0; j < catalog->processors->len; j++) {
            const Processor *other = g_ptr_array_index(catalog->processors, j);
            if (strcmp(other->vendor, processor->vendor) == 0 &&
                overlap(other->families, processor->families) &&
                overlap(other->models, processor->models))
                return row_fail(&row, error, "a model of '%s' is one of '%s', too.",
                                processor->name, other->name);
        }
        g_ptr_array_add(catalog->processors, g_steal_pointer(&processor));
    }
    return true;
}

static bool has_number(const GArray *ranges, int number)
{
    for (guint i = 0; i < ranges->len; i++) {
        const NumberRange *range = &g_array_index(ranges, NumberRange, i);
        if (number >= range->first && number <= range->last)
            return true;
    }
    return false;
}

const Processor *catalog_processor(const Catalog *catalog, const char *vendor, int family,
                                   int model)
{
    for (guint i = 0; vendor != NULL && i < catalog->processors->len; i++) {
        const Processor *processor = g_ptr_array_index(catalog->processors, i);
        if (strcmp(processor->vendor, vendor) == 0 && has_number(processor->families, family) &&
            has_number(processor->models, model))
            return processor;
    }
    return NULL;
}

bool catalog_knows_processor(const Processor *processor, const Release *release)
{
    return processor->first != NULL && release->order >= processor->first->order &&
           release->order <= processor->last->order;
}
