/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run/guest.h"

/* Reads the JSON document between the markers into an empty REPORT. ERROR_FAILED when it is not a
 * report of the probe, or has values that no machine has. */
bool guest_parse(GuestReport *report, const char *json, gsize length, GError **error);
