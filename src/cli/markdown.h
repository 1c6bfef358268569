/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/output.h"

#include <glib.h>

/*
 * Markdown (CommonMark) on standard output: wrapped to its width, headings at the margin and all
 * else indented, code as it is. Without colours, code keeps its backticks.
 *
 * LINKS (of char *, owned by it; may be NULL) gets the targets of the links that lead to terms and
 * steps ("term:iommu", "step:kvm"), each once; those of other links are printed behind them.
 */
void markdown_print(const Output *output, const char *markdown, GPtrArray *links);
