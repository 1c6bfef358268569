/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/words.h"

#include "describe/describe.h"
#include "report/svg.h"

/* Lines on a field of 16 by 16. */
static const struct {
    const char *name, *path;
} MARKS[] = {
    {"done", "M3 8.5l3.5 3.5L13 4.5"},
    {"todo", "M3 8h9M8.5 4.5L12 8l-3.5 3.5"},
    {"manual", "M8 7.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM3 14c0-3 2.2-4.3 "
               "5-4.3s5 1.3 5 4.3"},
    {"blocked", "M5.5 3.5v9M10.5 3.5v9"},
    {"not-needed", "M4 8h8"},
    {"unknown", "M5.5 6a2.5 2.5 0 1 1 3.7 2.2C8.3 8.7 8 9.2 8 10M8 13v.1"},
    {"yes", "M3 8.5l3.5 3.5L13 4.5"},
    {"limited", "M2.5 9.5c1.5-3.5 3.5-3.5 5.5-1.5s4 2 5.5-1.5"},
    {"no", "M4 4l8 8M12 4l-8 8"},
    {"guest", "M2 8h7M6 5l3 3-3 3M11 3h3v10h-3"},
    {"could", "M2 8h2M6 8h2M9 4.5L12.5 8 9 11.5"},
    {"stays", "M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5"},
    {"bridge", "M2 12V9.5c0-4 12-4 12 0V12M6 12V8M10 12V8"},
};

void marks_define(Html *html)
{
    html_open(html, "svg", "xmlns", SVG_NAMESPACE, "class", "marks", "width", "0", "height", "0",
              "aria-hidden", "true", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(MARKS); i++) {
        g_autofree char *id = g_strconcat("mark-", MARKS[i].name, NULL);
        html_open(html, "symbol", "id", id, "viewBox", "0 0 16 16", NULL);
        html_open(html, "path", "d", MARKS[i].path, NULL);
        html_close(html, "path");
        html_close(html, "symbol");
    }
    html_close(html, "svg");
}

static void use(Html *html, const char *name)
{
    g_autofree char *link = g_strconcat("#mark-", name, NULL);
    html_open(html, "use", "href", link, NULL);
}

void mark_html(Html *html, const char *name)
{
    html_open(html, "svg", "xmlns", SVG_NAMESPACE, "class", "mark", "aria-hidden", "true", NULL);
    use(html, name);
    html_close(html, "use");
    html_close(html, "svg");
}

void mark_svg(Html *html, const char *name, int x, int y, int size)
{
    g_autofree char *class = g_strconcat("mark ", name, NULL);

    use(html, name);
    html_attribute(html, "class", class);
    html_number(html, "x", x);
    html_number(html, "y", y);
    html_number(html, "width", size);
    html_number(html, "height", size);
    html_close(html, "use");
}

void mark_label(Html *html, const char *name, const char *word)
{
    g_autofree char *class = g_strconcat("label ", name, NULL);

    html_open(html, "span", "class", class, NULL);
    mark_html(html, name);
    html_text(html, word);
    html_close(html, "span");
}

const char *role_word(Role role)
{
    static const char *const WORDS[] = {
        [ROLE_OTHER] = "device",  [ROLE_GPU] = "graphics",     [ROLE_GPU_AUDIO] = "card's sound",
        [ROLE_AUDIO] = "audio",   [ROLE_USB] = "USB",          [ROLE_NVME] = "NVMe",
        [ROLE_SATA] = "SATA",     [ROLE_ETHERNET] = "network", [ROLE_WIFI] = "Wi-Fi",
        [ROLE_BRIDGE] = "bridge",
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(WORDS) == ROLES);
    return WORDS[role];
}

char *card_word(const DeviceVerdict *card)
{
    if (card->family == NULL)
        return describe_function(card->function);
    return g_strdup_printf("%s %s", card->family->vendor, card->family->name);
}
