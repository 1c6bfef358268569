/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * What the kernel, its settings and the program itself say of passing devices: interrupt remapping,
 * ACS, resets that failed. The sentences are those of Linux: drivers/pci (pci.c, probe.c),
 * drivers/iommu/intel/irq_remapping.c, drivers/vfio/vfio_iommu_type1.c, and of the patch by Alex
 * Williamson that brings pcie_acs_override.
 */

static bool says(const char *text, const char *words)
{
    return strstr(text, words) != NULL;
}

static bool take_remapping(Paste *paste, const char *text)
{
    IommuFacts *iommu = &paste->facts->iommu;

    if (says(text, "No interrupt remapping support.") ||
        says(text, "Failed to enable irq remapping."))
        paste_tri(paste, &iommu->interrupt_remapping, TRI_NO);
    else if (says(text, "PCIe ACS overrides enabled"))
        paste_tri(paste, &iommu->acs_override, TRI_YES);
    else
        return false;
    return true;
}

/* " 40:   0   12  IR-PCI-MSI 524288-edge  xhci_hcd", a line of /proc/interrupts: without remapping
 * the chip is called PCI-MSI. */
static bool take_interrupt(Paste *paste, const char *text)
{
    const char *rest;
    if (paste_decimal(text, G_MAXINT, &rest) == UNKNOWN || *rest != ':')
        return false;
    rest += 1 + strspn(rest + 1, " \t0123456789");
    bool mapped = g_str_has_prefix(rest, "IR-PCI-MSI") || g_str_has_prefix(rest, "IR-IO-APIC");
    bool plain = g_str_has_prefix(rest, "PCI-MSI") || g_str_has_prefix(rest, "IO-APIC");
    if (mapped || plain)
        paste_tri(paste, &paste->facts->iommu.interrupt_remapping, tri(mapped));
    return mapped || plain;
}

/* "options vfio_iommu_type1 allow_unsafe_interrupts=1" of modprobe.d(5) */
static bool take_option(Paste *paste, const char *text)
{
    static const char OPTIONS[] = "options vfio_iommu_type1 ", NAME[] = "allow_unsafe_interrupts=";
    const char *value = g_str_has_prefix(text, OPTIONS) ? strstr(text, NAME) : NULL;
    if (value == NULL)
        return false;
    if (strchr("1yY", value[strlen(NAME)]) != NULL && value[strlen(NAME)] != '\0')
        paste_tri(paste, &paste->facts->iommu.unsafe_interrupts, TRI_YES);
    return true;
}

/* "filename:  /lib/modules/6.1.0-18-amd64/kernel/drivers/vfio/pci/vfio-pci.ko" of modinfo(8), a
 * line of lsmod(8), or the module's absence */
static bool take_module(Paste *paste, const char *text)
{
    Tri *vfio = &paste->facts->kernel.vfio_pci;
    const char *file = paste_value(text, "filename");

    if (says(text, "Module vfio-pci not found") || says(text, "Module vfio_pci not found"))
        paste_tri(paste, vfio, TRI_NO);
    else if ((file != NULL && says(file, "/vfio-pci.ko")) || g_str_has_prefix(text, "vfio_pci  "))
        paste_tri(paste, vfio, TRI_YES);
    else
        return false;
    return true;
}

/* The function before whose name, ": " and WORDS the line has: "pci 0000:0a:00.0: unknown header
 * type 7f" */
static PciFunction *function_of(Paste *paste, const char *text, const char *words)
{
    const char *at = strstr(text, words), *rest;
    if (at == NULL || at - text < 9 || at[-1] != ' ' || at[-2] != ':')
        return NULL;
    const char *start = at - 2;
    while (start > text && start[-1] != ' ')
        start--;
    g_autofree char *address = paste_address(start, &rest);
    return address != NULL && *rest == ':' ? paste_function(paste, address) : NULL;
}

/* A function that does not answer reads as ones everywhere, and the header's type as 7f. */
static bool take_failure(Paste *paste, const char *text)
{
    static const char *const GONE[] = {
        "unknown header type 7f",
        "Unable to change power state from D3cold to D0, device inaccessible",
        "Unable to change power state from D3hot to D0, device inaccessible",
    };
    PciFunction *function = NULL;

    for (guint i = 0; function == NULL && i < G_N_ELEMENTS(GONE); i++)
        function = function_of(paste, text, GONE[i]);
    if (function == NULL && says(text, "; giving up"))
        function = function_of(paste, text, "not ready ");
    if (function == NULL)
        return false;
    paste_tri(paste, &function->reset_failed, TRI_YES);
    return true;
}

bool paste_take_vfio(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;
    bool taken = take_remapping(paste, text) || take_interrupt(paste, text) ||
                 take_option(paste, text) || take_module(paste, text) || take_failure(paste, text);
    paste->recognised |= taken;
    return taken;
}
