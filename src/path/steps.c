/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/steps.h"

#include <string.h>

static const Step *const TABLES[] = {
    STEPS_HARDWARE,  STEPS_FIRMWARE, STEPS_KERNEL,   STEPS_PACKAGES, STEPS_LIBVIRT,
    STEPS_IOMMU,     STEPS_BINDING,  STEPS_OPENCORE, STEPS_MEDIA,    STEPS_MACHINE,
    STEPS_PREFLIGHT, STEPS_INSTALL,  STEPS_GRAPHICS, STEPS_AFTER,    STEPS_UPKEEP,
};
G_STATIC_ASSERT(G_N_ELEMENTS(TABLES) == SECTIONS);

static const struct {
    const char *id, *title;
} SECTION_NAMES[] = {
    [SECTION_HARDWARE] = {"hardware", "Hardware"},
    [SECTION_FIRMWARE] = {"firmware", "Firmware set-up"},
    [SECTION_KERNEL] = {"kernel", "Kernel"},
    [SECTION_PACKAGES] = {"packages", "Packages"},
    [SECTION_LIBVIRT] = {"libvirt", "libvirt"},
    [SECTION_IOMMU] = {"iommu", "IOMMU groups"},
    [SECTION_BINDING] = {"binding", "Binding"},
    [SECTION_OPENCORE] = {"opencore", "OpenCore"},
    [SECTION_MEDIA] = {"media", "Installer"},
    [SECTION_MACHINE] = {"machine", "The machine"},
    [SECTION_PREFLIGHT] = {"preflight", "Preflight"},
    [SECTION_INSTALL] = {"install", "Installing macOS"},
    [SECTION_GRAPHICS] = {"graphics", "Graphics passthrough"},
    [SECTION_AFTER] = {"after", "After the installation"},
    [SECTION_UPKEEP] = {"upkeep", "Upkeep"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(SECTION_NAMES) == SECTIONS);

static const struct {
    const char *name, *word;
} STATES[] = {
    [STEP_UNKNOWN] = {"unknown", "unknown"}, [STEP_DONE] = {"done", "done"},
    [STEP_TODO] = {"todo", "to do"},         [STEP_MANUAL] = {"manual", "needs you"},
    [STEP_BLOCKED] = {"blocked", "blocked"}, [STEP_NOT_NEEDED] = {"not-needed", "not needed"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(STATES) == STEP_STATES);

const char *path_section_id(PathSection section)
{
    return SECTION_NAMES[section].id;
}

const char *path_section_title(PathSection section)
{
    return SECTION_NAMES[section].title;
}

const char *step_state_name(StepState state)
{
    return STATES[state].name;
}

const char *step_state_word(StepState state)
{
    return STATES[state].word;
}

const Step *path_step_row(guint index)
{
    for (guint table = 0; table < G_N_ELEMENTS(TABLES); table++) {
        for (const Step *row = TABLES[table]; row->id != NULL; row++) {
            if (index-- == 0)
                return row;
        }
    }
    return NULL;
}

guint path_step_count(void)
{
    guint count = 0;
    while (path_step_row(count) != NULL)
        count++;
    return count;
}

const Step *path_step_named(const char *id)
{
    const Step *row;
    for (guint i = 0; (row = path_step_row(i)) != NULL; i++) {
        if (strcmp(row->id, id) == 0)
            return row;
    }
    return NULL;
}

const char *step_id(const Step *step)
{
    return step->id;
}

const char *step_title(const Step *step)
{
    return step->title;
}

PathSection step_section(const Step *step)
{
    return step->section;
}

/* Replaces TEXT by what FORMAT makes. */
#define REPLACE(text, format)                                                                      \
    do {                                                                                           \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        char *replacement = g_strdup_vprintf(format, arguments);                                   \
        va_end(arguments);                                                                         \
        g_free(text);                                                                              \
        (text) = replacement;                                                                      \
    } while (0)

static void set_state(PathStep *step, StepState state)
{
    step->state = state;
    step->needed = state == STEP_UNKNOWN ? step->needed : tri(state != STEP_NOT_NEEDED);
}

void step_done(PathStep *step, const char *evidence, ...)
{
    set_state(step, STEP_DONE);
    REPLACE(step->evidence, evidence);
}

void step_todo(PathStep *step, const char *reason, ...)
{
    set_state(step, STEP_TODO);
    REPLACE(step->reason, reason);
}

void step_unknown(PathStep *step, const char *reason, ...)
{
    set_state(step, STEP_UNKNOWN);
    REPLACE(step->reason, reason);
}

void step_not_needed(PathStep *step, const char *reason, ...)
{
    set_state(step, STEP_NOT_NEEDED);
    REPLACE(step->reason, reason);
}

void step_for_person(PathStep *step, const char *manual, ...)
{
    set_state(step, STEP_MANUAL);
    REPLACE(step->manual, manual);
}

void step_saw(PathStep *step, const char *evidence, ...)
{
    REPLACE(step->evidence, evidence);
}

void step_because(PathStep *step, const char *reason, ...)
{
    REPLACE(step->reason, reason);
}

void step_type(PathStep *step, const char *command, ...)
{
    REPLACE(step->next, command);
}

void step_wants(PathStep *step, Goal *goal)
{
    g_ptr_array_add(step->goals, goal);
}
