/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/audio-codec.h"
#include "facts/paste-parts.h"

#include <string.h>

/*
 * Audio codecs: the first lines of proc/asound/card0/codec#0, and the kernel's log (Linux
 * sound/pci/hda/hda_auto_parser.c and hda_bind.c), where older kernels have no "snd_" before it:
 *
 *     Codec: Realtek ALC1220
 *     Vendor Id: 0x10ec1168
 *     snd_hda_codec_realtek hdaudioC0D0: autoconfig for ALC892: line_outs=3 (0x14/0x15/0x16)
 * type:line
 */

enum { CHIP_MAX = 32 };

static AudioCodec *add(Paste *paste)
{
    GPtrArray **codecs = &paste->facts->codecs;
    if (*codecs == NULL)
        *codecs = g_ptr_array_new_with_free_func((GDestroyNotify)audio_codec_free);
    if ((*codecs)->len >= FACTS_CODECS_MAX)
        return NULL;
    AudioCodec *codec = audio_codec_new();
    g_ptr_array_add(*codecs, codec);
    return codec;
}

/* Whether one of that name was told already: the log names what the other file names. */
static bool is_told(const Paste *paste, const char *chip)
{
    const GPtrArray *codecs = paste->facts->codecs;
    for (guint i = 0; codecs != NULL && i < codecs->len; i++) {
        const AudioCodec *codec = g_ptr_array_index(codecs, i);
        if (codec->name != NULL && g_str_has_suffix(codec->name, chip))
            return true;
    }
    return false;
}

static bool take_logged(Paste *paste, const char *text)
{
    static const char WORDS[] = ": autoconfig for ";
    const char *at = strstr(text, WORDS);

    if (at == NULL || strstr(text, "hdaudioC") == NULL)
        return false;
    at += strlen(WORDS);
    gsize length = strcspn(at, ": ");
    if (length == 0 || length > CHIP_MAX || at[length] != ':')
        return false;
    g_autofree char *chip = g_strndup(at, length);
    AudioCodec *codec = is_told(paste, chip) ? NULL : add(paste);
    if (codec != NULL)
        codec->name = g_steal_pointer(&chip);
    return true;
}

/* Whether TEXT begins with a vendor as the kernel names them (hda_codec.c, hda_vendor_ids): films
 * have codecs, too. */
static bool is_name(const char *text)
{
    static const char *const VENDORS[] = {
        "Realtek ",
        "Conexant ",
        "IDT ",
        "SigmaTel ",
        "VIA ",
        "Cirrus Logic ",
        "Analog Devices ",
        "Creative ",
        "Intel ",
        "Nvidia ",
        "NVIDIA ",
        "ATI ",
        "AMD ",
        "C-Media ",
        "LSI ",
        "Nokia ",
        "Wistron ",
        "Silicon Image ",
        "Senary ",
    };
    for (guint i = 0; i < G_N_ELEMENTS(VENDORS); i++) {
        if (g_str_has_prefix(text, VENDORS[i]))
            return true;
    }
    return false;
}

/* "/proc/asound/card0/codec#0:Codec: Realtek ALC892", as grep writes it. */
static const char *without_file(const char *text)
{
    const char *end = g_str_has_prefix(text, "/proc/asound/") ? strchr(text, ':') : NULL;
    return end != NULL ? end + 1 : text;
}

static bool take_name(Paste *paste, const char *text)
{
    paste->codec = NULL;
    if (!is_name(text + strlen("Codec: ")))
        return false;
    paste->codec = add(paste);
    if (paste->codec != NULL)
        audio_codec_take_line(paste->codec, text);
    return paste->codec != NULL;
}

/* Lines between those that count: "Address: 0", "AFG Function Id: 0x1 (unsol 1)". */
static bool is_between(const char *text)
{
    return g_str_has_prefix(text, "Address: ") || strstr(text, " Function Id: ") != NULL;
}

bool paste_take_audio(Paste *paste, const PasteLine *line)
{
    const char *text = without_file(line->text);

    if (!g_str_has_prefix(text, "Codec: ") && paste->codec != NULL &&
        (is_between(text) || audio_codec_take_line(paste->codec, text)))
        return true;
    bool is_one =
        g_str_has_prefix(text, "Codec: ") ? take_name(paste, text) : take_logged(paste, text);
    if (!is_one)
        paste->codec = NULL;
    paste->recognised |= is_one;
    return is_one;
}
