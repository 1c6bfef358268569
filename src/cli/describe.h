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

/* What to know before DEVICE is given away: what goes with it, what is against it, how it resets.
 * One sentence a thing, or "". */
char *describe_device_notes(const DeviceVerdict *device);

Tone describe_answer_tone(Answer answer);

/* The sentences, one a line. */
char *describe_reasons(const GPtrArray *reasons);

/* The device as `check --json` and `devices --json` promise it. */
void describe_device_json(const DeviceVerdict *device, JsonWrite *json);

void describe_strings_json(JsonWrite *json, const char *key, const GPtrArray *strings);

void describe_tri_json(JsonWrite *json, const char *key, Tri value);
