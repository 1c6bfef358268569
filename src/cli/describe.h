/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "cli/output.h"
#include "describe/describe.h"

#include <glib.h>

/* Facts and verdicts on the terminal and in JSON documents. */

/* The lines at the top of `check`. */
void describe_host(const Output *output, const Facts *facts);

Tone describe_answer_tone(Answer answer);

/* The members `macos` of a device, and `usb` and `codecs` of a host. */
void describe_macos_json(const MacosVerdict *macos, JsonWrite *json);
void describe_usb_json(const Verdict *verdict, JsonWrite *json);
void describe_codecs_json(const Verdict *verdict, JsonWrite *json);

/* The device as `check --json` and `devices --json` promise it. */
void describe_device_json(const DeviceVerdict *device, JsonWrite *json);

void describe_strings_json(JsonWrite *json, const char *key, const GPtrArray *strings);

void describe_tri_json(JsonWrite *json, const char *key, Tri value);
