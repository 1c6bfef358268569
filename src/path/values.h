/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/* Names that the texts may use (path/text.h). */

/* The value NAME for the text of STEP; where the host does not tell, the word that stands for it
 * (RET_KNOWN false). NULL: there is no such value. RET_MARKDOWN: it is Markdown of our own, not a
 * word of the host's. The caller owns it. */
char *path_value(const Path *path, const PathStep *step, const char *name, bool *ret_known,
                 bool *ret_markdown);

/* Whether the condition NAME holds; false where there is no such condition. */
bool path_condition(const Path *path, const char *name, Tri *ret_holds);
