/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/size.h"
#include "describe/describe.h"
#include "facts/cpu-layout.h"
#include "facts/cpu-list.h"
#include "report/page.h"
#include "report/svg.h"

/* The processor: cores with one last-level cache in one frame, their threads, and which of them the
 * guest's processors run on. */

enum {
    WIDTH = 340,
    PADDING = 12,
    HEAD = 34,
    CORES_IN_ROW = 4,
    CORE_WIDTH = 74,
    CORE_HEIGHT = 66,
    CORE_STEP = 80,
    ROW_STEP = 72,
    THREADS_SHOWN = 4,
};

/* What the pictures are drawn from. */
typedef struct {
    Page *page;
    GHashTable *guest; /* the guest's processor, counted from 1, by the host's thread */
    GArray *p_threads; /* of int; NULL: not hybrid, or unknown */
} Drawing;

static bool lists(const GArray *numbers, int number)
{
    for (guint i = 0; i < numbers->len; i++) {
        if (g_array_index(numbers, int, i) == number)
            return true;
    }
    return false;
}

static int thread_at(const CpuCore *core, guint index)
{
    return g_array_index(core->threads, int, index);
}

/* The guest's processor on THREAD, from 0; -1: the host has it. */
static int guest_on(const Drawing *drawing, int thread)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(drawing->guest, GINT_TO_POINTER(thread))) - 1;
}

/* "core 3", "P core 3" */
static char *core_name(const Drawing *drawing, const CpuCore *core)
{
    const char *kind = drawing->p_threads == NULL                      ? "core"
                       : lists(drawing->p_threads, thread_at(core, 0)) ? "P core"
                                                                       : "E core";
    return g_strdup_printf("%s %d", kind, core->core);
}

static void draw_thread(Html *html, const Drawing *drawing, int thread, int x, int y, int width)
{
    int guest = guest_on(drawing, thread);

    svg_rect(html, guest >= 0 ? "thread guest" : "thread", x, y, width, 36, 4);
    svg_format(html, guest >= 0 ? "number on" : "number", x + width / 2, y + 15, "%d", thread);
    if (guest >= 0)
        svg_format(html, "vcpu", x + width / 2, y + 30, "g%d", guest);
}

static void draw_core(Html *html, const Drawing *drawing, const CpuCore *core, int x, int y)
{
    guint shown = MIN(core->threads->len, THREADS_SHOWN);
    int width = (CORE_WIDTH - 8 - 4 * ((int)shown - 1)) / (int)shown;
    g_autofree char *name = core_name(drawing, core);

    svg_rect(html, "core", x, y, CORE_WIDTH, CORE_HEIGHT, 6);
    svg_text(html, "quiet small centre", x + CORE_WIDTH / 2, y + 16, name);
    for (guint i = 0; i < shown; i++)
        draw_thread(html, drawing, thread_at(core, i), x + 4 + (int)i * (width + 4), y + 25, width);
}

static char *group_title(const CpuGroup *group)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "Package %d", group->package);
    if (group->node > 0)
        g_string_append_printf(text, ", node %d", group->node);
    if (group->cache != NULL && group->cache->size > 0) {
        g_autofree char *size = size_human((guint64)group->cache->size);
        g_string_append_printf(text, ": L3 cache %s", size);
    } else if (group->cache == NULL && group->die > 0) {
        g_string_append_printf(text, ", die %d", group->die);
    }
    return g_string_free(text, FALSE);
}

/* "core 3: threads 3 (guest 0) and 11 (guest 1)." */
static char *describe_group(const Drawing *drawing, const CpuGroup *group)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < group->cores->len; i++) {
        const CpuCore *core = g_ptr_array_index(group->cores, i);
        g_autofree char *name = core_name(drawing, core);
        g_string_append_printf(text, "%s%s:", i > 0 ? "; " : "", name);
        for (guint j = 0; j < core->threads->len; j++) {
            int guest = guest_on(drawing, thread_at(core, j));
            g_string_append_printf(text, "%s thread %d", j > 0 ? "," : "", thread_at(core, j));
            if (guest >= 0)
                g_string_append_printf(text, " for guest processor %d", guest);
        }
    }
    g_string_append_c(text, '.');
    return g_string_free(text, FALSE);
}

static void draw_group(const Drawing *drawing, const CpuGroup *group, guint number)
{
    Html *html = drawing->page->html;
    int rows = ((int)group->cores->len + CORES_IN_ROW - 1) / CORES_IN_ROW;
    int height = HEAD + rows * ROW_STEP + PADDING - 6;
    g_autofree char *id = g_strdup_printf("cores-%u", number);
    g_autofree char *title = group_title(group);
    g_autofree char *text = describe_group(drawing, group);

    svg_open(html, "cores", id, WIDTH, height, title, text);
    svg_rect(html, "frame", 1, 1, WIDTH - 2, height - 2, 8);
    svg_text(html, "title", PADDING + 2, 22, title);
    for (guint i = 0; i < group->cores->len; i++)
        draw_core(html, drawing, g_ptr_array_index(group->cores, i),
                  PADDING + (int)(i % CORES_IN_ROW) * CORE_STEP,
                  HEAD + (int)(i / CORES_IN_ROW) * ROW_STEP);
    svg_close(html);
}

static void draw_groups(const Drawing *drawing, const GPtrArray *layout)
{
    Html *html = drawing->page->html;

    html_open(html, "ul", "class", "map", NULL);
    for (guint i = 0; i < layout->len; i++) {
        html_open(html, "li", NULL);
        draw_group(drawing, g_ptr_array_index(layout, i), i);
        html_close(html, "li");
    }
    html_close(html, "ul");
}

static void write_table(Page *page, const Pinning *pinning)
{
    static const char *const COLUMNS[] = {"Guest's processor", "Host's thread", NULL};
    Html *html = page->html;

    page_more(page, "The pinning as a table");
    page_table(page, NULL, "The host's thread for each of the guest's processors", COLUMNS);
    for (guint i = 0; i < pinning->threads->len; i++) {
        html_open(html, "tr", NULL);
        html_open(html, "th", "scope", "row", NULL);
        html_format(html, "%u", i);
        html_close(html, "th");
        html_open(html, "td", NULL);
        html_format(html, "%d", g_array_index(pinning->threads, int, i));
        html_close(html, "td");
        html_close(html, "tr");
    }
    page_table_end(page);
    page_more_end(page);
}

static void write_pinning(Page *page)
{
    Html *html = page->html;
    const Pinning *pinning = page->report->pinning;
    const Machine *guest = page->report->guest;

    if (guest == NULL)
        return;
    html_open(html, "p", NULL);
    html_format(html, "The guest has %d logical processors. ", machine_threads(guest));
    if (pinning == NULL) {
        html_text(html, "Which threads of the host they would best be pinned to cannot be told "
                        "without the host's layout.");
    } else {
        html_text(html, "They are not pinned: the kernel moves them about. Proposed, where one "
                        "wants it steadier, is what the picture shows. ");
        html_text(html, pinning->reason);
    }
    html_text(html, " ");
    html_leaf(html, "a", "How to pin them", "href", "#step-cpu-pinning", NULL);
    html_close(html, "p");
}

static void write_legend(Html *html)
{
    html_open(html, "ul", "class", "legend", NULL);
    html_leaf(html, "li", "Filled, with g and a number: the guest's processor of that number",
              "class", "key-guest", NULL);
    html_leaf(html, "li", "Empty: the host's own", "class", "key-host", NULL);
    html_close(html, "ul");
}

static Drawing drawing_new(Page *page)
{
    const Pinning *pinning = page->report->pinning;
    const ProcessorVerdict *processor = &page->path->verdict->processor;
    Drawing drawing = {.page = page, .guest = g_hash_table_new(NULL, NULL)};

    for (guint i = 0; pinning != NULL && i < pinning->threads->len; i++)
        g_hash_table_insert(drawing.guest, GINT_TO_POINTER(g_array_index(pinning->threads, int, i)),
                            GUINT_TO_POINTER(i + 1));
    if (processor->hybrid == TRI_YES && processor->p_list != NULL)
        drawing.p_threads = cpu_list_parse(processor->p_list);
    return drawing;
}

void page_processor(Page *page)
{
    const CpuFacts *cpu = &page->path->facts->cpu;
    g_autoptr(GPtrArray) layout = cpu_layout(cpu);
    g_autofree char *name = describe_cpu(cpu);
    g_autofree char *text = cpu->name != NULL ? g_strconcat(name, ".", NULL)
                                              : g_strdup("Which processor this is is not known.");

    page_begin(page, "processor", "Processor");
    page_paragraph(page, NULL, text);
    if (layout == NULL)
        page_paragraph(page, NULL,
                       "How its threads belong to cores and caches is not known: `lscpu -e` shows "
                       "it.");
    write_pinning(page);
    if (layout != NULL) {
        Drawing drawing = drawing_new(page);
        draw_groups(&drawing, layout);
        if (page->report->pinning != NULL)
            write_legend(page->html);
        g_hash_table_unref(drawing.guest);
        g_clear_pointer(&drawing.p_threads, g_array_unref);
    }
    if (page->report->pinning != NULL)
        write_table(page, page->report->pinning);
    page_end(page);
}
