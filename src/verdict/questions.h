/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

#include <stdbool.h>

/* Questions to the facts of a host that several rules, and later stages, ask alike. */

/* The value of the argument NAME on the kernel's command line ("" where it has none), that of the
 * last one; '-' and '_' are the same in names. NULL: it is not there, or the line is unknown. The
 * caller owns it. */
char *kernel_argument(const KernelFacts *kernel, const char *name);

/* Whether WORD is one of VALUE, a list with commas. NULL has none. */
bool list_has(const char *value, const char *word);

/* The same of the value of the argument NAME. */
bool kernel_argument_has(const KernelFacts *kernel, const char *name, const char *word);

/* Whether the running kernel is MAJOR.MINOR or later ("6.1.0-56-amd64" is 6.1); unknown without its
 * release. */
Tri kernel_is_at_least(const KernelFacts *kernel, int major, int minor);

/* The argument that turns the IOMMU off ("intel_iommu=off"), NULL for none. */
const char *kernel_turns_iommu_off(const KernelFacts *kernel);

/* Whether the host's chassis is one that is carried. */
bool host_is_notebook(const FirmwareFacts *firmware);

/* Whether a monitor hangs on the card now. */
bool card_has_monitor(const Facts *facts, const PciFunction *function);
