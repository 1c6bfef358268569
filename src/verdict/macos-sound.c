/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * Sound of the board: Apple's driver takes a controller with AppleALC, which has to know the codec
 * that hangs on it. The codecs of displays (HDMI, DisplayPort) are of the makers of graphics
 * processors, and nothing analogue hangs on them.
 */
enum { VENDOR_INTEL = 0x8086, VENDOR_AMD = 0x1002, VENDOR_NVIDIA = 0x10de };

static bool is_of_a_display(const AudioCodec *codec)
{
    if (codec->vendor == UNKNOWN)
        return codec->name != NULL &&
               (strstr(codec->name, "HDMI") != NULL || strstr(codec->name, "DP") != NULL);
    return codec->vendor == VENDOR_INTEL || codec->vendor == VENDOR_AMD ||
           codec->vendor == VENDOR_NVIDIA;
}

/* The only sound controller of the host that is no graphics card's. */
static const DeviceVerdict *only_controller(const Verdict *verdict)
{
    const DeviceVerdict *only = NULL;

    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (device->role != ROLE_AUDIO)
            continue;
        if (only != NULL)
            return NULL;
        only = device;
    }
    return only;
}

/* The codecs that are no displays'. */
static guint count_analogue(const GPtrArray *codecs)
{
    guint count = 0;
    for (guint i = 0; i < codecs->len; i++)
        count += is_of_a_display(g_ptr_array_index(codecs, i)) ? 0 : 1;
    return count;
}

/* Where nobody says which controller a codec is on (pasted text), the only analogue one is on the
 * only controller. */
static const DeviceVerdict *controller_of(const Verdict *verdict, const GPtrArray *codecs,
                                          const AudioCodec *codec)
{
    if (codec->pci != NULL)
        return g_hash_table_lookup(verdict->by_address, codec->pci);
    return is_of_a_display(codec) || count_analogue(codecs) > 1 ? NULL : only_controller(verdict);
}

void sound_find_codecs(Verdict *verdict, const Facts *facts, const Catalog *catalog)
{
    if (facts->codecs == NULL)
        return;
    verdict->codecs = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < facts->codecs->len; i++) {
        CodecVerdict *codec = g_new0(CodecVerdict, 1);
        codec->codec = g_ptr_array_index(facts->codecs, i);
        codec->controller = controller_of(verdict, facts->codecs, codec->codec);
        if (codec->codec->vendor != UNKNOWN)
            codec->known = known_codec(catalog, codec->codec->vendor, codec->codec->device);
        else if (codec->codec->name != NULL)
            codec->known = known_codec_named(catalog, codec->codec->name);
        g_ptr_array_add(verdict->codecs, codec);
    }
}

/* The analogue codec on DEVICE, or NULL; *RET_DISPLAYS: there are codecs of displays. */
static const CodecVerdict *find_codec(const Verdict *verdict, const DeviceVerdict *device,
                                      bool *ret_displays)
{
    const CodecVerdict *found = NULL;

    *ret_displays = false;
    for (guint i = 0; verdict->codecs != NULL && i < verdict->codecs->len; i++) {
        const CodecVerdict *codec = g_ptr_array_index(verdict->codecs, i);
        if (codec->controller != device)
            continue;
        if (is_of_a_display(codec->codec))
            *ret_displays = true;
        else if (found == NULL || codec->known != NULL)
            found = codec;
    }
    return found;
}

/* AppleALC knows the codec since a release of its own. */
static void take_known(Verdict *verdict, MacosVerdict *macos, const KnownCodec *known)
{
    const char *needs =
        say(verdict, "AppleALC and one of its layout-ids for %s %s", known->maker, known->name);

    if (known->first->order > macos->last->order) {
        macos_forget(macos, ANSWER_NO);
        return;
    }
    macos->needs = needs;
    if (known->first->order > macos->first->order)
        macos->first = known->first;
    for (guint i = 0; i < macos->spans->len; i++) {
        MacosSpan *span = &g_array_index(macos->spans, MacosSpan, i);
        span->needs = needs;
        if (known->first->order > span->first->order)
            span->first = known->first;
    }
}

void sound_judge(Verdict *verdict, DeviceVerdict *device)
{
    MacosVerdict *macos = &device->macos;
    bool displays;
    const CodecVerdict *codec = find_codec(verdict, device, &displays);

    if (macos->spans == NULL) /* the controller itself does not do */
        return;
    if (codec == NULL) {
        macos_forget(macos, ANSWER_UNKNOWN);
        macos_advise(verdict, macos, true,
                     displays ? "Only the sound of displays hangs on it."
                              : "Which codec hangs on it is unknown: `cat "
                                "/proc/asound/card*/codec#*` says it.");
    } else if (codec->known != NULL) {
        take_known(verdict, macos, codec->known);
    } else if (codec->codec->vendor == UNKNOWN) {
        macos_forget(macos, ANSWER_UNKNOWN);
        macos_advise(verdict, macos, true,
                     say(verdict,
                         "The name %s does not tell which codec hangs on it: `cat "
                         "/proc/asound/card*/codec#*` does.",
                         codec->codec->name != NULL ? codec->codec->name : "that is known"));
    } else {
        macos_forget(macos, ANSWER_NO);
        macos_advise(
            verdict, macos, true,
            say(verdict,
                "AppleALC has no layout-id for its codec (%s %04x:%04x): a sound card on USB, or "
                "the sound of a graphics card, serves the guest better.",
                codec->codec->name != NULL ? codec->codec->name : "codec",
                (guint)codec->codec->vendor, (guint)codec->codec->device));
    }
}
