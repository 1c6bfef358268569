/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "text.h"

#include <efi.h>

/*
 * The probe: a UEFI application that says on the serial port what a guest's firmware sees, draws a
 * summary on every display and powers the machine off. README.md has the form of the report. It
 * reads; it never writes to a disk or a variable.
 *
 * Each subject is one file with one function, which adds its part of the report to `json` and its
 * lines of the summary to the section that it is for.
 */
typedef struct {
    Text json;
    Text processor, memory, displays, pci, disks, networks; /* lines, each ended by \n */
    UINTN functions;                                        /* PCI functions that were found */
} Report;

extern EFI_SYSTEM_TABLE *st;
extern EFI_BOOT_SERVICES *bs;

void report_firmware(Report *report);
void report_cpu(Report *report);
void report_memory(Report *report);
void report_pci(Report *report);
void report_displays(Report *report);
void report_disks(Report *report);
void report_file_systems(Report *report);
void report_networks(Report *report);
void report_acpi(Report *report);
void report_smbios(Report *report);

/* Lets the firmware's drivers take disks and network cards that it did not need for booting. */
void connect_drivers(void);

/* Draws the summary on every display. */
void screen_draw(const Report *report);
