/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/fill.h"

#include "catalog/devices.h"

/*
 * Apple's driver takes the sound of a board where AppleALC tells it how the board's codec is wired,
 * by the number of a layout. AppleALC has several for most codecs, and which of them fits is told
 * by trying: a wrong one does no harm, but sockets stay silent. Source: acidanthera/AppleALC wiki,
 * "Installation and usage"; Dortania, "Fixing audio with AppleALC".
 */

static const KnownCodec *codec_of(const Fill *fill, const DeviceVerdict *verdict)
{
    const GPtrArray *codecs = fill->verdict->codecs;
    for (guint i = 0; codecs != NULL && i < codecs->len; i++) {
        const CodecVerdict *codec = g_ptr_array_index(codecs, i);
        if (codec->controller == verdict && codec->known != NULL)
            return codec->known;
    }
    return NULL;
}

static bool has_layout(const KnownCodec *codec, int layout)
{
    for (guint i = 0; i < codec->layouts->len; i++)
        if (g_array_index(codec->layouts, int, i) == layout)
            return true;
    return false;
}

/* "2, 3 and so on" of the layouts but the one; "" for none. The caller owns it. */
static char *other_layouts(const KnownCodec *codec, int but)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < codec->layouts->len; i++) {
        int layout = g_array_index(codec->layouts, int, i);
        if (layout != but)
            g_string_append_printf(text, "%s%d", text->len > 0 ? ", " : "", layout);
    }
    return g_string_free(text, FALSE);
}

static void take_chosen(MachineDevice *device, const KnownCodec *codec, int layout)
{
    static const char CHOSEN[] = "You chose this layout of the board's sound for AppleALC.";
    device->layout = layout;
    if (codec == NULL || has_layout(codec, layout)) {
        device->layout_reason = g_strdup(CHOSEN);
        return;
    }
    g_autofree char *others = other_layouts(codec, layout);
    device->layout_reason =
        g_strdup_printf("%s Its tables have none of that number for the board's %s %s, but %s.",
                        CHOSEN, codec->maker, codec->name, others);
}

/* Whether Apple's driver of that release takes the controller and the codec. */
static bool is_of_use(const DeviceVerdict *verdict, const KnownCodec *codec, const Release *release)
{
    const Release *last = verdict->macos.last;
    return codec->first->order <= release->order && (last == NULL || release->order <= last->order);
}

void fill_layout(Fill *fill, const DeviceVerdict *verdict, MachineDevice *device)
{
    const KnownCodec *codec = codec_of(fill, verdict);
    int chosen = fill->choices->opencore.layout;

    if (chosen > 0) {
        take_chosen(device, codec, chosen);
        return;
    }
    if (codec == NULL || !is_of_use(verdict, codec, fill->machine->release))
        return;
    device->layout = g_array_index(codec->layouts, int, 0);
    g_autofree char *others = other_layouts(codec, device->layout);
    if (*others == '\0')
        device->layout_reason = g_strdup_printf(
            "The only layout that AppleALC has for the board's %s %s.", codec->maker, codec->name);
    else
        device->layout_reason = g_strdup_printf(
            "The first layout that AppleALC has for the board's %s %s. Which one fits depends on "
            "the board's sockets: where one stays silent, try another with layout= below "
            "[opencore] of the machine file (%s).",
            codec->maker, codec->name, others);
}
