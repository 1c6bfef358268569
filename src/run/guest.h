/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/jsonwrite.h"
#include "base/known.h"

#include <glib.h>
#include <stdbool.h>

/*
 * What the probe saw in the guest (probe/README.md has the form of its report). The report comes
 * from a guest and is not trusted: every value is checked for type and range.
 */

/* The lines that the report stands between, on the serial port. */
#define GUEST_REPORT_BEGIN "ROOTSTOCK-PROBE-BEGIN"
#define GUEST_REPORT_END "ROOTSTOCK-PROBE-END"

typedef struct {
    int index;
    char *kind; /* "memory32", "memory64", "io" */
    bool prefetchable;
    gint64 size;
} GuestBar;

typedef struct {
    char *address; /* "0000:00:1f.2" */
    int vendor, device, subsystem_vendor, subsystem_device, class_code, revision;
    GPtrArray *bars; /* of GuestBar * */
    gint64 rom_size; /* 0: no option ROM */
} GuestFunction;

typedef struct {
    char *pci; /* function that carries it; "" when it is none */
    int width, height;
    GStrv modes; /* "1024x768" */
} GuestDisplay;

typedef struct {
    char *pci;
    char *bus;  /* "sata", "virtio", "usb", "nvme", "scsi", "ide", "other" */
    char *path; /* UEFI device path */
    gint64 size;
    Tri partition, read_only;
} GuestDisk;

typedef struct {
    char *pci;
    char *mac;
} GuestNetwork;

typedef struct {
    char *signature, *oem, *oem_table;
    Tri checksum_ok;
} GuestAcpiTable;

typedef struct {
    guint32 leaf, subleaf, eax, ebx, ecx, edx;
} GuestCpuid;

typedef struct {
    char *firmware_vendor;
    char *firmware_revision;
    char *uefi_version;
    char *cpu_vendor, *cpu_brand;
    int cpu_family, cpu_model, cpu_stepping;
    GArray *cpuid;    /* of GuestCpuid */
    char *hypervisor; /* signature of leaf 0x40000000; "" when there is no hypervisor bit */
    int packages, cores, threads; /* of the whole guest */
    gint64 tsc_hz;
    gint64 memory_total;
    GPtrArray *functions, *displays, *disks, *networks, *acpi;
    char *smbios_manufacturer, *smbios_product, *smbios_uuid, *smbios_board;
    gint64 smbios_memory;
    char *json; /* the report as it came, for --json */
} GuestReport;

/* Finds the report in what came over the serial port and reads it. ERROR_FAILED says what is there
 * instead: nothing, firmware output without a probe, a report that is cut off or does not match its
 * own checksum. */
GuestReport *guest_report_read(const char *serial, gsize length, GError **error);
void guest_report_free(GuestReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GuestReport, guest_report_free)

/* Whether the guest's processor has a feature, by /proc/cpuinfo's name ("avx2"); unknown for names
 * that no CPUID bit is known for here. */
Tri guest_cpu_has(const GuestReport *report, const char *flag);

void guest_report_write(const GuestReport *report, JsonWrite *json, const char *key);
