/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/replace.h"

/* Writes LENGTH bytes at PLACE of the image. ERROR_FAILED. */
bool put_bytes(const OsReplace *image, const void *bytes, gsize length, guint64 place,
               GError **error);

/* Puts the lowest BYTES bytes of NUMBER to AT, the lowest first. */
void put_number(guint8 *at, guint64 number, guint bytes);
