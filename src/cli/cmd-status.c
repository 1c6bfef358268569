/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/jsonwrite.h"
#include "cli/cmd.h"
#include "cli/describe.h"
#include "cli/step-out.h"

#include <stdio.h>

/* Columns: two spaces, the state, the step's id, its title. Sentences begin below the id. */
enum { STATE_COLUMN = 2, ID_COLUMN = 13, TITLE_COLUMN = 43 };

/* A host with two is told so before all else: the other one starts it without what was changed. */
static void print_boot_loaders(const Context *context, const Path *path)
{
    const PathStep *loader = path_step(path, "boot-loader");
    g_autofree char *text = NULL;

    if (loader->state != STEP_DONE || loader->reason == NULL)
        return;
    text = g_strconcat(loader->evidence, " ", loader->reason, NULL);
    output_named(&context->output, ID_COLUMN - 1, "Boot loader", TONE_LIMITED, text);
}

static void print_target(const Context *context, const Path *path)
{
    const PathTarget *target = &path->target;
    const char *name = target->release != NULL ? target->release->name : "no release";
    g_autofree char *what = path->machine != NULL
                                ? g_strdup_printf("%s, %s", path->machine->name, name)
                                : g_strdup_printf("none yet; judged for %s", name);
    g_autofree char *card = NULL;

    switch (target->graphics) {
    case GRAPHICS_UNKNOWN:
        card = g_strdup("unknown");
        break;
    case GRAPHICS_NONE:
        card = g_strdup("an emulated display; no card of this host goes to the guest");
        break;
    case GRAPHICS_SINGLE:
        card = g_strdup_printf("%s, the host's only card",
                               describe_address(target->gpu->function->address));
        break;
    case GRAPHICS_DUAL:
        card = g_strdup_printf("%s to the guest, %s for the host",
                               describe_address(target->gpu->function->address),
                               describe_address(target->host_gpu->function->address));
        break;
    }
    output_named(&context->output, ID_COLUMN - 1, "Machine", TONE_PLAIN, what);
    output_named(&context->output, ID_COLUMN - 1, "Graphics", TONE_PLAIN, card);
    print_boot_loaders(context, path);
}

static void print_step(const Output *output, const PathStep *step)
{
    Tone tone = step_state_tone(step->state);

    printf("%*s%s%-*s%s%-*s%s\n", STATE_COLUMN, "", output_tone(output, tone),
           ID_COLUMN - STATE_COLUMN, step_state_word(step->state), output_tone_end(output, tone),
           TITLE_COLUMN - ID_COLUMN, step_id(step->step), step_title(step->step));
    if (step->state == STEP_DONE && !output->verbose)
        return;
    g_autofree char *text = step_sentences(step);
    if (*text == '\0')
        return;
    printf("%*s", ID_COLUMN, "");
    output_indented(output, ID_COLUMN, text);
}

/* The steps of a section that this host does not need, in one line. */
static void print_not_needed(const Output *output, const Path *path, PathSection section)
{
    g_autoptr(GString) ids = g_string_new(NULL);

    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        if (step_section(step->step) == section && step->state == STEP_NOT_NEEDED)
            g_string_append_printf(ids, "%s%s", ids->len > 0 ? ", " : "", step_id(step->step));
    }
    if (ids->len == 0)
        return;
    printf("%*s%-*s", STATE_COLUMN, "", ID_COLUMN - STATE_COLUMN, "not needed");
    output_indented(output, ID_COLUMN, ids->str);
}

static void print_section(const Output *output, const Path *path, PathSection section)
{
    output_section(output, path_section_title(section));
    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        if (step_section(step->step) != section)
            continue;
        if (step->state != STEP_NOT_NEEDED || output->verbose)
            print_step(output, step);
    }
    if (!output->verbose)
        print_not_needed(output, path, section);
}

static void print_end(const Output *output, const Path *path)
{
    const PathStep *next = path_next(path);

    output_section(output, NULL);
    if (path->state.unconfirmed == TRI_YES)
        output_text(output, "The last apply waits to be confirmed: `sudo rootstock confirm` keeps "
                            "it. Without that it is taken back by itself.");
    output_text(output, "%u of %u done.", path_count_done(path), path_count_needed(path));
    if (next == NULL)
        return;
    g_autofree char *text = step_sentences(next);
    output_text(output, "Next: %s (%s). %s", step_title(next->step), step_state_word(next->state),
                text);
    output_text(output, "  %s", next->next);
}

static void print_text(const Context *context, const Path *path)
{
    print_target(context, path);
    for (int section = 0; section < SECTIONS; section++)
        print_section(&context->output, path, (PathSection)section);
    print_end(&context->output, path);
}

static bool print_json(const Path *path, GError **error)
{
    const PathTarget *target = &path->target;
    const PathStep *next = path_next(path);
    JsonWrite *json = jw_new(stdout);

    jw_begin_object(json, NULL);
    jw_begin_array(json, "steps");
    for (guint i = 0; i < path->steps->len; i++) {
        jw_begin_object(json, NULL);
        step_write_members(g_ptr_array_index(path->steps, i), json);
        jw_end_object(json);
    }
    jw_end_array(json);
    jw_integer(json, "done", path_count_done(path));
    jw_integer(json, "total", path_count_needed(path));
    jw_string(json, "next", next != NULL ? step_id(next->step) : NULL);
    jw_string(json, "machine", path->machine != NULL ? path->machine->name : NULL);
    jw_string(json, "release", target->release != NULL ? target->release->id : NULL);
    jw_string(json, "graphics", graphics_mode_name(target->graphics));
    jw_string(json, "gpu", target->gpu != NULL ? target->gpu->function->address : NULL);
    jw_end_object(json);
    return jw_finish(json, error);
}

int cmd_status(Context *context, GError **error)
{
    const Path *path = context_path(context, error);
    if (path == NULL)
        return -1;
    if (context->output.json)
        return print_json(path, error) ? 0 : -1;
    print_text(context, path);
    if (context->applied != NULL && context->applied->hidden)
        output_note(
            &context->output,
            "What was applied to this host only root may see: `sudo rootstock status` holds "
            "it against the running kernel, too.");
    return 0;
}
