/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/audio-codec.h"

#include <string.h>

enum { NAME_MAX_LENGTH = 128 };

void audio_codec_set_ids(AudioCodec *codec, guint32 vendor_id, guint32 subsystem_id)
{
    if (vendor_id != 0) {
        codec->vendor = (int)(vendor_id >> 16);
        codec->device = (int)(vendor_id & 0xffff);
    }
    if (subsystem_id != 0) {
        codec->subsystem_vendor = (int)(subsystem_id >> 16);
        codec->subsystem_device = (int)(subsystem_id & 0xffff);
    }
}

/* What follows KEY on the line, or NULL. */
static const char *after(const char *line, const char *key)
{
    gsize length = strlen(key);
    if (strncmp(line, key, length) != 0)
        return NULL;
    return line + length + strspn(line + length, " \t");
}

/* "0x10ec1168" and nothing behind it; 0: something else. */
static guint32 parse_id(const char *text)
{
    guint64 id;
    if (!g_str_has_prefix(text, "0x"))
        return 0;
    g_autofree char *digits = g_strchomp(g_strdup(text + 2));
    return g_ascii_string_to_unsigned(digits, 16, 1, G_MAXUINT32, &id, NULL) ? (guint32)id : 0;
}

bool audio_codec_take_line(AudioCodec *codec, const char *line)
{
    const char *name = after(line, "Codec:");
    const char *vendor = after(line, "Vendor Id:");
    const char *subsystem = after(line, "Subsystem Id:");

    if (name != NULL && *name != '\0' && strlen(name) <= NAME_MAX_LENGTH) {
        g_free(codec->name);
        codec->name = g_strchomp(g_strdup(name));
        return true;
    }
    guint32 vendor_id = vendor != NULL ? parse_id(vendor) : 0;
    guint32 subsystem_id = subsystem != NULL ? parse_id(subsystem) : 0;
    audio_codec_set_ids(codec, vendor_id, subsystem_id);
    return vendor_id != 0 || subsystem_id != 0;
}
