/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cmd.h"
#include "cli/describe.h"
#include "cli/grid.h"

#include "base/error.h"
#include "base/jsonwrite.h"

#include <string.h>

/* The family's name and Metal are shown where there is room. */
enum { WIDTH_FOR_FAMILIES = 120 };

static const GridColumn COLUMNS[] = {
    {"CARDS", GRID_WRAP}, {"RELEASES", 0}, {"RESET", 0},
    {"NEEDS", GRID_WRAP}, {"METAL", 0},    {"FAMILY", 0},
};
enum { CARDS, RELEASES, RESET, NEEDS, METAL, FAMILY, NARROW_COLUMNS = METAL };

/* Makers whose cards of FAMILY make trouble with RELEASE; NULL: with any. */
static GPtrArray *makers_to_avoid(const Catalog *catalog, const GraphicsFamily *family,
                                  const Release *release)
{
    GPtrArray *makers = g_ptr_array_new();

    for (guint i = 0; i < catalog->makers->len; i++) {
        const GraphicsMaker *maker = g_ptr_array_index(catalog->makers, i);
        bool about = release == NULL || (release->order >= maker->first->order &&
                                         release->order <= maker->last->order);
        if (about && g_ptr_array_find(maker->families, family, NULL))
            g_ptr_array_add(makers, maker->maker);
    }
    return makers;
}

static void add_sentence(GString *text, const char *sentence, const char *end)
{
    if (sentence[0] != '\0')
        g_string_append_printf(text, "%s%s%s", text->len > 0 ? " " : "", sentence, end);
}

static char *describe_needs(const Catalog *catalog, const GraphicsFamily *family,
                            const Release *release)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GPtrArray) makers = makers_to_avoid(catalog, family, release);
    g_autofree char *needs = catalog_graphics_needs(family, release);

    add_sentence(text, needs, ".");
    add_sentence(text, family->limits, "");
    add_sentence(text, family->doubt, "");
    for (guint i = 0; i < makers->len; i++)
        g_string_append_printf(text, "%s%s%s",
                               i > 0           ? ", "
                               : text->len > 0 ? " Not by "
                                               : "Not by ",
                               (const char *)g_ptr_array_index(makers, i),
                               i + 1 == makers->len ? "." : "");
    return g_string_free(text, FALSE);
}

static Tone reset_tone(const char *reset)
{
    if (strcmp(reset, "ok") == 0)
        return TONE_GOOD;
    return strcmp(reset, "bug") == 0 ? TONE_LIMITED : TONE_PLAIN;
}

static void print_families(const Context *context, const GPtrArray *families,
                           const Release *release)
{
    guint columns =
        context->output.width < WIDTH_FOR_FAMILIES ? NARROW_COLUMNS : G_N_ELEMENTS(COLUMNS);
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, columns);

    for (guint i = 0; i < families->len; i++) {
        const GraphicsFamily *family = g_ptr_array_index(families, i);
        g_autofree char *releases = describe_releases(family);
        g_autofree char *needs = describe_needs(context->catalog, family, release);

        grid_line(grid, GRID_TOP);
        grid_cell(grid, CARDS, TONE_PLAIN, family->cards);
        grid_cell(grid, RELEASES, TONE_PLAIN, releases);
        grid_cell(grid, RESET, reset_tone(family->reset), family->reset);
        grid_cell(grid, NEEDS, TONE_PLAIN, needs);
        if (columns == NARROW_COLUMNS)
            continue;
        grid_cell(grid, METAL, TONE_PLAIN, family->metal ? "yes" : "no");
        grid_cell_format(grid, FAMILY, TONE_PLAIN, "%s %s", family->vendor, family->name);
    }
    grid_print(grid);
}

static void print_text(const Context *context, const GPtrArray *families, const Release *release)
{
    const Output *output = &context->output;

    if (families->len == 0) {
        output_text(output, "No graphics card that one can buy is known for %s.", release->name);
        return;
    }
    if (!output->quiet)
        output_text(output, "Graphics cards to buy for %s, the best first:\n",
                    release != NULL ? release->name
                                    : "a guest, by the last release that they do "
                                      "for");
    print_families(context, families, release);
    if (output->quiet)
        return;
    output_section(output, NULL);
    output_text(output,
                "RESET says whether the card comes back after the guest has ended; `bug` needs the "
                "kernel module vendor-reset or a restart of the host. The chip decides, not the "
                "name: `rootstock check%s%s --gpu VENDOR:DEVICE` judges one card.",
                release != NULL ? " --os " : "", release != NULL ? release->id : "");
}

static void write_family(const Catalog *catalog, const GraphicsFamily *family,
                         const Release *release, JsonWrite *json)
{
    g_autoptr(GPtrArray) makers = makers_to_avoid(catalog, family, release);
    g_autofree char *needs = catalog_graphics_needs(family, release);
    g_auto(GStrv) ids = catalog_graphics_ids(catalog, family);

    jw_begin_object(json, NULL);
    jw_string(json, "family", family->name);
    jw_string(json, "vendor", family->vendor);
    jw_string(json, "cards", family->cards);
    jw_string(json, "first", family->first->version);
    jw_string(json, "last", family->last->version);
    jw_boolean(json, "native", family->native);
    jw_boolean(json, "metal", family->metal);
    jw_string(json, "needs", needs);
    jw_string(json, "limits", family->limits);
    jw_string(json, "reset", family->reset);
    describe_strings_json(json, "avoid", makers);
    jw_strings_known(json, "devices", ids);
    jw_string(json, "source", family->source);
    jw_end_object(json);
}

static bool print_json(const Context *context, const GPtrArray *families, const Release *release,
                       GError **error)
{
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_string(json, "release", release == NULL ? NULL : release->id);
    jw_begin_array(json, "gpus");
    for (guint i = 0; i < families->len; i++)
        write_family(context->catalog, g_ptr_array_index(families, i), release, json);
    jw_end_array(json);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_gpus(Context *context, GError **error)
{
    const Release *release;
    const Catalog *catalog = context_catalog(context, error);

    if (catalog == NULL || !context_release(context, &release, error))
        return -1;
    g_autoptr(GPtrArray) families = catalog_graphics_to_buy(catalog, release);
    if (!context->output.json)
        print_text(context, families, release);
    else if (!print_json(context, families, release, error))
        return -1;
    return families->len > 0 ? 0 : ERROR_REFUSED;
}
