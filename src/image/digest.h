/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "image/layout.h"

/*
 * The identifiers of an image. They are made from a SHA-256 digest over what the image is made of,
 * so that the same input gives the same bytes, and two images differ in all of them.
 */
typedef struct {
    guint8 disk[16];      /* GUID, as it lies in a GPT */
    guint8 partition[16]; /* GUID */
    guint32 volume;       /* serial number of the file system */
} Identifiers;

/* KNOWN is ImageOptions.digest; without it every source is read. ERROR_INPUT when one cannot be
 * read, ERROR_FAILED when cancelled. */
bool digest_identifiers(Identifiers *identifiers, const Content *content, const Layout *layout,
                        const char *label, guint64 epoch, const char *known, GError **error);
