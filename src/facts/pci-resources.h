/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "os/root.h"

/*
 * Fills bars and rom_size from the text of a function's `resource` file: a line of start, end and
 * flags for each of the six BARs and the expansion ROM (Linux,
 * Documentation/PCI/sysfs-pci.rst and include/linux/ioport.h). A malformed file leaves both
 * unknown.
 */
void pci_resources_parse(const char *text, PciFunction *function);

/*
 * Whether the function in FOLDER has the Resizable BAR capability (PCI Express Base Specification,
 * extended capability 0x15). Newer kernels say so by a file; otherwise its configuration space has
 * to be read beyond byte 64, which only root may, so that the answer can be unknown. A device in
 * D3cold is not woken for this.
 */
Tri pci_resizable_bar(const OsRoot *folder, const PciFunction *function);
