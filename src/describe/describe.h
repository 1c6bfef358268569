/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "verdict/verdict.h"

#include <glib.h>
#include <stdbool.h>

/*
 * How facts and verdicts read, in plain text: for a terminal, and for the report. The caller owns
 * what is not const.
 */

/* The maker and name of the board, or of the system; NULL where both are unknown. */
char *describe_board(const Facts *facts);

/* "AMD Ryzen 7 5800X, 8 cores, 16 threads"; the board with the kind of its firmware; distribution
 * and kernel; whether KVM works, and why not. Never NULL. */
char *describe_cpu(const CpuFacts *cpu);
char *describe_firmware(const Facts *facts);
char *describe_system(const Facts *facts);
char *describe_kvm(const KvmFacts *kvm);

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

/* What to know before DEVICE is given away: what is against it, which obstacles of the whole
 * host are (describe_obstacle_numbers()), what goes with it, how it resets. One sentence a thing,
 * or "". */
char *describe_device_notes(const Verdict *verdict, const DeviceVerdict *device);

/* What is against a device as a sentence about the function at ADDRESS: "0000:01:00.0 holds /" is
 * "Holds /." where it is that one's own. */
char *describe_against(const char *sentence, const char *address);

/* What macOS makes of a device, shortly: "10.9 to 26 with the kext IntelMausi.", "no. Known to
 * ...", "unknown."; NULL where there is nothing to say. */
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

/* The sentences, one a line. */
char *describe_reasons(const GPtrArray *reasons);

/* What is so of the whole host, with what to do about it, in sentences. */
char *describe_obstacle(const HostObstacle *obstacle);

/* Whether an obstacle is no more than unknown. */
bool describe_obstacle_is_open(const HostObstacle *obstacle);

/* The numbers (from 1) that the obstacles of DEVICE have in the list of all: "See 1 and 3 below.";
 * NULL for none. */
char *describe_obstacle_numbers(const Verdict *verdict, const DeviceVerdict *device);
