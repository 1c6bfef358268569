/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/handbook.h"
#include "cli/markdown.h"
#include "cli/pager.h"
#include "cli/step-out.h"
#include "cli/suggest.h"
#include "path/text.h"

#include <stdio.h>
#include <string.h>

enum { LABEL_WIDTH = 10 };

static bool fail_step(const char *id, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < path_step_count(); i++)
        g_ptr_array_add(names, (gpointer)step_id(path_step_row(i)));
    const char *nearest = suggest_nearest(id, names);
    if (nearest != NULL)
        return fail(error, ERROR_INPUT, "There is no step '%.60s'. Did you mean '%s'?", id,
                    nearest);
    return fail(error, ERROR_INPUT, "There is no step '%.60s'. `rootstock status` lists them.", id);
}

/* The step that is asked for, or the next one. */
static const PathStep *find_step(const Context *context, const Path *path, GError **error)
{
    const char *id = context->line->argument;
    const PathStep *step = id != NULL ? path_step(path, id) : path_next(path);

    if (step == NULL && id != NULL)
        fail_step(id, error);
    else if (step == NULL)
        fail(error, ERROR_REFUSED,
             "There is no next step: nothing on the path is left to do. `rootstock status` shows "
             "all of it, and `rootstock guide STEP` explains a step.");
    return step;
}

static void print_here(const Output *output, const PathStep *step)
{
    g_autofree char *sentences = step_sentences(step);
    g_autofree char *here = g_strdup_printf("%s%s%s", step_state_word(step->state),
                                            *sentences != '\0' ? ". " : "", sentences);
    g_autofree char *title = g_strdup_printf("%s: %s", path_section_title(step_section(step->step)),
                                             step_title(step->step));

    printf("%s%s%s\n\n", output_tone(output, TONE_STRONG), title,
           output_tone_end(output, TONE_STRONG));
    output_named(output, LABEL_WIDTH, "Step", TONE_PLAIN, step_id(step->step));
    output_named(output, LABEL_WIDTH, "Here", step_state_tone(step->state), here);
    if (step->next != NULL && !g_str_has_prefix(step->next, "rootstock guide "))
        output_named(output, LABEL_WIDTH, "Next", TONE_PLAIN, step->next);
    putchar('\n');
}

/* "iommu, vfio": the links of KIND ("term:"), without it. */
static char *join_links(const GPtrArray *links, const char *kind)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < links->len; i++) {
        const char *link = g_ptr_array_index(links, i);
        if (g_str_has_prefix(link, kind))
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", link + strlen(kind));
    }
    return g_string_free(text, FALSE);
}

static void print_links(const Output *output, const GPtrArray *links)
{
    g_autofree char *terms = join_links(links, "term:");
    g_autofree char *steps = join_links(links, "step:");

    putchar('\n');
    if (*terms != '\0')
        output_named(output, LABEL_WIDTH, "Terms", TONE_PLAIN, terms);
    if (*steps != '\0')
        output_named(output, LABEL_WIDTH, "Steps", TONE_PLAIN, steps);
    if (*terms != '\0')
        output_text(output, "`rootstock explain TERM` says what a term means.");
}

static void print_text(const Context *context, const PathStep *step, const char *text)
{
    const Output *output = &context->output;
    g_autoptr(GPtrArray) links = g_ptr_array_new_with_free_func(g_free);
    OsPager pager;

    pager_begin(&pager, output);
    print_here(output, step);
    markdown_print(output, text, links);
    print_links(output, links);
    os_pager_end(&pager);
}

static bool print_json(const PathStep *step, const char *text, GError **error)
{
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    step_write_members(step, json);
    jw_string(json, "text", text);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_guide(Context *context, GError **error)
{
    if (command_line_has(context->line, "html"))
        return handbook(context, error) ? 0 : -1;
    const Path *path = context_path(context, error);
    const PathStep *step = path != NULL ? find_step(context, path, error) : NULL;
    g_autofree char *text = step != NULL ? path_text(path, step_id(step->step), error) : NULL;

    if (text == NULL)
        return -1;
    if (context->output.json)
        return print_json(step, text, error) ? 0 : -1;
    print_text(context, step, text);
    return 0;
}
