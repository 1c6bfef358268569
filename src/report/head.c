/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/size.h"
#include "describe/describe.h"
#include "report/page.h"
#include "report/words.h"

/* What host this is, and where its path leads. */

static char *describe_memory(const Facts *facts)
{
    return facts->memory.total != UNKNOWN ? size_human((guint64)facts->memory.total) : NULL;
}

/* "AMD Navi 23 (0b:00.0); ..." */
static char *list_cards(const Verdict *verdict)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (device->role != ROLE_GPU)
            continue;
        g_autofree char *name = describe_function(device->function);
        g_string_append_printf(text, "%s%s (%s)", text->len > 0 ? "; " : "", name,
                               describe_address(device->function->address));
    }
    if (text->len == 0)
        g_string_append(text, verdict->devices == NULL ? "unknown" : "none");
    return g_string_free(text, FALSE);
}

static void write_host(Page *page)
{
    const Facts *facts = page->path->facts;
    g_autofree char *cpu = describe_cpu(&facts->cpu);
    g_autofree char *memory = describe_memory(facts);
    g_autofree char *firmware = describe_firmware(facts);
    g_autofree char *cards = list_cards(page->path->verdict);
    g_autofree char *system = describe_system(facts);
    g_autofree char *kvm = describe_kvm(&facts->kvm);

    html_open(page->html, "dl", "class", "facts", NULL);
    page_named(page, "Processor", cpu);
    page_named(page, "Memory", memory != NULL ? memory : "unknown");
    page_named(page, "Board", firmware);
    page_named(page, "Graphics", cards);
    page_named(page, "System", system);
    page_named(page, "KVM", kvm);
    html_close(page->html, "dl");
}

static char *describe_display(const PathTarget *target)
{
    g_autofree char *guest = target->gpu != NULL ? card_word(target->gpu) : NULL;
    g_autofree char *host = target->host_gpu != NULL ? card_word(target->host_gpu) : NULL;

    switch (target->graphics) {
    case GRAPHICS_NONE:
        return g_strdup("The guest's picture is in a window: no card of this host goes to it.");
    case GRAPHICS_SINGLE:
        return g_strdup_printf("%s, the host's only card, goes to the guest while it runs.", guest);
    case GRAPHICS_DUAL:
        return g_strdup_printf("%s goes to the guest, %s stays with the host.", guest, host);
    case GRAPHICS_UNKNOWN:
        break;
    }
    return g_strdup("Which card goes to the guest is not known.");
}

static void write_target(Page *page)
{
    const PathTarget *target = &page->path->target;
    const Machine *machine = page->path->machine;
    const char *release = target->release != NULL ? target->release->name : "macOS";
    g_autofree char *display = describe_display(target);
    g_autofree char *lead =
        machine != NULL ? g_strdup_printf("The way to %s, a guest with %s.", machine->name, release)
                        : g_strdup_printf("The way to a guest with %s.", release);

    html_open(page->html, "p", "class", "lead", NULL);
    html_format(page->html, "%s %s", lead, display);
    html_close(page->html, "p");
    if (machine == NULL)
        html_leaf(page->html, "p", target->reason, "class", "why", NULL);
}

/* "Gigabyte B550 AORUS ELITE V2": the maker as people call it, where the tables know it. */
static char *describe_host_name(const Path *path)
{
    const FirmwareVendor *vendor = path->verdict->setup.vendor;
    const char *board = path->facts->firmware.board_name;

    if (vendor == NULL || vendor->of_firmware || board == NULL || *board == '\0' ||
        g_str_has_prefix(board, vendor->name))
        return describe_board(path->facts);
    return g_strdup_printf("%s %s", vendor->name, board);
}

void page_head(Page *page)
{
    Html *html = page->html;
    g_autofree char *board = describe_host_name(page->path);

    html_open(html, "header", NULL);
    html_open(html, "div", "class", "inner", NULL);
    html_leaf(html, "p", "The handbook of this host", "class", "kicker", NULL);
    html_leaf(html, "h1", board != NULL ? board : "A host that does not say its name", NULL);
    write_target(page);
    write_host(page);
    html_close(html, "div");
    html_close(html, "header");
}
