/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/text.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/words.h"

/* The path itself: sections, and in them every step with its state and its text. */

/* The heading of a text's parts: below the page, the path, the section and the step. */
enum { TEXT_LEVEL = 5 };

static void write_goal(Page *page, const Goal *goal)
{
    Html *html = page->html;
    g_autofree char *what = step_goal_describe(goal);

    html_open(html, "li", NULL);
    html_sentence(html, what);
    html_text(html, goal->why != NULL ? ": " : ".");
    html_sentence(html, goal->why != NULL ? goal->why : "");
    if (goal->restart)
        html_text(html, " It counts from the next start of the host.");
    if (goal->kind == GOAL_FILE)
        html_leaf(html, "pre", goal->value, NULL);
    html_close(html, "li");
}

static void write_goals(Page *page, const PathStep *step)
{
    Html *html = page->html;

    if (step->goals->len == 0)
        return;
    html_open(html, "div", NULL);
    html_leaf(html, "dt", "Rootstock changes", NULL);
    html_open(html, "dd", NULL);
    html_open(html, "ul", "class", "goals", NULL);
    for (guint i = 0; i < step->goals->len; i++)
        write_goal(page, g_ptr_array_index(step->goals, i));
    html_close(html, "ul");
    html_close(html, "dd");
    html_close(html, "div");
}

/* What it waits for, as links. */
static void write_blocks(Page *page, const PathStep *step)
{
    Html *html = page->html;

    if (step->blocks->len == 0)
        return;
    html_open(html, "div", NULL);
    html_leaf(html, "dt", "Waits for", NULL);
    html_open(html, "dd", NULL);
    for (guint i = 0; i < step->blocks->len; i++) {
        const char *id = g_ptr_array_index(step->blocks, i);
        g_autofree char *link = g_strconcat("#step-", id, NULL);
        html_text(html, i > 0 ? ", " : "");
        html_leaf(html, "a", step_title(path_step_named(id)), "href", link, NULL);
    }
    html_close(html, "dd");
    html_close(html, "div");
}

static void write_facts(Page *page, const PathStep *step)
{
    html_open(page->html, "dl", "class", "step-facts", NULL);
    page_named(page, "Seen", step->evidence);
    if (step->blocks->len == 0)
        page_named(page, "Why", step->reason);
    write_blocks(page, step);
    write_goals(page, step);
    page_named(page, "For you", step->manual);
    if (step->next != NULL) {
        g_autofree char *next = g_strdup_printf("`%s`", step->next);
        page_named(page, "Type", next);
    }
    html_close(page->html, "dl");
}

static bool has_facts(const PathStep *step)
{
    return step->evidence != NULL || step->reason != NULL || step->manual != NULL ||
           step->next != NULL || step->goals->len > 0;
}

static bool write_step(Page *page, const PathStep *step, GError **error)
{
    Html *html = page->html;
    const char *id = step_id(step->step), *state = step_state_name(step->state);
    g_autofree char *own = g_strconcat("step-", id, NULL);
    g_autofree char *class = g_strconcat("step ", state, NULL);
    g_autofree char *heading = g_strconcat(own, "-heading", NULL);
    g_autofree char *text = path_text(page->path, id, error);

    if (text == NULL)
        return false;
    html_open(html, "article", "id", own, "class", class, "aria-labelledby", heading, NULL);
    html_open(html, "h4", "id", heading, NULL);
    html_text(html, step_title(step->step));
    html_text(html, " ");
    mark_label(html, state, step_state_word(step->state));
    html_close(html, "h4");
    if (has_facts(step))
        write_facts(page, step);
    html_open(html, "details", "open", step == path_next(page->path) ? "open" : NULL, NULL);
    html_open(html, "summary", NULL);
    html_text(html, "What it is, why, and how ");
    html_leaf(html, "code", id, NULL);
    html_close(html, "summary");
    html_open(html, "div", "class", "text", NULL);
    markdown_html(html, text, TEXT_LEVEL, page->links);
    html_close(html, "div");
    html_close(html, "details");
    html_close(html, "article");
    return true;
}

static bool write_section(Page *page, PathSection section, GError **error)
{
    Html *html = page->html;
    g_autofree char *id = g_strconcat("section-", path_section_id(section), NULL);
    bool good = true;

    html_open(html, "section", "id", id, NULL);
    html_leaf(html, "h3", path_section_title(section), NULL);
    for (guint i = 0; good && i < page->path->steps->len; i++) {
        const PathStep *step = g_ptr_array_index(page->path->steps, i);
        if (step_section(step->step) == section)
            good = write_step(page, step, error);
    }
    html_close(html, "section");
    return good;
}

bool page_steps(Page *page, GError **error)
{
    bool good = true;

    page_begin(page, "path", "The path");
    page_paragraph(
        page, NULL,
        "Every step in its order, with what this host shows of it. `rootstock status` is "
        "the same list on a terminal, and `rootstock guide STEP` the text of one step.");
    for (int section = 0; good && section < SECTIONS; section++)
        good = write_section(page, (PathSection)section, error);
    page_end(page);
    return good;
}
