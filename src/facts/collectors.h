/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "facts/facts.h"
#include "facts/options.h"
#include "os/root.h"

/*
 * The collectors: one a subject, called in this order by facts_collect(), but for the one of KVM,
 * which runs in a thread of its own beside the others and touches only FACTS->kvm. Each reads the
 * host below ROOT and fills its own members of FACTS, which are unknown before. None fails: what
 * cannot be read stays unknown. A later one may look at what an earlier one found.
 *
 * Serial numbers, MAC addresses, UUIDs of the machine and host names are filled only with
 * OPTIONS->private_too. UUIDs and MAC addresses inside other text are taken out by facts_collect().
 */
typedef void FactsCollector(const OsRoot *root, const FactsOptions *options, Facts *facts);

FactsCollector facts_collect_cpu;
FactsCollector facts_collect_kvm;
FactsCollector facts_collect_memory;
FactsCollector facts_collect_pci;
FactsCollector facts_collect_iommu;
FactsCollector facts_collect_storage;
FactsCollector facts_collect_network;
FactsCollector facts_collect_usb;
FactsCollector facts_collect_audio;
FactsCollector facts_collect_displays;
FactsCollector facts_collect_firmware;
FactsCollector facts_collect_kernel;
FactsCollector facts_collect_boot_loader;
FactsCollector facts_collect_distribution;
FactsCollector facts_collect_software;
FactsCollector facts_collect_setup;
