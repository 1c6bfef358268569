/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * The kernel's log, as dmesg or journalctl shows it. The sentences are those of Linux:
 * drivers/iommu (iommu.c, amd/init.c, intel/irq_remapping.c), arch/x86/kvm, arch/x86/kernel/tsc.c,
 * kernel/time/clocksource.c, drivers/vfio, drivers/pci/vgaarb.c.
 */

char *paste_address_before(const char *text, const char *at)
{
    const char *start = at, *rest;
    while (start > text && start[-1] != ' ' && at - start < 20)
        start--;
    return paste_address(start, &rest);
}

static bool take_group(Paste *paste, const char *text)
{
    const char *rest, *number = paste_after(text, ": Adding to iommu group ");
    g_autofree char *address = NULL;

    if (number != NULL) {
        address = paste_address_before(text, number - strlen(": Adding to iommu group "));
    } else {
        const char *device = paste_after(text, "iommu: Adding device ");
        address = device != NULL ? paste_address(device, &rest) : NULL;
        number = address != NULL && g_str_has_prefix(rest, " to group ")
                     ? rest + strlen(" to group ")
                     : NULL;
    }
    int group = number != NULL ? paste_decimal(number, G_MAXINT, NULL) : UNKNOWN;
    if (address == NULL || group == UNKNOWN)
        return false;
    paste_claim(paste, paste_function(paste, address), group);
    return true;
}

/* "pci 0000:01:00.0: [10de:1c03] type 00 class 0x030000 PCIe Legacy Endpoint" */
static bool take_found(Paste *paste, const char *text)
{
    int vendor, device;
    const char *rest, *at = strstr(text, ": [");
    if (at == NULL || !paste_ids(at + 2, &vendor, &device, &rest) ||
        !g_str_has_prefix(rest, " type ") || (rest = paste_after(rest, " class 0x")) == NULL)
        return false;
    g_autofree char *address = paste_address_before(text, at);
    PciFunction *function = address != NULL ? paste_function(paste, address) : NULL;
    if (function == NULL)
        return false;
    paste_int(paste, &function->vendor, vendor);
    paste_int(paste, &function->device, device);
    g_autofree char *digits = g_strndup(rest, 6);
    guint64 code;
    if (strlen(digits) == 6 && g_ascii_string_to_unsigned(digits, 16, 0, 0xffffff, &code, NULL))
        paste_class(paste, function, (int)(code >> 8), (int)(code & 0xff));
    return true;
}

static bool take_reset(Paste *paste, const char *text)
{
    /* QEMU's words, after it asked the kernel */
    const char *rest, *at = paste_after(text, "vfio: Cannot reset device ");
    if (at == NULL || strstr(at, "no available reset mechanism") == NULL)
        return false;
    g_autofree char *failed = paste_address(at, &rest);
    PciFunction *function = failed != NULL ? paste_function(paste, failed) : NULL;
    if (function != NULL && function->reset_methods == NULL)
        function->reset_methods = g_new0(char *, 1);
    return function != NULL;
}

/* "kvm: no hardware support" is no such sentence: the module for the other maker's processors says
 * it on every host. */
static bool take_kvm(Paste *paste, const char *text)
{
    static const char *const OFF[] = {"kvm: disabled by bios", "disabled by BIOS in MSR_VM_CR",
                                      "disabled by bios", "SVM disabled (by BIOS)",
                                      "VMX (outside TXT) disabled by BIOS"};
    KvmFacts *kvm = &paste->facts->kvm;
    bool about = strstr(text, "kvm") != NULL || strstr(text, "VMX") != NULL;

    for (guint i = 0; about && i < G_N_ELEMENTS(OFF); i++) {
        if (strstr(text, OFF[i]) == NULL)
            continue;
        paste_tri(paste, &kvm->usable, TRI_NO);
        paste_tri(paste, &kvm->firmware_off, TRI_YES);
        if (kvm->evidence == NULL)
            kvm->evidence =
                g_strdup("The kernel's log says that the firmware has virtualisation off.");
        return true;
    }
    return false;
}

static bool take_clock(Paste *paste, const char *text)
{
    CpuFacts *cpu = &paste->facts->cpu;
    const char *name = paste_after(text, "clocksource: Switched to clocksource ");
    if (name == NULL)
        name = paste_after(text, "Switching to clocksource ");
    if (name != NULL) {
        gsize length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");
        if (length == 0 || length > 32)
            return false;
        /* a log tells one after the other: the last one is in use */
        g_free(cpu->clocksource);
        cpu->clocksource = g_strndup(name, length);
        if (strcmp(cpu->clocksource, "tsc") == 0)
            cpu->tsc_unstable = cpu->tsc_warp = TRI_UNKNOWN; /* of a start before this one */
        return true;
    }
    bool warp = strstr(text, " cycles TSC warp between CPUs") != NULL ||
                strstr(text, "check_tsc_sync_source failed") != NULL;
    if (!warp && strstr(text, "Marking TSC unstable") == NULL &&
        strstr(text, "Marking clocksource 'tsc' as unstable") == NULL &&
        strstr(text, "kvm: SMP vm created on host with unstable TSC") == NULL)
        return false;
    cpu->tsc_unstable = TRI_YES;
    if (warp)
        cpu->tsc_warp = TRI_YES;
    return true;
}

/* "ACPI: DMAR 0x000000007B7F5000 000070 (v01 INTEL ...)" */
static bool take_table(Paste *paste, const char *text)
{
    if (strstr(text, "ACPI: DMAR 0x") != NULL)
        paste_text(paste, &paste->facts->iommu.table, "DMAR");
    else if (strstr(text, "ACPI: IVRS 0x") != NULL)
        paste_text(paste, &paste->facts->iommu.table, "IVRS");
    else
        return false;
    return true;
}

static bool take_remapping(Paste *paste, const char *text)
{
    Facts *facts = paste->facts;
    if (strstr(text, "DMAR-IR: Enabled IRQ remapping") != NULL ||
        strstr(text, "AMD-Vi: Interrupt remapping enabled") != NULL)
        paste_tri(paste, &facts->iommu.interrupt_remapping, TRI_YES);
    else if (strstr(text, "vfio_pci: add [") != NULL || strstr(text, "vfio-pci 0000:") != NULL)
        paste_tri(paste, &facts->kernel.vfio_pci, TRI_YES);
    else if (strstr(text, "DMAR: IOMMU enabled") == NULL && strstr(text, "AMD-Vi: ") == NULL &&
             strstr(text, "DMAR: ") == NULL)
        return false;
    return true;
}

static bool take_system(Paste *paste, const char *text)
{
    Facts *facts = paste->facts;
    const char *value = paste_after(text, "ommand line: ");
    if (value != NULL && value - text >= 14 && strchr("Cc", value[-14]) != NULL &&
        strstr(value, "=") != NULL)
        paste_text(paste, &facts->kernel.command_line, value);
    else if (strstr(text, "efi: EFI v") != NULL)
        paste_tri(paste, &facts->firmware.uefi, TRI_YES);
    else if (strstr(text, "secureboot: Secure boot enabled") != NULL)
        paste_tri(paste, &facts->firmware.secure_boot, TRI_YES);
    else if (strstr(text, "secureboot: Secure boot disabled") != NULL)
        paste_tri(paste, &facts->firmware.secure_boot, TRI_NO);
    else
        return false;
    return true;
}

static bool says_no_groups(const char *text)
{
    return g_str_has_prefix(text, "ls: cannot access '/sys/kernel/iommu_groups") ||
           g_str_has_prefix(text, "ls: cannot access /sys/kernel/iommu_groups") ||
           g_str_has_prefix(text, "find: '/sys/kernel/iommu_groups") ||
           g_str_has_prefix(text, "find: `/sys/kernel/iommu_groups");
}

/* What a sentence that is known here has in it. */
static bool may_be_known(const char *text)
{
    static const char *const WORDS[] = {"pci",
                                        "iommu",
                                        "vfio",
                                        "kvm",
                                        "VMX",
                                        "SVM",
                                        "clock",
                                        "TSC",
                                        "DMAR",
                                        "IVRS",
                                        "AMD-Vi",
                                        "ommand l",
                                        "efi: ",
                                        "secureboot",
                                        "vgaarb",
                                        "CPU0: ",
                                        "DMI: ",
                                        "Hardware name: ",
                                        "paravirtualized",
                                        "Hypervisor detected",
                                        "EFI Secure Boot",
                                        "PCI bridge to",
                                        "tsc",
                                        NULL};
    return paste_has_any(text, "ACDEHIPSTVceikopstv", WORDS);
}

bool paste_take_log(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;
    if (!may_be_known(text))
        return false;
    if (says_no_groups(text) && strstr(text, "No such file") != NULL)
        paste_tri(paste, &paste->facts->iommu.groups, TRI_NO);
    else if (!take_group(paste, text) && !take_found(paste, text) && !take_reset(paste, text) &&
             !paste_take_boot(paste, text) && !take_kvm(paste, text) && !take_clock(paste, text) &&
             !take_table(paste, text) && !take_remapping(paste, text) && !take_system(paste, text))
        return false;
    paste->recognised = true;
    return true;
}
