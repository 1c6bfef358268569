/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/guest.h"

void guest_report_free(GuestReport *report)
{
    if (report == NULL)
        return;
    char *strings[] = {report->firmware_vendor,
                       report->firmware_revision,
                       report->uefi_version,
                       report->cpu_vendor,
                       report->cpu_brand,
                       report->hypervisor,
                       report->smbios_product,
                       report->smbios_manufacturer,
                       report->smbios_uuid,
                       report->smbios_board,
                       report->json};
    GPtrArray *arrays[] = {report->functions, report->displays, report->disks, report->networks,
                           report->acpi};
    for (gsize i = 0; i < G_N_ELEMENTS(strings); i++)
        g_free(strings[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        if (arrays[i] != NULL)
            g_ptr_array_unref(arrays[i]);
    if (report->cpuid != NULL)
        g_array_unref(report->cpuid);
    g_free(report);
}
