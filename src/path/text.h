/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

#include <glib.h>

/*
 * The texts of the steps: Markdown (CommonMark) in data/steps/ID.md, with this host's values filled
 * in. Beside Markdown a text has:
 *
 *     {{gpu.address}}       a value (path/values.c lists them); one that is unknown is named by a
 *                           word in capitals, as on a manual page
 *     {{#boot.grub}}        on a line of its own: what follows up to {{/boot.grub}} is for hosts of
 *     {{/boot.grub}}        which that is so, or is unknown
 *     {{^gpu}}              the same for hosts of which it is known not to be so, up to {{/gpu}}
 *     {{> kernel-argument intel_iommu=on}}
 *                           on a line of its own: the text data/steps/parts/kernel-argument.md, in
 *                           which {{it}} is what stands behind the name
 *     [word](term:iommu)    a link to a term of the glossary
 *     [word](step:kvm)      a link to a step
 *
 * Values come from the host, which may call its devices anything: in running text they are escaped,
 * so that they are not taken for Markdown, and nowhere do they hold line feeds or control
 * characters.
 */

/* The text of the step ID. ERROR_FAILED where there is none, or where it is wrong, which is a fault
 * of the program. The caller owns it. */
char *path_text(const Path *path, const char *id, GError **error);

/* The same for a text that is given; NAME is what errors call it. */
char *path_text_expand(const Path *path, const char *id, const char *text, const char *name,
                       GError **error);
