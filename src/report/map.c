/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "describe/describe.h"
#include "report/groups.h"
#include "report/page.h"
#include "report/svg.h"
#include "report/words.h"

/* The map of IOMMU groups. Each group is a picture of its own, so that they flow to the width of
 * the page; the table behind them says everything in full. */

enum {
    WIDTH = 300,
    PADDING = 14,
    HEAD = 34,
    TEXT_X = PADDING + 12,
    LINE = 16,
    NOTE_LINE = 15,
    GAP = 10,
    NAME_COLUMNS = 36,
    NAME_LINES = 2,
    NOTE_COLUMNS = 38,
    BRIDGE_COLUMNS = 28,
    NOTE_LINES = 5,
};

/* Lines of the name and of the note, which are drawn with HTML and counted without. */
static int draw_lines(Html *html, const MapFunction *function, int y)
{
    g_autofree char *name = describe_function(function->device->function);
    int names = svg_lines(html, "name", TEXT_X, y, LINE, name, NAME_COLUMNS, NAME_LINES);
    int notes = svg_lines(html, "note", TEXT_X, y + names * LINE, NOTE_LINE, function->note,
                          NOTE_COLUMNS, NOTE_LINES);
    return names * LINE + notes * NOTE_LINE;
}

static int function_height(const MapFunction *function)
{
    if (function->place == PLACE_BRIDGE)
        return LINE + 4;
    return LINE + draw_lines(NULL, function, 0) + GAP;
}

static int group_height(const MapGroup *group)
{
    int height = HEAD + PADDING / 2;
    for (guint i = 0; i < group->functions->len; i++)
        height += function_height(g_ptr_array_index(group->functions, i));
    return height;
}

static void draw_bridge(Html *html, const MapFunction *function, int y)
{
    g_autofree char *name = describe_function(function->device->function);
    g_autofree char *fit = svg_fit(name, BRIDGE_COLUMNS);

    svg_text(html, "address", TEXT_X, y + 12,
             describe_address(function->device->function->address));
    svg_text(html, "quiet", TEXT_X + 66, y + 12, fit);
}

static void draw_function(Html *html, const MapFunction *function, int y)
{
    const DeviceVerdict *device = function->device;
    const char *mark = place_mark(function->place);
    g_autofree char *class = g_strconcat("stripe ", mark, NULL);
    g_autofree char *label = g_strconcat("right label ", mark, NULL);

    svg_rect(html, class, PADDING, y, 4, function_height(function) - GAP + 2, 2);
    svg_text(html, "address", TEXT_X, y + 12, describe_address(device->function->address));
    svg_text(html, "quiet", TEXT_X + 66, y + 12, role_word(device->role));
    svg_text(html, label, WIDTH - PADDING, y + 12, function->label);
    draw_lines(html, function, y + 12 + LINE);
}

static char *describe_group(const MapGroup *group)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < group->functions->len; i++) {
        const MapFunction *function = g_ptr_array_index(group->functions, i);
        g_autofree char *name = describe_function(function->device->function);
        g_string_append_printf(text, "%s%s, %s: %s.%s%s", i > 0 ? " " : "",
                               describe_address(function->device->function->address), name,
                               function->label, *function->note != '\0' ? " " : "", function->note);
    }
    return g_string_free(text, FALSE);
}

static void draw_group(Page *page, const MapGroup *group)
{
    Html *html = page->html;
    int height = group_height(group);
    g_autofree char *id = g_strconcat("group-", group->id, NULL);
    g_autofree char *class = g_strconcat("frame ", place_mark(group->place), NULL);
    g_autofree char *text = describe_group(group);
    int y = HEAD;

    svg_open(html, "group", id, WIDTH, height, group->title, text);
    svg_rect(html, class, 1, 1, WIDTH - 2, height - 2, 8);
    mark_svg(html, place_mark(group->place), PADDING, 10, 14);
    svg_text(html, "title", TEXT_X + 8, 22, group->title);
    for (guint i = 0; i < group->functions->len; i++) {
        const MapFunction *function = g_ptr_array_index(group->functions, i);
        (function->place == PLACE_BRIDGE ? draw_bridge : draw_function)(html, function, y);
        y += function_height(function);
    }
    svg_close(html);
}

/* The groups of one place, which stand together; returns the index behind them. */
static guint draw_place(Page *page, const GPtrArray *groups, guint first)
{
    Place place = ((const MapGroup *)g_ptr_array_index(groups, first))->place;
    guint i = first;

    html_leaf(page->html, "h3", place_title(place), NULL);
    html_open(page->html, "ul", "class", "map", NULL);
    for (; i < groups->len; i++) {
        const MapGroup *group = g_ptr_array_index(groups, i);
        if (group->place != place)
            break;
        html_open(page->html, "li", NULL);
        draw_group(page, group);
        html_close(page->html, "li");
    }
    html_close(page->html, "ul");
    return i;
}

static void write_row(Page *page, const MapGroup *group, const MapFunction *function)
{
    Html *html = page->html;
    const PciFunction *pci = function->device->function;
    g_autofree char *name = describe_function(pci);
    g_autofree char *id = describe_id(pci);
    g_autofree char *notes = describe_device_notes(page->path->verdict, function->device);

    html_open(html, "tr", NULL);
    html_leaf(html, "td", group->title, NULL);
    html_leaf(html, "th", describe_address(pci->address), "scope", "row", "class", "address", NULL);
    html_open(html, "td", NULL);
    html_text(html, name);
    html_close(html, "td");
    html_leaf(html, "td", id != NULL ? id : "unknown", "class", "address", NULL);
    html_leaf(html, "td",
              pci->driver == NULL    ? "unknown"
              : *pci->driver == '\0' ? "none"
                                     : pci->driver,
              NULL);
    html_open(html, "td", NULL);
    mark_label(html, place_mark(function->place), function->label);
    html_close(html, "td");
    html_open(html, "td", NULL);
    html_sentence(html, g_strdelimit(notes, "\n", ' '));
    html_close(html, "td");
    html_close(html, "tr");
}

static void write_table(Page *page, const GPtrArray *groups)
{
    static const char *const COLUMNS[] = {"Group",  "Function", "What it is", "Id",
                                          "Driver", "Guest",    "Notes",      NULL};

    page_more(page, "Every function as a table");
    page_scroll(page, "Every PCI function");
    page_table(page, "functions", "Every PCI function of this host, by IOMMU group", COLUMNS);
    for (guint i = 0; i < groups->len; i++) {
        const MapGroup *group = g_ptr_array_index(groups, i);
        for (guint j = 0; j < group->functions->len; j++)
            write_row(page, group, g_ptr_array_index(group->functions, j));
    }
    page_table_end(page);
    page_scroll_end(page);
    page_more_end(page);
}

/* What stands in the way of more than one device, by the numbers that the notes refer to. */
static void write_obstacles(Page *page)
{
    const GPtrArray *obstacles = page->path->verdict->obstacles;
    Html *html = page->html;

    if (obstacles->len == 0)
        return;
    html_leaf(html, "h3", "In the way on this host, or not known of it", NULL);
    html_open(html, "ol", "class", "obstacles", NULL);
    for (guint i = 0; i < obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(obstacles, i);
        g_autofree char *text = describe_obstacle(obstacle);
        html_open(html, "li", NULL);
        html_sentence(html, text);
        if (obstacle->command != NULL) {
            g_autoptr(GString) command = g_string_new(obstacle->command);
            g_string_replace(command, "; ", "\n", 0);
            html_leaf(html, "pre", command->str, NULL);
        }
        html_close(html, "li");
    }
    html_close(html, "ol");
}

static const char *introduction(const Facts *facts)
{
    if (facts->iommu.groups == TRI_YES)
        return "What is in one group goes to a guest whole or not at all, for its members could "
               "reach each other past the IOMMU. Bridges stay with the host and do not count.";
    if (facts->iommu.groups == TRI_NO)
        return "This host has no IOMMU groups now, so that no guest can have a device of it yet. "
               "The functions of each slot are shown together.";
    return "Which IOMMU groups this host has is not known. The functions of each slot are shown "
           "together.";
}

void page_groups(Page *page)
{
    g_autoptr(GPtrArray) groups = map_groups(page->path);

    page_begin(page, "groups", "Map of the IOMMU groups");
    html_leaf(page->html, "p", introduction(page->path->facts), NULL);
    if (groups == NULL || groups->len == 0) {
        page_paragraph(page, NULL,
                       groups == NULL ? "Which PCI functions this host has is not known: `lspci "
                                        "-nnk` lists them."
                                      : "This host has no PCI functions.");
    } else {
        for (guint i = 0; i < groups->len;)
            i = draw_place(page, groups, i);
        write_obstacles(page);
        write_table(page, groups);
    }
    page_end(page);
}
