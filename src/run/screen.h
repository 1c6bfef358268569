/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Writes PICTURE, a PNG or a binary PPM (QEMU gives one or the other, by its age), as a PNG of
 * plain RGB to PATH, whole or not at all. Not trusted: it is decoded and written anew. ERROR_FAILED
 * when it is no such picture. */
bool screen_to_png(GBytes *picture, const char *path, GError **error);
