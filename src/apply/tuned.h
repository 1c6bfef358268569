/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Whether ARGV is `tuned-adm profile NAME`: KIND_TUNED knows which profile TuneD has now, and gives
 * it that again. Its states are names of profiles. */
bool tuned_is(char *const *argv);
char *tuned_after(char *const *argv);
