/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "describe/describe.h"

#include <string.h>

/* What macOS makes of devices. */

static char *describe_range(const Release *first, const Release *last)
{
    return first == last ? g_strdup(first->version)
                         : g_strdup_printf("%s to %s", first->version, last->version);
}

/* Up to the first full stop that a sentence ends with. */
static char *first_sentence(const char *text)
{
    const char *end = strstr(text, ". ");
    return end != NULL ? g_strndup(text, (gsize)(end + 1 - text)) : g_strdup(text);
}

/* "10.13 to 10.15; 11 to 26 with the kext CtlnaAHCIPort" */
static char *describe_spans(const GArray *spans, bool *ret_needs)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < spans->len; i++) {
        const MacosSpan *span = &g_array_index(spans, MacosSpan, i);
        g_autofree char *range = describe_range(span->first, span->last);
        bool needs = *span->needs != '\0';
        g_string_append_printf(text, "%s%s%s%s", i > 0 ? "; " : "", range, needs ? " with " : "",
                               span->needs);
        *ret_needs |= needs;
    }
    return g_string_free(text, FALSE);
}

char *describe_macos(const MacosVerdict *macos)
{
    bool needs = false;

    if (!macos->judged || (macos->answer == ANSWER_UNKNOWN && macos->what == NULL))
        return NULL;
    g_autofree char *why = first_sentence(macos->advice);
    if (macos->answer == ANSWER_NO)
        return g_strdup_printf("no. %s", why);
    if (macos->answer == ANSWER_UNKNOWN)
        return g_strdup_printf("unknown. %s", why);
    g_autofree char *spans = describe_spans(macos->spans, &needs);
    /* what limits it is either what it needs or the trouble that it makes */
    bool trouble = macos->answer == ANSWER_LIMITED && !needs && *why != '\0';
    return g_strdup_printf("%s.%s%s", spans, trouble ? " " : "", trouble ? why : "");
}

static const MacosSpan *span_with(const MacosVerdict *macos, const Release *release)
{
    for (guint i = 0; macos->spans != NULL && i < macos->spans->len; i++) {
        const MacosSpan *span = &g_array_index(macos->spans, MacosSpan, i);
        if (release->order >= span->first->order && release->order <= span->last->order)
            return span;
    }
    return NULL;
}

char *describe_macos_with(const MacosVerdict *macos, const Release *release, Answer *ret_answer)
{
    const MacosSpan *span = span_with(macos, release);

    *ret_answer = macos->answer;
    if (macos->spans == NULL)
        return g_strdup(macos->advice);
    if (span == NULL) {
        g_autofree char *range = describe_range(macos->first, macos->last);
        *ret_answer = ANSWER_NO;
        return g_strdup_printf("Works with %s.%s%s", range, *macos->advice != '\0' ? " " : "",
                               macos->advice);
    }
    *ret_answer = span->answer;
    if (*span->needs == '\0')
        return g_strdup(macos->advice);
    return g_strdup_printf("Needs %s.%s%s", span->needs, *macos->advice != '\0' ? " " : "",
                           macos->advice);
}

static char *describe_pair(int vendor, int device)
{
    if (vendor == UNKNOWN || device == UNKNOWN)
        return NULL;
    return g_strdup_printf("%04x:%04x", (guint)vendor, (guint)device);
}

char *describe_usb_id(const UsbDevice *device)
{
    return describe_pair(device->vendor, device->device);
}

char *describe_codec_id(const AudioCodec *codec)
{
    return describe_pair(codec->vendor, codec->device);
}

char *describe_usb_place(const UsbDevice *device)
{
    return g_strdup(device->port != NULL ? device->port : "usb");
}

char *describe_usb(const UsbVerdict *usb)
{
    const UsbDevice *device = usb->device;
    const char *maker = device->manufacturer, *product = device->product;

    if (product != NULL && maker != NULL && !g_str_has_prefix(product, maker))
        return g_strdup_printf("%s %s", maker, product);
    if (product != NULL)
        return g_strdup(product);
    if (usb->macos.what != NULL)
        return g_strdup(usb->macos.what);
    return g_strdup(maker != NULL ? maker : "unknown device");
}

char *describe_codec(const AudioCodec *codec)
{
    return g_strdup(codec->name != NULL ? codec->name : "unknown codec");
}

char *describe_layouts(const CodecVerdict *codec)
{
    if (codec->known == NULL)
        return g_strdup("AppleALC has no layout-id for it.");
    const GArray *layouts = codec->known->layouts;
    GString *text = g_string_new("AppleALC layout-ids");
    for (guint i = 0; i < layouts->len; i++)
        g_string_append_printf(text, "%s%d", i > 0 ? ", " : " ", g_array_index(layouts, int, i));
    g_string_append_c(text, '.');
    return g_string_free(text, FALSE);
}

bool describe_usb_counts(const UsbVerdict *usb)
{
    return usb->macos.what != NULL || *usb->macos.advice != '\0';
}
