/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include <string.h>

/*
 * With interrupt remapping the kernel's interrupt chips are called "IR-IO-APIC" and "IR-PCI-MSI",
 * without it "IO-APIC" and "PCI-MSI" (Linux, arch/x86/kernel/apic/io_apic.c, msi.c and
 * drivers/iommu/{intel,amd}). It is on for the whole machine or not at all.
 */
static Tri judge_chip(const char *chip)
{
    if (g_str_has_prefix(chip, "IR-"))
        return TRI_YES;
    if (g_str_has_prefix(chip, "IO-APIC") || g_str_has_prefix(chip, "PCI-MSI"))
        return TRI_NO;
    return TRI_UNKNOWN;
}

static Tri remapping_of_irqs(const OsRoot *root)
{
    g_auto(GStrv) irqs = os_list(root, "sys/kernel/irq");
    Tri remapping = TRI_UNKNOWN;

    for (char **irq = irqs; irq != NULL && *irq != NULL && remapping != TRI_YES; irq++) {
        g_autofree char *path = g_strdup_printf("sys/kernel/irq/%s/chip_name", *irq);
        g_autofree char *chip = os_read_line(root, path);
        Tri told = chip == NULL ? TRI_UNKNOWN : judge_chip(chip);
        if (told != TRI_UNKNOWN)
            remapping = told;
    }
    return remapping;
}

/* The same from the table that recorded hosts more often have. */
static Tri remapping_of_table(const OsRoot *root)
{
    g_autofree char *table = os_read_text(root, "proc/interrupts", NULL);
    if (table == NULL)
        return TRI_UNKNOWN;
    if (strstr(table, " IR-IO-APIC") != NULL || strstr(table, " IR-PCI-MSI") != NULL)
        return TRI_YES;
    if (strstr(table, " IO-APIC") != NULL || strstr(table, " PCI-MSI") != NULL)
        return TRI_NO;
    return TRI_UNKNOWN;
}

/* The tables have names of four letters; their contents are for root alone, the names for everybody
 * (Linux, Documentation/ABI/testing/sysfs-firmware-acpi). Firmware that has its IOMMU off publishes
 * no table of it. */
static char *find_table(const OsRoot *root)
{
    static const char *const TABLES[] = {"DMAR", "IVRS"};
    g_auto(GStrv) names = os_list(root, "sys/firmware/acpi/tables");

    if (names == NULL || names[0] == NULL)
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(TABLES); i++) {
        if (g_strv_contains((const char *const *)names, TABLES[i]))
            return g_strdup(TABLES[i]);
    }
    return g_strdup("");
}

void facts_collect_iommu(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    IommuFacts *iommu = &facts->iommu;
    g_auto(GStrv) groups = os_list(root, "sys/kernel/iommu_groups");

    if (groups != NULL) {
        iommu->group_count = (int)g_strv_length(groups);
        iommu->groups = tri(iommu->group_count > 0);
        iommu->complete = TRI_YES;
    }
    iommu->units = os_list(root, "sys/class/iommu");
    iommu->table = find_table(root);
    iommu->interrupt_remapping = remapping_of_irqs(root);
    if (iommu->interrupt_remapping == TRI_UNKNOWN)
        iommu->interrupt_remapping = remapping_of_table(root);
    /* not there while the module is not loaded; the kernel's command line may set it then */
    iommu->unsafe_interrupts =
        os_read_tri(root, "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
}
