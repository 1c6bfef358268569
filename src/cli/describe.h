/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "cli/output.h"
#include "facts/facts.h"
#include "verdict/verdict.h"

#include <glib.h>

/* How facts and verdicts read. The caller owns what is not const. */

/* Names for `check --json`, or NULL where unknown. */
char *describe_board(const Facts *facts);

/* The lines at the top of `check`. */
void describe_host(const Output *output, const Facts *facts);

/* ADDRESS without the domain where that is 0, as people write it. Part of ADDRESS. */
const char *describe_address(const char *address);

/* TEXT with the addresses in it so written. */
char *describe_shortly(const char *text);

/* "1002:73ff"; NULL where unknown. */
char *describe_id(const PciFunction *function);

/* What the function is called: its vendor and name, or its class, or its id. Never NULL. */
char *describe_function(const PciFunction *function);

/* The releases that accelerate a family: "10.13 to 12", "none"; never NULL. */
char *describe_releases(const GraphicsFamily *family);

/* What to know before DEVICE is given away: what is against it, which of describe_obstacles() are,
 * what goes with it, how it resets. One sentence a thing, or "". */
char *describe_device_notes(const Verdict *verdict, const DeviceVerdict *device);

/* What macOS makes of a device, shortly: "10.9 to 26 with the kext IntelMausi.", "no. Known to
 * ...", "unknown."; NULL where there is nothing to say: describe-macos.c. */
char *describe_macos(const MacosVerdict *macos);

/* The same for one release, and why; *RET_ANSWER is the answer for it. */
char *describe_macos_with(const MacosVerdict *macos, const Release *release, Answer *ret_answer);

/* What a USB device or a codec is called, its id ("8087:0029", or NULL), and its place
 * ("1-4"). */
char *describe_usb(const UsbVerdict *usb);
char *describe_usb_id(const UsbDevice *device);
char *describe_usb_place(const UsbDevice *device);
char *describe_codec(const AudioCodec *codec);
char *describe_codec_id(const AudioCodec *codec);

/* Which layout-ids AppleALC has for a codec: "AppleALC layout-ids 1, 2, 3.". */
char *describe_layouts(const CodecVerdict *codec);

/* Whether USB is worth a line of its own: macOS needs something for it, or does not take it. */
bool describe_usb_counts(const UsbVerdict *usb);

/* The members `macos` of a device, and `usb` and `codecs` of a host. */
void describe_macos_json(const MacosVerdict *macos, JsonWrite *json);
void describe_usb_json(const Verdict *verdict, JsonWrite *json);
void describe_codecs_json(const Verdict *verdict, JsonWrite *json);

Tone describe_answer_tone(Answer answer);

/* The sentences, one a line. */
char *describe_reasons(const GPtrArray *reasons);

/* The device as `check --json` and `devices --json` promise it. */
void describe_device_json(const DeviceVerdict *device, JsonWrite *json);

void describe_strings_json(JsonWrite *json, const char *key, const GPtrArray *strings);

void describe_tri_json(JsonWrite *json, const char *key, Tri value);
