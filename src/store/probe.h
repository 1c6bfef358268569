/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/build.h"

/* Makes STORE/probe.img where it is missing or holds another PROBE, and returns its path, which the
 * caller owns. */
char *probe_build(const Store *store, const char *probe, BuildAction *ret_action, GError **error);
