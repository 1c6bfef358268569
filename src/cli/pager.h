/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/output.h"
#include "os/pager.h"

/* Sends what is printed from now on through the person's pager ($PAGER, else less), where standard
 * output is a terminal. To be ended by os_pager_end() whether one was started or not. */
void pager_begin(OsPager *pager, const Output *output);
