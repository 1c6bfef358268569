/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "describe/describe.h"
#include "report/page.h"
#include "report/words.h"

#include <string.h>

/* Releases against the processor and each graphics card. */

/* What a column is about: the processor, a card by its place among the cards of a release, or all
 * of it together. */
enum { COLUMN_TOGETHER = -2, COLUMN_PROCESSOR = -1 };

static const Judgement *judged(const ReleaseVerdict *release, int column)
{
    if (column == COLUMN_TOGETHER)
        return &release->overall;
    if (column == COLUMN_PROCESSOR)
        return &release->cpu;
    return &g_array_index(release->graphics, GraphicsVerdict, column).judgement;
}

static const ReleaseVerdict *release_at(const Page *page, guint index)
{
    return g_ptr_array_index(page->path->verdict->releases, index);
}

/* The cards are the same for each release. */
static int count_cards(const Page *page)
{
    const GArray *cards = release_at(page, 0)->graphics;
    return cards != NULL ? (int)cards->len : 0;
}

/* "Processor", "AMD Navi 23 (0b:00.0)" */
static char *column_name(const Page *page, int column)
{
    if (column == COLUMN_TOGETHER)
        return g_strdup("This host");
    if (column == COLUMN_PROCESSOR)
        return g_strdup("Processor");
    const DeviceVerdict *card =
        g_array_index(release_at(page, 0)->graphics, GraphicsVerdict, column).device;
    g_autofree char *name = card_word(card);
    return g_strdup_printf("%s (%s)", name, describe_address(card->function->address));
}

/* Whether RELEASE has a driver for the card of COLUMN, whatever keeps it on the host. */
static bool is_driven(const ReleaseVerdict *release, int column)
{
    if (column < 0)
        return false;
    const GraphicsFamily *family =
        g_array_index(release->graphics, GraphicsVerdict, column).device->family;
    return family != NULL && family->first != NULL && family->doubt[0] == '\0' &&
           release->release->order >= family->first->order &&
           release->release->order <= family->last->order;
}

/* A card that macOS drives and the host keeps is told from one that it does not drive. */
static void write_cell(Page *page, const ReleaseVerdict *release, int column)
{
    Answer answer = judged(release, column)->answer;
    bool kept = answer == ANSWER_NO && is_driven(release, column);
    const char *word = kept ? "not yet" : answer_name(answer);
    const char *mark = kept ? "stays" : word;

    html_open(page->html, "td", "class", mark, NULL);
    mark_label(page->html, mark, word);
    html_close(page->html, "td");
}

/* "26 Tahoe" of "macOS 26 Tahoe", whose first word has changed over the years. */
static const char *short_name(const Release *release)
{
    const char *version = strpbrk(release->name, "0123456789");
    return version != NULL ? version : release->name;
}

static void write_row(Page *page, const ReleaseVerdict *release)
{
    Html *html = page->html;
    bool target = release->release == page->path->target.release;

    html_open(html, "tr", "class", target ? "target" : NULL, NULL);
    html_open(html, "th", "scope", "row", NULL);
    html_text(html, short_name(release->release));
    if (target)
        html_leaf(html, "span", "leads here", "class", "here", NULL);
    html_close(html, "th");
    for (int column = COLUMN_TOGETHER; column < count_cards(page); column++)
        write_cell(page, release, column);
    html_close(html, "tr");
}

static void write_table(Page *page)
{
    g_autoptr(GPtrArray) columns = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(columns, g_strdup("Release"));
    for (int column = COLUMN_TOGETHER; column < count_cards(page); column++)
        g_ptr_array_add(columns, column_name(page, column));
    g_ptr_array_add(columns, NULL);
    page_scroll(page, "Releases against processor and cards");
    page_table(page, "matrix", "Releases of macOS, the newest first",
               (const char *const *)columns->pdata);
    for (guint i = page->path->verdict->releases->len; i-- > 0;)
        write_row(page, release_at(page, i));
    page_table_end(page);
    page_scroll_end(page);
}

/* The reasons, with the release's own name as "the release": what is said of several in the same
 * words is said once. */
static char *general_reasons(const ReleaseVerdict *release, int column)
{
    g_autofree char *reasons = describe_reasons(judged(release, column)->reasons);
    g_auto(GStrv) parts = g_strsplit(reasons, release->release->name, -1);
    GString *text = g_string_new(parts[0]);

    for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++) {
        bool starts = text->len == 0 || g_str_has_suffix(text->str, ".\n") ||
                      g_str_has_suffix(text->str, ". ");
        g_string_append_printf(text, "%s release%s", starts ? "The" : "the", parts[i]);
    }
    return g_strdelimit(g_string_free(text, FALSE), "\n", ' ');
}

/* The releases FIRST to LAST, which are judged alike for the same REASONS. */
static void write_span(Page *page, int column, guint first, guint last, const char *reasons)
{
    Html *html = page->html;
    const char *word = answer_name(judged(release_at(page, first), column)->answer);

    html_open(html, "li", NULL);
    mark_label(html, word, word);
    html_text(html, " ");
    html_open(html, "strong", NULL);
    html_text(html, short_name(release_at(page, last)->release));
    if (last != first)
        html_format(html, " to %s", short_name(release_at(page, first)->release));
    html_close(html, "strong");
    html_text(html, *reasons != '\0' ? ": " : ".");
    html_sentence(html, reasons);
    html_close(html, "li");
}

/* What is so of the host whatever runs on it. */
static void write_host(Page *page)
{
    const Judgement *host = &page->path->verdict->host;
    g_autofree char *reasons = describe_reasons(host->reasons);
    const char *word = answer_name(host->answer);

    html_leaf(page->html, "h3", "The host, whatever runs on it", NULL);
    html_open(page->html, "p", NULL);
    mark_label(page->html, word, word);
    html_text(page->html, " ");
    html_sentence(page->html, g_strdelimit(reasons, "\n", ' '));
    html_close(page->html, "p");
}

/* The newest first, as in the table. */
static void write_reasons(Page *page, int column)
{
    g_autofree char *name = column_name(page, column);
    guint count = page->path->verdict->releases->len;

    html_leaf(page->html, "h3", name, NULL);
    html_open(page->html, "ul", "class", "spans", NULL);
    for (guint left = count, last; left > 0; left = last) {
        const ReleaseVerdict *newest = release_at(page, left - 1);
        g_autofree char *reasons = general_reasons(newest, column);
        for (last = left - 1; last > 0; last--) {
            const ReleaseVerdict *older = release_at(page, last - 1);
            g_autofree char *others = general_reasons(older, column);
            if (judged(older, column)->answer != judged(newest, column)->answer ||
                strcmp(reasons, others) != 0)
                break;
        }
        write_span(page, column, left - 1, last, reasons);
    }
    html_close(page->html, "ul");
}

static void write_situation(Page *page)
{
    const Situation *situation = &page->path->verdict->situation;
    Html *html = page->html;

    if (situation->text == NULL)
        return;
    g_autofree char *text = describe_shortly(situation->text);
    html_leaf(html, "p", text, NULL);
    if (situation->advice->len == 0)
        return;
    html_open(html, "ul", NULL);
    for (guint i = 0; i < situation->advice->len; i++) {
        g_autofree char *advice = describe_shortly(g_ptr_array_index(situation->advice, i));
        html_open(html, "li", NULL);
        html_sentence(html, advice);
        html_close(html, "li");
    }
    html_close(html, "ul");
}

void page_matrix(Page *page)
{
    page_begin(page, "releases", "Releases and graphics cards");
    write_situation(page);
    write_table(page);
    html_open(page->html, "ul", "class", "legend", NULL);
    page_legend(page, "yes", "yes: it runs as one would wish");
    page_legend(page, "limited", "limited: it runs, but something is missing");
    page_legend(page, "no", "no: it does not run");
    page_legend(page, "stays", "not yet: macOS drives the card, which cannot leave this host now");
    page_legend(page, "unknown", "unknown: the host does not tell, or nobody has tried");
    html_close(page->html, "ul");
    page_more(page, "Why: for this host, its processor, and each card");
    write_host(page);
    for (int column = COLUMN_PROCESSOR; column < count_cards(page); column++)
        write_reasons(page, column);
    page_more_end(page);
    page_end(page);
}
