/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/* Lines of proc/asound/card0/codec#0 before the nodes begin. */
enum { AUDIO_CODEC_HEAD = 16 };

/* The numbers of a codec as the specification packs them (High Definition Audio 1.0a, 7.3.4.1):
 * vendor and device in one, and the same of the subsystem. 0: unknown. */
void audio_codec_set_ids(AudioCodec *codec, guint32 vendor_id, guint32 subsystem_id);

/* Takes one of the first lines of that file, without white space before it: "Codec: Realtek
 * ALC1220", "Vendor Id: 0x10ec1168", "Subsystem Id: 0x18493220". False for any other line. */
bool audio_codec_take_line(AudioCodec *codec, const char *line);
