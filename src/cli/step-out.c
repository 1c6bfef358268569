/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/step-out.h"

#include "cli/describe.h"

Tone step_state_tone(StepState state)
{
    static const Tone TONES_OF[] = {
        [STEP_UNKNOWN] = TONE_UNKNOWN, [STEP_DONE] = TONE_GOOD,     [STEP_TODO] = TONE_LIMITED,
        [STEP_MANUAL] = TONE_BAD,      [STEP_BLOCKED] = TONE_PLAIN, [STEP_NOT_NEEDED] = TONE_PLAIN,
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(TONES_OF) == STEP_STATES);
    return TONES_OF[state];
}

char *step_sentences(const PathStep *step)
{
    g_autoptr(GString) text = g_string_new(NULL);
    bool waits = step->state == STEP_BLOCKED;
    const char *const parts[] = {waits ? NULL : step->evidence, step->reason,
                                 step->state == STEP_MANUAL ? step->manual : NULL};

    for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (parts[i] != NULL)
            g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", parts[i]);
    }
    return describe_shortly(text->str);
}

static void write_goals(const PathStep *step, JsonWrite *json)
{
    jw_begin_array(json, "goals");
    for (guint i = 0; i < step->goals->len; i++) {
        const Goal *goal = g_ptr_array_index(step->goals, i);
        g_autofree char *what = step_goal_describe(goal);
        jw_begin_object(json, NULL);
        jw_string(json, "kind", step_goal_kind(goal));
        jw_string(json, "target", goal->target);
        jw_string(json, "what", what);
        jw_string(json, "why", goal->why);
        jw_boolean(json, "restart", goal->restart);
        jw_end_object(json);
    }
    jw_end_array(json);
}

void step_write_members(const PathStep *step, JsonWrite *json)
{
    jw_string(json, "id", step_id(step->step));
    jw_string(json, "section", path_section_id(step_section(step->step)));
    jw_string(json, "title", step_title(step->step));
    jw_string(json, "state", step_state_name(step->state));
    jw_string(json, "evidence", step->evidence);
    jw_string(json, "reason", step->reason);
    jw_string(json, "manual", step->manual);
    jw_string(json, "next", step->next);
    describe_strings_json(json, "blocks", step->blocks);
    write_goals(step, json);
}
