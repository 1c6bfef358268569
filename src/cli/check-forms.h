/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "cli/check.h"

/* The forms in which `check` prints its answers to standard output. */

/* As text: the host, its releases and its cards. */
void check_print_all(const Context *context, const CheckQuestion *question);

/* As text: the one release that is asked about, with all its reasons. */
void check_print_release(const Context *context, const CheckQuestion *question);

/* As text: the processor that a guest of RELEASE gets, with what each part of it is for; nothing
 * where the host's is not known, or does not run the release. */
void check_print_processor(const Context *context, const CheckQuestion *question,
                           const ReleaseVerdict *release);

/* The same as members of the JSON object that is open. */
void check_write_processor(JsonWrite *json, const CheckQuestion *question,
                           const ReleaseVerdict *release);

/* As one JSON object. False with an error where it cannot be written. */
bool check_print_json(const CheckQuestion *question, GError **error);

/* The devices that are no graphics cards and that a guest could have; with one release, for that.
 * Nothing where there are none. */
void check_print_devices(const Context *context, const CheckQuestion *question);

/* As text: the section about the firmware set-up, what is to be changed or looked at; all options
 * with --verbose. */
void check_print_setup(const Context *context, const CheckQuestion *question);

/* The member "firmware" of the object that JSON is in. */
void check_setup_json(JsonWrite *json, const CheckQuestion *question);
