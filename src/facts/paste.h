/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"

/* The most that is read, in bytes: more than a snapshot may have. */
enum { PASTE_LENGTH_MAX = 16 * 1024 * 1024 };

/*
 * The facts of a host in TEXT that somebody pasted, LENGTH bytes with anything in them: any mixture
 * of the output of lspci, listings of IOMMU groups, Proxmox's list of PCI devices, /proc/cpuinfo,
 * lscpu, /proc/cmdline, the kernel's log, dmidecode, lshw, inxi, neofetch, `virsh nodedev-dumpxml`,
 * lsusb, `uname -a` and others, with prose, prompts and colours between. What a guest showed is
 * left out where its host's is there, too. NAME is what messages call the text. What it does not
 * say is unknown, and so is what it says in two ways. The caller owns the result. Fails with
 * ERROR_INPUT where nothing is recognised, and on more text or more devices than any host's.
 */
Facts *facts_from_text(const char *text, gsize length, const char *name, GError **error);
