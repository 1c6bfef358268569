/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-cpu.h"

#include <stdlib.h>
#include <string.h>

/* Programs that describe a host shortly: neofetch and fastfetch, hostnamectl, lsb_release, free,
 * pveversion, virsh, kvm-ok, virt-host-validate, mokutil, QEMU's version. */

/* neofetch and fastfetch draw a picture to the left: the value is somewhere in the line. The caller
 * owns it. */
static char *drawn_value(const char *text, const char *key)
{
    const char *value = paste_value(text, key);
    if (value == NULL) {
        g_autofree char *upper = g_ascii_strup(key, -1);
        g_autofree char *words = g_strdup_printf(" %s: ", upper);
        value = paste_after(text, words);
    }
    return value != NULL ? g_strdup(value) : NULL;
}

/* "AMD Ryzen 9 3900X (24) @ 3.800GHz" */
static bool take_fetched(Paste *paste, const char *text)
{
    g_autofree char *value = drawn_value(text, "cpu");
    char *count = value != NULL ? strstr(value, " (") : NULL;
    if (count == NULL || strstr(count, ") @ ") == NULL || !g_ascii_isdigit(count[2]) ||
        (!g_str_has_prefix(value, "AMD ") && strstr(value, "Intel") == NULL))
        return false;
    *count = '\0';
    paste_text_loosely(paste, &paste->facts->cpu.name, value);
    paste_cpu_anchor(paste);
    return true;
}

/* "OS: Linux Mint 21.2 x86_64", "Kernel: 5.15.0-91-generic", the kernel to the right of a picture
 */
static bool take_fetched_system(Paste *paste, const char *text)
{
    g_autofree char *system = drawn_value(text, "os");
    const char *kernel = paste_after(text, " Kernel: ");
    gsize length = kernel != NULL ? strcspn(kernel, " ") : 0;

    if (system != NULL && g_str_has_suffix(system, " x86_64")) {
        system[strlen(system) - strlen(" x86_64")] = '\0';
        paste_text_loosely(paste, &paste->facts->distribution.name, system);
        return true;
    }
    if (length < 3 || length > 96 || !g_ascii_isdigit(*kernel) ||
        memchr(kernel, '.', length) == NULL)
        return false;
    g_autofree char *release = g_strndup(kernel, length);
    paste_text(paste, &paste->facts->kernel.release, release);
    return true;
}

/* "Memory: 5838MiB / 15953MiB", "Memory: 7.60 GiB / 31.26 GiB (24%)" */
static bool take_fetched_memory(Paste *paste, const char *text)
{
    const char *value = paste_value(text, "memory");
    const char *total = value != NULL ? strstr(value, " / ") : NULL;
    if (value == NULL)
        value = paste_after(text, " Memory: ");
    total = total == NULL && value != NULL ? strstr(value, " / ") : total;
    if (total == NULL || !g_ascii_isdigit(*value) || !g_ascii_isdigit(total[3]))
        return false;
    char *end;
    double number = g_ascii_strtod(total + 3, &end);
    end += strspn(end, " ");
    double unit = g_str_has_prefix(end, "MiB")   ? 1 << 20
                  : g_str_has_prefix(end, "GiB") ? 1 << 30
                                                 : 0;
    if (unit == 0 || number < 0.1 || number > 1e8)
        return false;
    if (paste->facts->memory.total == UNKNOWN)
        paste_size(paste, &paste->facts->memory.total, (gint64)(number * unit));
    return true;
}

/* lsb_release -a, hostnamectl */
static bool take_distribution(Paste *paste, const char *text)
{
    DistributionFacts *distribution = &paste->facts->distribution;
    const char *name = paste_value(text, "operating system");
    const char *description = paste_value(text, "description");
    const char *virtual = paste_value(text, "virtualization");
    const char *distro = paste_value(text, "distro");

    if (description != NULL && paste->distributor)
        name = description;
    if (name == NULL)
        name = distro;
    paste->distributor = paste_value(text, "distributor id") != NULL;
    if (name != NULL && *name != '\0' && strlen(name) < 100) {
        paste_text_loosely(paste, &distribution->name, name);
        return true;
    }
    /* hostnamectl; lscpu has "VT-x" there */
    if (virtual != NULL && g_ascii_islower(*virtual)) {
        paste_tri(paste, &paste->facts->cpu.hypervisor, tri(strcmp(virtual, "none") != 0));
        return true;
    }
    return paste->distributor;
}

static bool take_hostnamectl(Paste *paste, const char *text)
{
    FirmwareFacts *firmware = &paste->facts->firmware;
    const char *vendor = paste_value(text, "hardware vendor");
    const char *model = paste_value(text, "hardware model");
    const char *chassis = paste_value(text, "chassis");
    paste_text_loosely(paste, &firmware->system_vendor, vendor);
    paste_text_loosely(paste, &firmware->system_name, model);
    paste_chassis_loosely(paste, chassis);
    return vendor != NULL || model != NULL;
}

/* free, in KiB or, with -m, MiB: which one is told by the size. With -h: "31Gi". */
static gint64 free_total(const char *text)
{
    enum { MIB_LEAST = 1000, MIB_MOST = 600000, KIB_LEAST = 4000000 };
    char *end;
    double number = g_ascii_strtod(text, &end);
    if (end == text || number <= 0 || number > 1e10)
        return UNKNOWN;
    if (g_str_has_prefix(end, "Gi"))
        return (gint64)(number * (1 << 30));
    if (g_str_has_prefix(end, "Mi"))
        return (gint64)(number * (1 << 20));
    if (*end != ' ' && *end != '\t')
        return UNKNOWN;
    if (number >= KIB_LEAST)
        return (gint64)number << 10;
    return number >= MIB_LEAST && number <= MIB_MOST ? (gint64)number << 20 : UNKNOWN;
}

static bool take_free(Paste *paste, const char *text)
{
    const char *value = paste->free_head ? paste_value(text, "mem") : NULL;
    paste->free_head = g_str_has_prefix(text, "total ") && strstr(text, " used ") != NULL &&
                       strstr(text, " free ") != NULL;
    gint64 total = value != NULL ? free_total(value) : UNKNOWN;
    if (total != UNKNOWN && paste->facts->memory.total == UNKNOWN)
        paste_size(paste, &paste->facts->memory.total, total);
    return total != UNKNOWN || paste->free_head;
}

/* "pve-manager/8.1.3/b46aac3b42da5d15 (running kernel: 6.5.11-7-pve)" */
static bool take_proxmox(Paste *paste, const char *text)
{
    bool manager = g_str_has_prefix(text, "pve-manager/");
    const char *kernel = paste_after(text, "(running kernel: ");
    const char *qemu = paste_value(text, "pve-qemu-kvm");

    if (kernel != NULL && g_ascii_isdigit(*kernel)) {
        g_autofree char *release = g_strndup(kernel, strcspn(kernel, ")"));
        paste_text(paste, &paste->facts->kernel.release, release);
    }
    if (manager) {
        const char *version = text + strlen("pve-manager/");
        g_autofree char *name =
            g_strdup_printf("Proxmox VE %.*s", (int)strcspn(version, "/ "), version);
        paste_text_loosely(paste, &paste->facts->distribution.name, name);
    }
    if (qemu != NULL) {
        g_autofree char *version = g_strndup(qemu, strcspn(qemu, "- "));
        paste_text_loosely(paste, &paste->facts->software.qemu_version, version);
    }
    return manager || kernel != NULL || qemu != NULL;
}

/* "QEMU emulator version 8.2.2 (Debian ...)", `virsh version` */
static bool take_versions(Paste *paste, const char *text)
{
    static const struct {
        const char *words;
        bool libvirt;
    } LINES[] = {{"QEMU emulator version ", false},
                 {"Running hypervisor: QEMU ", false},
                 {"Using library: libvirt ", true},
                 {"libvirtd (libvirt) ", true}};
    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++) {
        const char *version = paste_after(text, LINES[i].words);
        if (version == NULL || !g_ascii_isdigit(*version))
            continue;
        g_autofree char *number = g_strndup(version, strspn(version, "0123456789."));
        paste_text(paste,
                   LINES[i].libvirt ? &paste->facts->software.libvirt_version
                                    : &paste->facts->software.qemu_version,
                   number);
        return true;
    }
    return false;
}

/* kvm-ok (cpu-checker) and virt-host-validate (libvirt, tools/virt-host-validate-common.c), whose
 * test of the IOMMU in the kernel looks whether there are groups. */
static bool take_checks(Paste *paste, const char *text)
{
    KvmFacts *kvm = &paste->facts->kvm;
    Tri *iommu = &paste->facts->iommu.groups;
    bool pass = strstr(text, ": PASS") != NULL, fail = strstr(text, ": FAIL") != NULL;

    if (strstr(text, "INFO: /dev/kvm exists") != NULL)
        paste_tri(paste, &kvm->present, TRI_YES);
    else if (strstr(text, "INFO: /dev/kvm does not exist") != NULL)
        paste_tri(paste, &kvm->present, TRI_NO);
    else if (strstr(text, "Checking if device /dev/kvm exists") != NULL)
        paste_tri(paste, &kvm->present, pass ? TRI_YES : fail ? TRI_NO : TRI_UNKNOWN);
    else if (strstr(text, "Checking if device /dev/kvm is accessible") != NULL)
        paste_tri(paste, &kvm->accessible, pass ? TRI_YES : fail ? TRI_NO : TRI_UNKNOWN);
    else if (strstr(text, "Checking if IOMMU is enabled by kernel") != NULL)
        paste_tri(paste, iommu,
                  pass                                     ? TRI_YES
                  : fail || strstr(text, ": WARN") != NULL ? TRI_NO
                                                           : TRI_UNKNOWN);
    else
        return false;
    return true;
}

static bool take_secure_boot(Paste *paste, const char *text)
{
    const char *value = paste_value(text, "secure boot");
    Tri *secure = &paste->facts->firmware.secure_boot;

    if (strcmp(text, "SecureBoot enabled") == 0 ||
        (value != NULL && g_str_has_prefix(value, "enabled")))
        paste_tri(paste, secure, TRI_YES);
    else if (strcmp(text, "SecureBoot disabled") == 0 ||
             (value != NULL && g_str_has_prefix(value, "disabled")))
        paste_tri(paste, secure, TRI_NO);
    else if (strstr(text, "EFI variables are not supported on this system") != NULL)
        paste_tri(paste, &paste->facts->firmware.uefi, TRI_NO);
    else
        return false;
    return true;
}

bool paste_take_host(Paste *paste, const PasteLine *line)
{
    const char *text = line->text;
    bool taken = take_free(paste, text) | take_distribution(paste, text);

    taken = taken || take_fetched(paste, text) || take_fetched_memory(paste, text) ||
            take_fetched_system(paste, text) || take_hostnamectl(paste, text) ||
            take_proxmox(paste, text) || take_versions(paste, text) || take_checks(paste, text) ||
            take_secure_boot(paste, text);
    paste->recognised |= taken && !paste->free_head;
    return taken;
}
