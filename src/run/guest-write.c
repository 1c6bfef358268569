/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/guest.h"

/* What is written has the probe's own form (probe/README.md), as far as the struct has it. */

static void write_firmware(const GuestReport *report, JsonWrite *json)
{
    jw_begin_object(json, "firmware");
    jw_string_known(json, "vendor", report->firmware_vendor);
    jw_string_known(json, "revision", report->firmware_revision);
    jw_string_known(json, "uefi", report->uefi_version);
    jw_end_object(json);
}

static void write_leaves(const GuestReport *report, JsonWrite *json)
{
    jw_begin_array(json, "leaves");
    for (guint i = 0; i < report->cpuid->len; i++) {
        const GuestCpuid *leaf = &g_array_index(report->cpuid, GuestCpuid, i);
        jw_begin_object(json, NULL);
        jw_hex_known(json, "leaf", leaf->leaf, 8);
        jw_hex_known(json, "subleaf", leaf->subleaf, 1);
        jw_hex_known(json, "eax", leaf->eax, 8);
        jw_hex_known(json, "ebx", leaf->ebx, 8);
        jw_hex_known(json, "ecx", leaf->ecx, 8);
        jw_hex_known(json, "edx", leaf->edx, 8);
        jw_end_object(json);
    }
    jw_end_array(json);
}

static void write_cpu(const GuestReport *report, JsonWrite *json)
{
    jw_begin_object(json, "cpu");
    jw_string_known(json, "vendor", report->cpu_vendor);
    jw_string_known(json, "brand", report->cpu_brand);
    jw_integer_known(json, "family", report->cpu_family);
    jw_integer_known(json, "model", report->cpu_model);
    jw_integer_known(json, "stepping", report->cpu_stepping);
    jw_begin_object(json, "hypervisor");
    jw_boolean(json, "present", guest_cpu_has(report, "hypervisor") == TRI_YES);
    jw_string(json, "signature", report->hypervisor);
    jw_end_object(json);
    jw_begin_object(json, "topology");
    jw_integer_known(json, "packages", report->packages);
    jw_integer_known(json, "cores", report->cores);
    jw_integer_known(json, "threads", report->threads);
    jw_end_object(json);
    jw_integer_known(json, "tsc_hz", report->tsc_hz);
    write_leaves(report, json);
    jw_end_object(json);
}

static void write_bar(const GuestBar *bar, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_integer(json, "index", bar->index);
    jw_string(json, "kind", bar->kind);
    jw_boolean(json, "prefetchable", bar->prefetchable);
    jw_integer_known(json, "size", bar->size);
    jw_end_object(json);
}

static void write_function(const GuestFunction *function, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_string(json, "address", function->address);
    jw_hex_known(json, "vendor", function->vendor, 4);
    jw_hex_known(json, "device", function->device, 4);
    jw_hex_known(json, "subsystem_vendor", function->subsystem_vendor, 4);
    jw_hex_known(json, "subsystem_device", function->subsystem_device, 4);
    jw_hex_known(json, "class", function->class_code, 6);
    jw_hex_known(json, "revision", function->revision, 2);
    jw_begin_array(json, "bars");
    for (guint i = 0; i < function->bars->len; i++)
        write_bar(g_ptr_array_index(function->bars, i), json);
    jw_end_array(json);
    jw_begin_object(json, "rom");
    jw_integer_known(json, "size", function->rom_size);
    jw_end_object(json);
    jw_end_object(json);
}

static void write_display(const GuestDisplay *display, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_string(json, "pci", display->pci);
    jw_integer(json, "width", display->width);
    jw_integer(json, "height", display->height);
    jw_strings_known(json, "modes", display->modes);
    jw_end_object(json);
}

static void write_disk(const GuestDisk *disk, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_string(json, "pci", disk->pci);
    jw_string(json, "bus", disk->bus);
    jw_string_known(json, "path", disk->path);
    jw_integer(json, "size", disk->size);
    jw_tri_known(json, "read_only", disk->read_only);
    jw_tri_known(json, "partition", disk->partition);
    jw_end_object(json);
}

static void write_network(const GuestNetwork *network, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_string(json, "pci", network->pci);
    jw_string_known(json, "mac", network->mac);
    jw_end_object(json);
}

static void write_acpi(const GuestAcpiTable *table, JsonWrite *json)
{
    jw_begin_object(json, NULL);
    jw_string(json, "signature", table->signature);
    jw_string_known(json, "oem", table->oem);
    jw_string_known(json, "oem_table", table->oem_table);
    jw_tri_known(json, "checksum_ok", table->checksum_ok);
    jw_end_object(json);
}

static void write_lists(const GuestReport *report, JsonWrite *json)
{
    jw_begin_array(json, "pci");
    for (guint i = 0; i < report->functions->len; i++)
        write_function(g_ptr_array_index(report->functions, i), json);
    jw_end_array(json);
    jw_begin_array(json, "displays");
    for (guint i = 0; i < report->displays->len; i++)
        write_display(g_ptr_array_index(report->displays, i), json);
    jw_end_array(json);
    jw_begin_array(json, "disks");
    for (guint i = 0; i < report->disks->len; i++)
        write_disk(g_ptr_array_index(report->disks, i), json);
    jw_end_array(json);
    jw_begin_array(json, "networks");
    for (guint i = 0; i < report->networks->len; i++)
        write_network(g_ptr_array_index(report->networks, i), json);
    jw_end_array(json);
    jw_begin_array(json, "acpi");
    for (guint i = 0; i < report->acpi->len; i++)
        write_acpi(g_ptr_array_index(report->acpi, i), json);
    jw_end_array(json);
}

static void write_smbios(const GuestReport *report, JsonWrite *json)
{
    jw_begin_object(json, "smbios");
    jw_begin_object(json, "system");
    jw_string_known(json, "manufacturer", report->smbios_manufacturer);
    jw_string_known(json, "product", report->smbios_product);
    jw_string_known(json, "uuid", report->smbios_uuid);
    jw_end_object(json);
    jw_begin_object(json, "board");
    jw_string_known(json, "product", report->smbios_board);
    jw_end_object(json);
    jw_integer_known(json, "memory_total", report->smbios_memory);
    jw_end_object(json);
}

void guest_report_write(const GuestReport *report, JsonWrite *json, const char *key)
{
    jw_begin_object(json, key);
    write_firmware(report, json);
    write_cpu(report, json);
    jw_begin_object(json, "memory");
    jw_integer_known(json, "total", report->memory_total);
    jw_end_object(json);
    write_lists(report, json);
    write_smbios(report, json);
    jw_end_object(json);
}
