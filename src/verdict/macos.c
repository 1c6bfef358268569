/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * What macOS makes of every device that is no graphics card: what the tables say of its ids, and of
 * its class where they do not name it. What no table names is unknown.
 */

static Answer answer_of(DeviceUse use)
{
    static const Answer ANSWERS_OF[] = {
        [USE_UNKNOWN] = ANSWER_UNKNOWN,
        [USE_NO] = ANSWER_NO,
        [USE_LIMITED] = ANSWER_LIMITED,
        [USE_YES] = ANSWER_YES,
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(ANSWERS_OF) == USES);
    return ANSWERS_OF[use];
}

static void macos_init(MacosVerdict *macos)
{
    *macos = (MacosVerdict){.judged = true, .answer = ANSWER_UNKNOWN, .needs = "", .advice = ""};
}

void macos_advise(Verdict *verdict, MacosVerdict *macos, bool first, const char *sentences)
{
    if (*sentences == '\0' || strstr(macos->advice, sentences) != NULL)
        return;
    if (*macos->advice == '\0')
        macos->advice = say(verdict, "%s", sentences);
    else if (first)
        macos->advice = say(verdict, "%s %s", sentences, macos->advice);
    else
        macos->advice = say(verdict, "%s %s", macos->advice, sentences);
}

void macos_forget(MacosVerdict *macos, Answer answer)
{
    macos->answer = answer;
    macos->first = macos->last = NULL;
    macos->needs = "";
    g_clear_pointer(&macos->spans, g_array_unref);
}

static void add_span(MacosVerdict *macos, const KnownDevice *line)
{
    MacosSpan span = {line->first, line->last, answer_of(line->use), line->needs};

    if (macos->spans == NULL)
        macos->spans = g_array_new(FALSE, FALSE, sizeof(MacosSpan));
    g_array_append_val(macos->spans, span);
}

/* What the spans need, with their releases where there are several. */
static const char *needs_of(Verdict *verdict, const GArray *spans)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < spans->len; i++) {
        const MacosSpan *span = &g_array_index(spans, MacosSpan, i);
        if (spans->len == 1)
            return span->needs;
        if (*span->needs != '\0')
            g_string_append_printf(text, "%s%s to %s: %s", text->len > 0 ? "; " : "",
                                   span->first->version, span->last->version, span->needs);
    }
    return say(verdict, "%s", text->str);
}

/* The answer holds for all releases from the first to the last, so that it is the worst of them. */
static void take_spans(Verdict *verdict, MacosVerdict *macos)
{
    const GArray *spans = macos->spans;

    macos->answer = ANSWER_YES;
    for (guint i = 0; i < spans->len; i++)
        macos->answer = answer_worst(macos->answer, g_array_index(spans, MacosSpan, i).answer);
    macos->first = g_array_index(spans, MacosSpan, 0).first;
    macos->last = g_array_index(spans, MacosSpan, spans->len - 1).last;
    macos->needs = needs_of(verdict, spans);
}

void macos_take_lines(Verdict *verdict, MacosVerdict *macos, const GPtrArray *lines)
{
    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        const KnownDevice *line = g_ptr_array_index(lines, i);
        if (!line->by_class)
            macos->what = line->name;
        macos_advise(verdict, macos, false, line->advice);
        if (line->use == USE_YES || line->use == USE_LIMITED)
            add_span(macos, line);
        else
            macos->answer = answer_of(line->use);
    }
    if (macos->spans != NULL)
        take_spans(verdict, macos);
}

static void take_line(Verdict *verdict, MacosVerdict *macos, const KnownDevice *line)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new();

    if (line == NULL)
        return;
    g_ptr_array_add(lines, (gpointer)line);
    macos_take_lines(verdict, macos, lines);
}

/* Whether the subsystem is unknown and decides between a device that macOS works with and one that
 * it does not. */
static bool is_ambiguous(const PciFunction *function, const GPtrArray *lines)
{
    bool differ = false, doubt = false;

    for (guint i = 0; i < lines->len; i++) {
        const KnownDevice *first = g_ptr_array_index(lines, 0), *line = g_ptr_array_index(lines, i);
        differ |= line->use != first->use;
        doubt |= line->use == USE_NO || line->use == USE_UNKNOWN;
    }
    return function->subsystem_vendor == UNKNOWN && differ && doubt;
}

static void take_ambiguous(Verdict *verdict, MacosVerdict *macos, const GPtrArray *lines)
{
    g_autoptr(GString) text =
        g_string_new("Which device of that id it is, its subsystem says (`lspci -nnv`).");

    for (guint i = 0; i < lines->len; i++) {
        const KnownDevice *line = g_ptr_array_index(lines, i);
        g_string_append_printf(text, " %s: %s.", line->name, answer_name(answer_of(line->use)));
    }
    macos_advise(verdict, macos, false, text->str);
}

static void judge_pci(Verdict *verdict, const Catalog *catalog, DeviceVerdict *device)
{
    const PciFunction *function = device->function;
    const DeviceIds ids = {function->vendor, function->device, function->subsystem_vendor,
                           function->subsystem_device};
    g_autoptr(GPtrArray) any =
        known_device_any(catalog->pci_devices, function->vendor, function->device);
    g_autoptr(GPtrArray) lines = known_device(catalog->pci_devices, &ids);

    if (is_ambiguous(function, any))
        take_ambiguous(verdict, &device->macos, any);
    else if (lines != NULL)
        macos_take_lines(verdict, &device->macos, lines);
    else if (device->role != ROLE_OTHER &&
             (function->vendor == UNKNOWN || function->device == UNKNOWN))
        macos_advise(verdict, &device->macos, false, "Its ids are unknown: `lspci -nn` says them.");
    else if (function->class_code != UNKNOWN)
        take_line(verdict, &device->macos,
                  known_device_of_class(catalog->pci_devices, function->class_code));
}

/* The device's class, or one of its interfaces'. */
static const KnownDevice *usb_class_line(const Catalog *catalog, const UsbDevice *device)
{
    const KnownDevice *line = device->class_code != UNKNOWN
                                  ? known_device_of_class(catalog->usb_devices, device->class_code)
                                  : NULL;
    for (char **name = device->interfaces; line == NULL && name != NULL && *name != NULL; name++) {
        guint64 class;
        if (g_ascii_string_to_unsigned(*name, 16, 0, 0xffffff, &class, NULL))
            line = known_device_of_class(catalog->usb_devices, (int)class);
    }
    return line;
}

static void free_usb(gpointer data)
{
    UsbVerdict *usb = data;
    g_clear_pointer(&usb->macos.spans, g_array_unref);
    g_free(usb);
}

static void judge_usb(Verdict *verdict, const Facts *facts, const Catalog *catalog)
{
    if (facts->usb == NULL)
        return;
    verdict->usb = g_ptr_array_new_with_free_func(free_usb);
    for (guint i = 0; i < facts->usb->len; i++) {
        UsbVerdict *usb = g_new0(UsbVerdict, 1);
        usb->device = g_ptr_array_index(facts->usb, i);
        if (usb->device->pci != NULL)
            usb->controller = g_hash_table_lookup(verdict->by_address, usb->device->pci);
        macos_init(&usb->macos);
        const DeviceIds ids = {usb->device->vendor, usb->device->device, UNKNOWN, UNKNOWN};
        g_autoptr(GPtrArray) lines = known_device(catalog->usb_devices, &ids);
        if (lines != NULL)
            macos_take_lines(verdict, &usb->macos, lines);
        else
            take_line(verdict, &usb->macos, usb_class_line(catalog, usb->device));
        g_ptr_array_add(verdict->usb, usb);
    }
}

void macos_judge(Verdict *verdict, const Facts *facts, const Catalog *catalog)
{
    sound_find_codecs(verdict, facts, catalog);
    judge_usb(verdict, facts, catalog);
    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (device->role == ROLE_BRIDGE || device->role == ROLE_GPU || device->card != NULL)
            continue;
        macos_init(&device->macos);
        judge_pci(verdict, catalog, device);
        if (device->role == ROLE_AUDIO)
            sound_judge(verdict, device);
        reset_judge(verdict, facts, catalog, device);
    }
}
