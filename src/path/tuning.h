/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/* Steps about the host's speed; their rows are in after.c. */
void tuning_judge_huge_pages(const Path *path, PathStep *step);
void tuning_judge_governor(const Path *path, PathStep *step);
