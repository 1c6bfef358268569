/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "os/root.h"

#include <glib.h>

/*
 * The kernel modules of the root's running kernel that would claim a device, found by its modalias.
 * libkmod is behind this one file.
 */
typedef struct PciModules PciModules;

/* NULL when the root has no modules of its kernel: then nothing is known. */
PciModules *pci_modules_open(const OsRoot *root);

/* The modules' names, each once, as the kernel writes them ("snd_hda_intel"); the caller owns them.
 * NULL when MODULES is NULL or the look-up fails. */
GStrv pci_modules_for(PciModules *modules, const char *modalias);

void pci_modules_free(PciModules *modules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PciModules, pci_modules_free)
