/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/path.h"

/* The values of the texts that are about graphics cards (path/values.c has their names). Each is
 * NULL where the host does not tell; the caller owns it. */
typedef char *GetValue(const Path *path, const PathStep *step);

GetValue value_binding_rules, value_gpu, value_gpu_short, value_gpu_option, value_gpu_hostdevs,
    value_gpu_name, value_gpu_functions, value_gpu_ids, value_gpu_driver, value_gpu_group,
    value_gpu_needs, value_gpu_releases, value_gpu_last, value_host_gpu;
