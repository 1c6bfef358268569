/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/check-forms.h"

#include "cli/grid.h"

static const GridColumn COLUMNS[] = {{"WHAT", 0}, {"VALUE", GRID_WRAP}, {"WHY", GRID_WRAP}};

/* The guest's processor under what it would run on here: KVM, unless that is known not to work. */
static const ProcessorChoice *choice_of(const CheckQuestion *question,
                                        const ReleaseVerdict *release)
{
    return verdict_processor(release, question->facts->kvm.usable != TRI_NO);
}

/* What a guest would get of a processor that is not known would be guessed. */
static bool is_told(const CheckQuestion *question, const ReleaseVerdict *release)
{
    return release->cpu.answer != ANSWER_NO && question->facts->cpu.vendor != NULL;
}

static void add_line(Grid *grid, const char *what, const char *value, const char *why)
{
    grid_line(grid, GRID_TOP);
    grid_cell(grid, 0, TONE_PLAIN, what);
    grid_cell(grid, 1, TONE_PLAIN, value);
    grid_cell(grid, 2, TONE_PLAIN, why);
}

/* "8 processors: 1 socket, 8 cores" */
static char *describe_topology(const Topology *topology)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%d processor%s: %d socket%s", topology->count,
                           topology->count == 1 ? "" : "s", topology->sockets,
                           topology->sockets == 1 ? "" : "s");
    g_string_append_printf(text, "%s %d core%s", topology->sockets == 1 ? "," : " of",
                           topology->cores, topology->cores == 1 ? "" : "s");
    if (topology->threads > 1)
        g_string_append_printf(text, " of %d threads", topology->threads);
    return g_string_free(text, FALSE);
}

static void add_features(Grid *grid, const ProcessorChoice *choice)
{
    for (guint i = 0; i < choice->features->len; i++) {
        const ProcessorFeatures *features = &g_array_index(choice->features, ProcessorFeatures, i);
        g_autofree char *text = processor_features_text(features);
        add_line(grid, i == 0 ? "features" : "", text, features->reason);
    }
}

void check_print_processor(const Context *context, const CheckQuestion *question,
                           const ReleaseVerdict *release)
{
    const ProcessorChoice *choice = choice_of(question, release);
    g_autofree char *topology = describe_topology(choice->topology);

    if (!is_told(question, release))
        return;
    g_autoptr(Grid) grid = grid_new(&context->output, COLUMNS, G_N_ELEMENTS(COLUMNS));
    add_line(grid, "model", choice->model, choice->model_reason);
    add_line(grid, "vendor", "GenuineIntel", choice->vendor_reason);
    add_features(grid, choice);
    add_line(grid, "layout", topology, choice->topology_reason);
    output_section(&context->output, "The guest's processor");
    grid_print(grid);
}

static void write_features(JsonWrite *json, const ProcessorChoice *choice)
{
    jw_begin_array(json, "features");
    for (guint i = 0; i < choice->features->len; i++) {
        const ProcessorFeatures *features = &g_array_index(choice->features, ProcessorFeatures, i);
        for (guint j = 0; j < features->names->len; j++) {
            jw_begin_object(json, NULL);
            jw_string(json, "name", g_ptr_array_index(features->names, j));
            jw_boolean(json, "on", features->on);
            jw_string(json, "reason", features->reason);
            jw_end_object(json);
        }
    }
    jw_end_array(json);
}

static void write_topology(JsonWrite *json, const ProcessorChoice *choice)
{
    jw_begin_object(json, "topology");
    jw_integer(json, "processors", choice->topology->count);
    jw_integer(json, "sockets", choice->topology->sockets);
    jw_integer(json, "cores", choice->topology->cores);
    jw_integer(json, "threads", choice->topology->threads);
    jw_integer(json, "most", choice->most);
    jw_string(json, "reason", choice->topology_reason);
    jw_end_object(json);
}

void check_write_processor(JsonWrite *json, const CheckQuestion *question,
                           const ReleaseVerdict *release)
{
    const ProcessorChoice *choice = choice_of(question, release);

    if (!is_told(question, release))
        return;
    jw_string(json, "accelerator", choice->accelerated ? "kvm" : "tcg");
    jw_begin_object(json, "model");
    jw_string(json, "name", choice->model);
    jw_string(json, "reason", choice->model_reason);
    jw_end_object(json);
    jw_begin_object(json, "vendor");
    jw_string(json, "name", "GenuineIntel");
    jw_boolean(json, "spoofed", choice->vendor_intel);
    jw_string(json, "reason", choice->vendor_reason);
    jw_end_object(json);
    write_features(json, choice);
    write_topology(json, choice);
}
