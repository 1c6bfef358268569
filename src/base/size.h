/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Sizes as people write them: a whole number and a binary unit, K, M, G or T (`16G`, `512M`; `GiB`
 * and `GB` are taken as G). Without a unit the number counts bytes. False and ERROR_INPUT, naming
 * TEXT, for anything else and for more than 2^63 - 1 bytes.
 */
bool size_parse(const char *text, guint64 *ret_bytes, GError **error);

/* The shortest exact form of size_parse(): 17179869184 is `16G`. The caller owns it. */
char *size_exact(guint64 bytes);

/* For people to read: `15.6 GiB`, `512 MiB`. The caller owns it. */
char *size_human(guint64 bytes);
