/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "facts/audio-codec.h"
#include "facts/place.h"

#include <string.h>

/*
 * Codecs of High Definition Audio. sys/bus/hdaudio/devices has one entry a codec (hdaudioC0D2:
 * card 0, address 2), whose numbers the kernel keeps; proc/asound/card0/codec#2 says the same, but
 * to read it wakes the codec and asks it for everything (Linux sound/hda/hdac_sysfs.c and
 * sound/pci/hda/hda_proc.c). So that file is read only where the other is not there.
 */
#define BUS "sys/bus/hdaudio/devices"
#define CARDS "proc/asound"

static guint32 hex_id(const OsRoot *folder, const char *name)
{
    gint64 value = os_read_integer(folder, name);
    return value > 0 && value <= G_MAXUINT32 ? (guint32)value : 0;
}

/* "Realtek" and "ALC1220"; older kernels have both in the second. */
static char *codec_name(const OsRoot *folder)
{
    g_autofree char *vendor = os_read_line(folder, "vendor_name");
    g_autofree char *chip = os_read_line(folder, "chip_name");
    if (chip == NULL || vendor == NULL || g_str_has_prefix(chip, vendor))
        return g_strdup(chip != NULL ? chip : vendor);
    return g_strdup_printf("%s %s", vendor, chip);
}

static void add_of_bus(const OsRoot *root, const char *entry, GPtrArray *codecs)
{
    g_autofree char *path = g_build_filename(BUS, entry, NULL);
    g_autofree char *place = os_resolve(root, path);
    g_autoptr(OsRoot) folder = os_root_sub(root, path);
    g_autoptr(AudioCodec) codec = audio_codec_new();

    audio_codec_set_ids(codec, hex_id(folder, "vendor_id"), hex_id(folder, "subsystem_id"));
    if (codec->vendor == UNKNOWN)
        return;
    codec->name = codec_name(folder);
    if (place != NULL)
        codec->pci = place_pci_function(place);
    g_ptr_array_add(codecs, g_steal_pointer(&codec));
}

/* The function of "card0". */
static char *card_function(const OsRoot *root, const char *card)
{
    g_autofree char *path = g_build_filename("sys/class/sound", card, NULL);
    g_autofree char *place = os_resolve(root, path);
    return place != NULL ? place_pci_function(place) : NULL;
}

static void add_of_card(const OsRoot *root, const char *card, const char *file, GPtrArray *codecs)
{
    g_autofree char *path = g_build_filename(CARDS, card, file, NULL);
    g_autofree char *text = os_read_text(root, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", AUDIO_CODEC_HEAD + 1);
    g_autoptr(AudioCodec) codec = audio_codec_new();

    for (guint i = 0; lines[i] != NULL && i < AUDIO_CODEC_HEAD; i++)
        audio_codec_take_line(codec, lines[i]);
    if (codec->vendor == UNKNOWN)
        return;
    codec->pci = card_function(root, card);
    g_ptr_array_add(codecs, g_steal_pointer(&codec));
}

static void read_cards(const OsRoot *root, char *const *cards, GPtrArray *codecs)
{
    for (; *cards != NULL; cards++) {
        if (!g_str_has_prefix(*cards, "card") || !g_ascii_isdigit((*cards)[4]))
            continue;
        g_autofree char *path = g_build_filename(CARDS, *cards, NULL);
        g_auto(GStrv) files = os_list(root, path);
        for (guint i = 0; files != NULL && files[i] != NULL && codecs->len < FACTS_CODECS_MAX;
             i++) {
            if (g_str_has_prefix(files[i], "codec#"))
                add_of_card(root, *cards, files[i], codecs);
        }
    }
}

void facts_collect_audio(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    g_auto(GStrv) entries = os_list(root, BUS);
    g_auto(GStrv) cards = os_list(root, CARDS);

    if (entries == NULL && cards == NULL)
        return;
    facts->codecs = g_ptr_array_new_with_free_func((GDestroyNotify)audio_codec_free);
    for (guint i = 0;
         entries != NULL && entries[i] != NULL && facts->codecs->len < FACTS_CODECS_MAX; i++)
        add_of_bus(root, entries[i], facts->codecs);
    if (facts->codecs->len == 0 && cards != NULL)
        read_cards(root, cards, facts->codecs);
}
