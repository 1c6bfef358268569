/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/* Where STEP is still to be done although an apply has done it: says that the host has to be
 * started again, or names the likely reason why it did not take. */
void applied_judge(const Path *path, PathStep *step);
