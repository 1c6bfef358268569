/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "catalog/glossary.h"
#include "machine/machine.h"
#include "path/path.h"
#include "verdict/pinning.h"

#include <glib.h>

/*
 * The handbook of one host: the whole path as one page of HTML, with pictures in SVG. It loads
 * nothing, has no script, follows the reader's choice of light and dark, and can be printed.
 * Pure: the same values give the same bytes.
 */
typedef struct {
    const Path *path;
    const Glossary *glossary;
    const Machine *guest;   /* what is shown as the guest: the path's machine, or what a new one
                             * would be; NULL: none can be */
    const char *guest_note; /* what has to come first, or why there is none: sentences; NULL */
    const Pinning *pinning; /* of that guest's processors; NULL: unknown */
    const char *version;    /* of this program */
} Report;

/* The page. ERROR_FAILED where a text of a step is wrong, which is a fault of the program. The
 * caller owns it. */
char *report_html(const Report *report, GError **error);
