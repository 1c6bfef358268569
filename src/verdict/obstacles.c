/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * What stands in the way of every device of a host: no IOMMU, interrupts that are not remapped, no
 * vfio-pci, groups that are not what they seem. Evidence goes before what the command line says:
 * where there are groups the IOMMU is on, whatever was asked for.
 */
#define LIST_GROUPS "find /sys/kernel/iommu_groups -type l; lspci -nnk"

HostObstacle *obstacle_add(Verdict *verdict, const char *id, Answer answer, const char *text)
{
    HostObstacle *obstacle = g_new0(HostObstacle, 1);

    obstacle->id = id;
    obstacle->answer = answer;
    obstacle->text = text;
    g_ptr_array_add(verdict->obstacles, obstacle);
    return obstacle;
}

static HostObstacle *add_for_all(Verdict *verdict, const char *id, Answer answer, const char *text)
{
    HostObstacle *obstacle = obstacle_add(verdict, id, answer, text);
    obstacle->all = true;
    return obstacle;
}

/* Why there are no groups, most likely, and what to do. Linux for AMD uses an IOMMU that it finds;
 * for Intel many kernels have to be asked (CONFIG_INTEL_IOMMU_DEFAULT_ON). */
static const char *advise_iommu(Verdict *verdict, const Facts *facts)
{
    const char *off = kernel_turns_iommu_off(&facts->kernel);
    const char *vendor = facts->cpu.vendor, *table = facts->iommu.table;
    bool described = table != NULL && table[0] != '\0';
    bool asked = kernel_argument_has(&facts->kernel, "intel_iommu", "on");

    if (off != NULL)
        return say(verdict, "The kernel's command line has %s: take that out.", off);
    if (facts->cpu.hypervisor == TRI_YES)
        return "This host is itself a virtual machine: its hypervisor has to give it an IOMMU, and "
               "the devices.";
    if (described && g_strcmp0(vendor, "GenuineIntel") == 0 && !asked)
        return "The firmware has it on: put intel_iommu=on on the kernel's command line.";
    if (described)
        return "The firmware has it on, but the kernel could not use it: `sudo dmesg | grep -i -e "
               "dmar -e amd-vi` may say why.";
    if (g_strcmp0(vendor, "AuthenticAMD") == 0)
        return say(verdict,
                   "The kernel uses an IOMMU of AMD's without being asked%s: turn it on in the "
                   "firmware's set-up (IOMMU, AMD-Vi).",
                   asked ? " (intel_iommu=on does nothing here)" : "");
    if (asked)
        return "The kernel's command line asks for it (intel_iommu=on), so that most likely the "
               "firmware has it off: turn VT-d on in the set-up. Old boards have none.";
    if (g_strcmp0(vendor, "GenuineIntel") == 0)
        return "Turn VT-d on in the firmware's set-up, and put intel_iommu=on on the kernel's "
               "command line. Old processors and boards have none.";
    return "Turn it on in the firmware's set-up (Intel: VT-d, AMD: IOMMU or AMD-Vi); with Intel "
           "put "
           "intel_iommu=on on the kernel's command line, too.";
}

static void find_iommu(Verdict *verdict, const Facts *facts)
{
    HostObstacle *obstacle;

    if (facts->iommu.groups == TRI_NO) {
        obstacle = add_for_all(verdict, "iommu", ANSWER_NO,
                               "There are no IOMMU groups on this host, and the kernel passes no "
                               "device without one");
        obstacle->advice = advise_iommu(verdict, facts);
    } else if (facts->iommu.groups == TRI_UNKNOWN) {
        obstacle = add_for_all(verdict, "iommu", ANSWER_UNKNOWN,
                               "It is unknown whether this host has IOMMU groups, and what is in "
                               "them");
        obstacle->what = "whether there are IOMMU groups";
        obstacle->command = LIST_GROUPS;
    } else if (facts->iommu.complete != TRI_YES) {
        /* a card that is alone in a part of a listing may have a disk's controller beside it in the
         * whole: facts/paste-complete.c says when a listing counts as whole */
        obstacle = add_for_all(verdict, "group-listing", ANSWER_UNKNOWN,
                               "It is unknown whether the groups are told in full, and what else "
                               "is in a group leaves the host with it");
        obstacle->what = "whether the groups are told in full";
        obstacle->command = LIST_GROUPS;
    }
}

static bool is_set(const char *value)
{
    return value != NULL && *value != '\0' && strchr("1yYtT", *value) != NULL;
}

/* Whether vfio_iommu_type1 takes devices without interrupt remapping. */
static bool takes_unsafe(const Facts *facts)
{
    g_autofree char *argument =
        kernel_argument(&facts->kernel, "vfio_iommu_type1.allow_unsafe_interrupts");

    return facts->iommu.unsafe_interrupts == TRI_YES ||
           (facts->iommu.unsafe_interrupts == TRI_UNKNOWN && is_set(argument));
}

/* Interrupts that are not remapped can be raised by any guest: it writes to an address that makes
 * one (Linux drivers/vfio/vfio_iommu_type1.c, allow_unsafe_interrupts). */
static void find_remapping(Verdict *verdict, const Facts *facts)
{
    Tri remapping = facts->iommu.interrupt_remapping;
    bool off = kernel_argument_has(&facts->kernel, "intremap", "off");
    bool unsafe = takes_unsafe(facts);
    HostObstacle *obstacle;

    if (remapping == TRI_YES || facts->iommu.groups == TRI_NO)
        return;
    if (unsafe) {
        obstacle = add_for_all(
            verdict, "interrupt-remapping", ANSWER_YES,
            remapping == TRI_NO
                ? "The IOMMU of this host does not remap interrupts, and vfio_iommu_type1 is told "
                  "not to mind (allow_unsafe_interrupts): a guest with a device can raise any "
                  "interrupt of the host, and so bring it down"
                : "vfio_iommu_type1 is told not to mind where interrupts are not remapped "
                  "(allow_unsafe_interrupts), and it is unknown whether they are: if not, a guest "
                  "with a device can raise any interrupt of the host, and so bring it down");
        obstacle->risk = true;
        obstacle->advice = "Where the IOMMU remaps interrupts the option is not needed: take it "
                           "out. Where it does not, give devices to guests that you trust only.";
    } else if (remapping == TRI_NO) {
        obstacle = add_for_all(verdict, "interrupt-remapping", ANSWER_NO,
                               "The IOMMU of this host does not remap interrupts, and the kernel "
                               "passes no device without that");
        obstacle->advice =
            off ? "The kernel's command line has intremap=off: take that out."
                : "Update the firmware, and look in its set-up for interrupt remapping or x2APIC. "
                  "Boards that cannot do it pass devices only with allow_unsafe_interrupts=1 of "
                  "vfio_iommu_type1, with which a guest can bring the host down.";
        return;
    } else {
        obstacle = add_for_all(verdict, "interrupt-remapping", ANSWER_UNKNOWN,
                               "It is unknown whether the IOMMU of this host remaps interrupts, "
                               "and the kernel passes no device without that");
        obstacle->what = "whether the IOMMU remaps interrupts";
    }
    if (remapping == TRI_UNKNOWN)
        obstacle->command = "sudo dmesg | grep -i remapping";
}

static bool has_vfio_device(const Facts *facts)
{
    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        if (g_strcmp0(((const PciFunction *)g_ptr_array_index(facts->pci, i))->driver,
                      "vfio-pci") == 0)
            return true;
    }
    return false;
}

static void find_vfio(Verdict *verdict, const Facts *facts)
{
    HostObstacle *obstacle;

    if (facts->kernel.vfio_pci == TRI_YES || has_vfio_device(facts))
        return;
    if (facts->kernel.vfio_pci == TRI_NO) {
        obstacle =
            add_for_all(verdict, "vfio", ANSWER_NO,
                        "The kernel of this host has no vfio-pci driver, which takes devices "
                        "for guests");
        obstacle->advice = "Install the package with the rest of the kernel's modules "
                           "(linux-modules-extra on Ubuntu), or a kernel with CONFIG_VFIO_PCI.";
        return;
    }
    /* nearly every distribution's kernel has it: no reason to hold a device back */
    obstacle = add_for_all(verdict, "vfio", ANSWER_YES,
                           "It is unknown whether the kernel of this host has the vfio-pci driver; "
                           "those of nearly all distributions do");
    obstacle->what = "whether the kernel has vfio-pci";
    obstacle->command = "modinfo vfio-pci";
}

/* "pcie_acs_override=downstream" where the command line has it, also inside pci=; else NULL. */
static const char *acs_argument(Verdict *verdict, const KernelFacts *kernel)
{
    g_autofree char *argument = kernel_argument(kernel, "pcie_acs_override");
    g_autofree char *pci = kernel_argument(kernel, "pci");

    if (argument != NULL)
        return say(verdict, "pcie_acs_override=%s", argument);
    return pci != NULL && strstr(pci, "acs_override") != NULL ? say(verdict, "pci=%s", pci) : NULL;
}

/*
 * The patch that brings pcie_acs_override (in the kernels of Proxmox, Zen, CachyOS and others)
 * makes the kernel take ports and functions for isolated that are not. Their groups are smaller
 * then, but a device still reaches its neighbours' memory without the IOMMU's seeing it: what a
 * guest's driver writes may land in a disk's controller of the host.
 */
static void find_acs_override(Verdict *verdict, const Facts *facts)
{
    const char *argument = acs_argument(verdict, &facts->kernel);

    if (facts->iommu.groups == TRI_NO || (argument == NULL && facts->iommu.acs_override != TRI_YES))
        return;
    HostObstacle *obstacle = add_for_all(
        verdict, "acs-override", ANSWER_UNKNOWN,
        say(verdict,
            "The groups of this host are not what its hardware isolates, for ACS is overridden "
            "(%s): devices of a group that was split so can reach each other's memory, the host's "
            "disks among them, and the groups seen prove nothing",
            argument != NULL ? argument : "the kernel says so"));
    obstacle->risk = true;
    obstacle->what = "what the hardware isolates";
    obstacle->advice = "Start the host once without the override: the groups that it has then are "
                       "true. What makes them smaller for good is another slot, a newer firmware, "
                       "or another board.";
    obstacle->command = LIST_GROUPS;
}

void obstacles_find(Verdict *verdict, const Facts *facts)
{
    find_iommu(verdict, facts);
    find_remapping(verdict, facts);
    find_vfio(verdict, facts);
    find_acs_override(verdict, facts);
}

/* What forbids, then what is a risk, then what is unknown, then what is good to know. */
static int obstacle_rank(const HostObstacle *obstacle)
{
    if (obstacle->answer == ANSWER_NO)
        return 0;
    if (obstacle->risk)
        return 1;
    return obstacle->answer == ANSWER_UNKNOWN ? 2 : 3;
}

static int compare_obstacles(gconstpointer a, gconstpointer b)
{
    return obstacle_rank(*(const HostObstacle *const *)a) -
           obstacle_rank(*(const HostObstacle *const *)b);
}

void obstacles_prune(Verdict *verdict)
{
    g_autoptr(GHashTable) used = g_hash_table_new(NULL, NULL);

    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        for (guint j = 0; j < device->obstacles->len; j++)
            g_hash_table_add(used, g_ptr_array_index(device->obstacles, j));
    }
    for (guint i = verdict->obstacles->len; i > 0; i--) {
        if (!g_hash_table_contains(used, g_ptr_array_index(verdict->obstacles, i - 1)))
            g_ptr_array_remove_index(verdict->obstacles, i - 1);
    }
    g_ptr_array_sort(verdict->obstacles, compare_obstacles);
}

GPtrArray *device_reasons(const DeviceVerdict *device)
{
    GPtrArray *reasons = g_ptr_array_new();

    for (guint i = 0; i < device->against->len; i++)
        g_ptr_array_add(reasons, g_ptr_array_index(device->against, i));
    for (guint i = 0; i < device->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(device->obstacles, i);
        if (obstacle->answer != ANSWER_YES || obstacle->risk)
            g_ptr_array_add(reasons, (gpointer)obstacle->text);
    }
    return reasons;
}
