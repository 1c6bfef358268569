/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

#include <glib.h>

/*
 * Fills vendor_name and device_name of the FUNCTIONS (of PciFunction *) from the root's pci.ids.
 * The file is read once, and only the names that are needed are kept. Format: the comment at the
 * head of https://pci-ids.ucw.cz/v2.2/pci.ids.
 */
void pci_names_fill(const OsRoot *root, GPtrArray *functions);
