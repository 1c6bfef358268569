/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"
#include "report/svg.h"
#include "report/words.h"

/* How far the path is: a bar of all steps, and a row of marks for each section. */

enum { BAR_WIDTH = 1000, BAR_HEIGHT = 20, DOT = 20, GAP = 4 };

/* In the order of the bar: what is settled first. */
static const StepState ORDER[] = {STEP_DONE,    STEP_TODO,    STEP_MANUAL,
                                  STEP_BLOCKED, STEP_UNKNOWN, STEP_NOT_NEEDED};

typedef struct {
    guint of[STEP_STATES];
    guint all;
} Counts;

/* Of one section, or with SECTIONS of all. */
static Counts count_steps(const Path *path, PathSection section)
{
    Counts counts = {0};

    for (guint i = 0; i < path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(path->steps, i);
        if (section != SECTIONS && step_section(step->step) != section)
            continue;
        counts.of[step->state]++;
        counts.all++;
    }
    return counts;
}

static guint needed(const Counts *counts)
{
    return counts->all - counts->of[STEP_NOT_NEEDED];
}

/* "3 done, 1 to do." */
static char *describe_counts(const Counts *counts)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        guint count = counts->of[ORDER[i]];
        if (count > 0)
            g_string_append_printf(text, "%s%u %s", text->len > 0 ? ", " : "", count,
                                   step_state_word(ORDER[i]));
    }
    g_string_append_c(text, '.');
    return g_string_free(text, FALSE);
}

static void draw_bar(Page *page, const Counts *counts)
{
    Html *html = page->html;
    g_autofree char *text = describe_counts(counts);
    guint before = 0;

    svg_open(html, "bar", "progress-bar", BAR_WIDTH, BAR_HEIGHT, "All steps of the path by state",
             text);
    for (guint i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        guint count = counts->of[ORDER[i]];
        int start = (int)(before * BAR_WIDTH / counts->all);
        before += count;
        int end = (int)(before * BAR_WIDTH / counts->all);
        if (count > 0)
            svg_rect(html, step_state_name(ORDER[i]), start, 0, MAX(end - start - GAP, GAP),
                     BAR_HEIGHT, 0);
    }
    svg_close(html);
}

static void write_legend(Page *page, const Counts *counts)
{
    html_open(page->html, "ul", "class", "legend", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(ORDER); i++) {
        g_autofree char *text =
            g_strdup_printf("%u %s", counts->of[ORDER[i]], step_state_word(ORDER[i]));
        page_legend(page, step_state_name(ORDER[i]), text);
    }
    html_close(page->html, "ul");
}

static void draw_dots(Page *page, PathSection section, const Counts *counts)
{
    Html *html = page->html;
    const char *title = path_section_title(section);
    g_autofree char *id = g_strdup_printf("progress-%s", path_section_id(section));
    g_autofree char *text = describe_counts(counts);
    int x = 0;

    svg_open(html, "dots", id, (int)counts->all * DOT, DOT, title, text);
    for (guint i = 0; i < page->path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(page->path->steps, i);
        if (step_section(step->step) != section)
            continue;
        svg_circle(html, step_state_name(step->state), x + DOT / 2, DOT / 2, DOT / 2 - 2);
        mark_svg(html, step_state_name(step->state), x + 5, 5, DOT - 10);
        x += DOT;
    }
    svg_close(html);
}

static void write_section(Page *page, PathSection section)
{
    Html *html = page->html;
    Counts counts = count_steps(page->path, section);
    g_autofree char *link = g_strdup_printf("#section-%s", path_section_id(section));

    html_open(html, "li", NULL);
    html_leaf(html, "a", path_section_title(section), "href", link, NULL);
    draw_dots(page, section, &counts);
    html_open(html, "span", "class", "count", NULL);
    if (needed(&counts) > 0)
        html_format(html, "%u of %u done", counts.of[STEP_DONE], needed(&counts));
    else
        html_text(html, "not needed");
    html_close(html, "span");
    html_close(html, "li");
}

static void write_next(Page *page)
{
    Html *html = page->html;
    const PathStep *next = path_next(page->path);

    g_autofree char *class =
        g_strconcat("next ", next != NULL ? step_state_name(next->state) : "done", NULL);

    html_open(html, "div", "class", class, NULL);
    if (next == NULL) {
        html_leaf(html, "p", "Nothing on the path is left that can be done now.", NULL);
    } else {
        g_autofree char *link = g_strdup_printf("#step-%s", step_id(next->step));
        html_open(html, "p", NULL);
        html_text(html, "Next: ");
        html_leaf(html, "a", step_title(next->step), "href", link, NULL);
        html_text(html, " ");
        mark_label(html, step_state_name(next->state), step_state_word(next->state));
        html_close(html, "p");
        if (next->manual != NULL || next->reason != NULL)
            page_paragraph(page, NULL, next->manual != NULL ? next->manual : next->reason);
        html_leaf(html, "pre", next->next, NULL);
    }
    html_close(html, "div");
}

void page_progress(Page *page)
{
    Html *html = page->html;
    Counts counts = count_steps(page->path, SECTIONS);

    page_begin(page, "progress", "Progress");
    html_open(html, "p", "class", "total", NULL);
    html_open(html, "strong", NULL);
    html_format(html, "%u", path_count_done(page->path));
    html_close(html, "strong");
    html_format(html, " of %u steps are done; this hardware does not need %u more.",
                path_count_needed(page->path), counts.of[STEP_NOT_NEEDED]);
    html_close(html, "p");
    draw_bar(page, &counts);
    write_legend(page, &counts);
    write_next(page);
    html_open(html, "ul", "class", "track", NULL);
    for (int section = 0; section < SECTIONS; section++)
        write_section(page, (PathSection)section);
    html_close(html, "ul");
    page_end(page);
}
