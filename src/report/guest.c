/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/size.h"
#include "describe/describe.h"
#include "report/page.h"
#include "report/svg.h"
#include "report/words.h"

#include <string.h>

/* The guest as it is built: what macOS finds, and what that is on the host. */

enum {
    WIDTH = 720,
    TOP = 44,
    ROW = 58,
    BOX_HEIGHT = 46,
    LEFT_X = 16,
    RIGHT_X = 424,
    BOX_WIDTH = 280,
    TEXT_COLUMNS = 36,
};

typedef enum {
    KIND_REAL,     /* the host's own, used by the guest itself */
    KIND_SHARED,   /* a part of the host's, which the host goes on using */
    KIND_EMULATED, /* QEMU's program plays a device */
    KIND_FILE,     /* a file of the host's */
    KINDS,
} PartKind;

static const struct {
    const char *class, *word, *meaning;
} KIND_WORDS[] = {
    [KIND_REAL] = {"real", "real", "Real: the guest has the device itself"},
    [KIND_SHARED] = {"shared", "shared", "Shared: a part of the host's, at full speed"},
    [KIND_EMULATED] = {"emulated", "emulated", "Emulated: QEMU plays a device for it"},
    [KIND_FILE] = {"file", "file", "File: it is kept on the host's disk"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(KIND_WORDS) == KINDS);

typedef struct {
    char *name;
    PartKind kind;
    char *inside;  /* what macOS finds */
    char *outside; /* what that is on the host */
} GuestPart;

static void part_clear(GuestPart *part)
{
    g_free(part->name);
    g_free(part->inside);
    g_free(part->outside);
}

/* Takes INSIDE and OUTSIDE. */
static void add(GArray *parts, const char *name, PartKind kind, char *inside, char *outside)
{
    GuestPart part = {g_strdup(name), kind, inside, outside};
    g_array_append_val(parts, part);
}

static void add_processor(const Page *page, GArray *parts)
{
    const Machine *guest = page->report->guest;
    const CpuFacts *cpu = &page->path->facts->cpu;
    const char *name = cpu->name != NULL ? cpu->name : "the host's processor";

    add(parts, "Processor", guest->kvm ? KIND_SHARED : KIND_EMULATED,
        g_strdup_printf("%d × %s", machine_threads(guest), guest->cpu_model),
        guest->kvm ? g_strdup_printf("%s, by KVM", name)
                   : g_strdup("QEMU translates each instruction"));
}

static void add_memory(const Page *page, GArray *parts)
{
    gint64 total = page->path->facts->memory.total;
    g_autofree char *all = total != UNKNOWN ? size_human((guint64)total) : NULL;

    add(parts, "Memory", KIND_SHARED, size_human((guint64)page->report->guest->memory),
        all != NULL ? g_strdup_printf("of the host's %s", all) : g_strdup("of the host's memory"));
}

static void add_boot(const Page *page, GArray *parts)
{
    const Machine *guest = page->report->guest;

    add(parts, "Firmware", KIND_FILE, g_strdup("UEFI"), g_strdup(guest->firmware_code));
    add(parts, "Boot image", KIND_FILE,
        g_strdup_printf("OpenCore, for a %s", guest->release->mac_model),
        g_strdup(page->path->state.opencore == TRI_YES ? "an image of its own, made by Rootstock"
                                                       : "an image of its own, to be made"));
    add(parts, "Chipset", KIND_EMULATED, g_strdup("Intel ICH9, PCI Express"),
        g_strdup_printf("QEMU's %s", guest->type));
}

static char *describe_network(const Machine *guest)
{
    if (strcmp(guest->network, "bridge") == 0)
        return g_strdup_printf("on the host's network, by its bridge %s", guest->bridge);
    return g_strdup(strcmp(guest->network, "user") == 0 ? "through the host, by QEMU's own network"
                                                        : "through the host, by libvirt's network");
}

static void add_emulated(const Page *page, GArray *parts)
{
    const Machine *guest = page->report->guest;
    bool virtio = strcmp(guest->disk_bus, "virtio") == 0;
    g_autofree char *disk = size_human((guint64)guest->disk);

    add(parts, "Disk", KIND_EMULATED,
        g_strdup_printf("%s on %s", disk, virtio ? "virtio" : "SATA (AHCI)"),
        g_strdup("an image file that grows with what is written"));
    add(parts, "Network", KIND_EMULATED, g_strdup(guest->nic_model), describe_network(guest));
    add(parts, "USB", KIND_EMULATED, g_strdup_printf("%s, keyboard, pointer", guest->usb_model),
        g_strdup("what is typed into the guest's window"));
    if (strcmp(guest->video_model, "none") != 0)
        add(parts, "Display", KIND_EMULATED,
            g_strdup_printf("%s, no acceleration", guest->video_model),
            g_strdup("a window on the host"));
    else
        add(parts, "Display", KIND_REAL, g_strdup("a monitor"),
            g_strdup("what is plugged into the card"));
}

/* "Graphics" of "graphics". */
static char *capital(const char *word)
{
    char *text = g_strdup(word);
    text[0] = g_ascii_toupper(text[0]);
    return text;
}

static void add_devices(const Page *page, GArray *parts)
{
    const GPtrArray *devices = page->report->guest->devices;

    for (guint i = 0; i < devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(devices, i);
        const DeviceVerdict *verdict = verdict_device(page->path->verdict, device->address);
        g_autofree char *role = capital(role_word(device->role));
        add(parts, role, KIND_REAL, verdict != NULL ? card_word(verdict) : g_strdup(device->name),
            g_strdup_printf("%s, passed through", describe_address(device->address)));
    }
}

static GArray *list_parts(const Page *page)
{
    GArray *parts = g_array_new(FALSE, FALSE, sizeof(GuestPart));

    g_array_set_clear_func(parts, (GDestroyNotify)part_clear);
    add_processor(page, parts);
    add_memory(page, parts);
    add_boot(page, parts);
    add_devices(page, parts);
    add_emulated(page, parts);
    return parts;
}

static void draw_part(Html *html, const GuestPart *part, int y)
{
    const char *class = KIND_WORDS[part->kind].class;
    g_autofree char *box = g_strconcat("part ", class, NULL);
    g_autofree char *link = g_strconcat("link ", class, NULL);
    g_autofree char *pill = g_strconcat("pill ", class, NULL);
    g_autofree char *word = g_strconcat("centre word ", class, NULL);
    g_autofree char *inside = svg_fit(part->inside, TEXT_COLUMNS);
    int middle = y + BOX_HEIGHT / 2;

    svg_rect(html, box, LEFT_X, y, BOX_WIDTH, BOX_HEIGHT, 6);
    svg_text(html, "quiet", LEFT_X + 12, y + 18, part->name);
    svg_text(html, "name", LEFT_X + 12, y + 36, inside);
    svg_line(html, link, LEFT_X + BOX_WIDTH, middle, RIGHT_X, middle);
    svg_rect(html, pill, 322, middle - 11, 76, 22, 11);
    svg_text(html, word, 360, middle + 4, KIND_WORDS[part->kind].word);
    svg_rect(html, "part host", RIGHT_X, y, BOX_WIDTH, BOX_HEIGHT, 6);
    svg_lines(html, "name", RIGHT_X + 12,
              svg_lines(NULL, NULL, 0, 0, 0, part->outside, TEXT_COLUMNS, 2) > 1 ? y + 19
                                                                                 : middle + 4,
              17, part->outside, TEXT_COLUMNS, 2);
}

static char *describe_parts(const GArray *parts)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < parts->len; i++) {
        const GuestPart *part = &g_array_index(parts, GuestPart, i);
        g_string_append_printf(text, "%s%s: %s; %s, %s.", i > 0 ? " " : "", part->name,
                               part->inside, KIND_WORDS[part->kind].word, part->outside);
    }
    return g_string_free(text, FALSE);
}

static void draw_guest(Page *page)
{
    Html *html = page->html;
    g_autoptr(GArray) parts = list_parts(page);
    g_autofree char *text = describe_parts(parts);
    int height = TOP + (int)parts->len * ROW + 4;

    page_scroll(page, "The guest as built");
    svg_open(html, "guest-picture", "guest-picture", WIDTH, height, "The guest as built", text);
    svg_rect(html, "frame guest", 1, 1, 2 * LEFT_X + BOX_WIDTH - 2, height - 2, 10);
    svg_text(html, "title", LEFT_X, 28, "What macOS finds");
    svg_text(html, "title", RIGHT_X, 28, "What it is on the host");
    for (guint i = 0; i < parts->len; i++)
        draw_part(html, &g_array_index(parts, GuestPart, i), TOP + (int)i * ROW);
    svg_close(html);
    page_scroll_end(page);
    html_open(html, "ul", "class", "legend", NULL);
    for (guint i = 0; i < KINDS; i++) {
        g_autofree char *class = g_strconcat("key-", KIND_WORDS[i].class, NULL);
        html_leaf(html, "li", KIND_WORDS[i].meaning, "class", class, NULL);
    }
    html_close(html, "ul");
}

/* What a person would have chosen, nobody has chosen yet where there is no machine. */
static char *explain(const Page *page, const MachineReason *reason)
{
    static const char CHOSEN[] = "You chose it.";
    if (page->path->machine != NULL || !g_str_has_prefix(reason->reason, CHOSEN))
        return g_strdup(reason->reason);
    return g_strconcat("The path leads to it.", reason->reason + strlen(CHOSEN), NULL);
}

static void write_row(Page *page, const MachineReason *reason)
{
    Html *html = page->html;
    g_autofree char *long_why = explain(page, reason);
    g_autofree char *why = describe_shortly(long_why), *value = describe_shortly(reason->value);

    html_open(html, "tr", NULL);
    html_leaf(html, "th", reason->key, "scope", "row", NULL);
    html_leaf(html, "td", value, NULL);
    html_open(html, "td", NULL);
    html_sentence(html, why);
    html_close(html, "td");
    html_close(html, "tr");
}

static void write_table(Page *page)
{
    static const char *const COLUMNS[] = {"Value", "Is", "Because", NULL};
    const GPtrArray *reasons = page->report->guest->reasons;

    page_more(page, "Every value, and why it is so");
    page_scroll(page, "The guest's values");
    page_table(page, NULL, "The guest's values, each with its reason", COLUMNS);
    for (guint i = 0; i < reasons->len; i++)
        write_row(page, g_ptr_array_index(reasons, i));
    page_table_end(page);
    page_scroll_end(page);
    page_more_end(page);
}

void page_guest(Page *page)
{
    const Machine *guest = page->report->guest;
    const char *note = page->report->guest_note;

    page_begin(page, "guest", "The guest");
    if (guest != NULL) {
        g_autofree char *text =
            page->path->machine != NULL
                ? g_strdup_printf("The machine %s, for %s.", guest->name, guest->release->name)
                : g_strdup_printf("There is no machine yet. This is what `rootstock new` would "
                                  "make for %s.",
                                  guest->release->name);
        page_paragraph(page, NULL, text);
    }
    if (note != NULL)
        page_paragraph(page, "note", note);
    if (guest != NULL) {
        draw_guest(page);
        write_table(page);
    }
    page_end(page);
}
