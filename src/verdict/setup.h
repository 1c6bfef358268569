/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "verdict/rules.h"

/*
 * The rules about the firmware set-up: what facts prove of its options, and whether this host needs
 * them. What no fact proves stays unknown. A rule gets a verdict that is unknown, not needed,
 * wanted as the catalog says and with its reason, and changes what it knows better.
 */
typedef struct {
    Verdict *verdict;
    const Facts *facts;
    FirmwarePlatform platform;
} SetupHost;

typedef void SetupRule(const SetupHost *host, SetupVerdict *setup);

SetupRule setup_virtualization, setup_no_execute, setup_smt, setup_c_states;
SetupRule setup_iommu, setup_interrupt_remapping, setup_above_4g, setup_resizable_bar, setup_acs;
SetupRule setup_csm, setup_secure_boot, setup_primary_display, setup_integrated_graphics;
SetupRule setup_vmd, setup_sata_mode, setup_thunderbolt_security, setup_sr_iov;

/* A graphics card of its own that some release drives: what guests are given. */
bool setup_is_guest_card(const DeviceVerdict *device);

/* Graphics that are part of the processor. */
bool setup_is_integrated(const DeviceVerdict *device);

/* The first function of VERDICT that IS says so of; NULL where there is none, or none is known. */
const DeviceVerdict *setup_find(const Verdict *verdict, bool (*is)(const DeviceVerdict *device));
