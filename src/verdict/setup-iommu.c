/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/setup.h"

#include <string.h>

bool setup_is_integrated(const DeviceVerdict *device)
{
    return device->role == ROLE_GPU && device->family != NULL &&
           strcmp(device->family->form, "integrated") == 0;
}

bool setup_is_guest_card(const DeviceVerdict *device)
{
    return device->role == ROLE_GPU && device->family != NULL && device->family->first != NULL &&
           strcmp(device->family->form, "card") == 0;
}

const DeviceVerdict *setup_find(const Verdict *verdict, bool (*is)(const DeviceVerdict *device))
{
    for (guint i = 0; verdict->devices != NULL && i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (is(device))
            return device;
    }
    return NULL;
}

/* Whether the kernel uses an IOMMU that it finds: AMD's always, Intel's when it is told to, or when
 * it was built so. */
static bool asks_for_iommu(const SetupHost *host)
{
    if (host->facts->kernel.command_line == NULL ||
        kernel_turns_iommu_off(&host->facts->kernel) != NULL)
        return false;
    return host->platform == PLATFORM_AMD ||
           kernel_argument_has(&host->facts->kernel, "intel_iommu", "on");
}

/* There is a table of it, and no groups, or none are known. */
static void judge_table(const SetupHost *host, SetupVerdict *setup)
{
    const IommuFacts *iommu = &host->facts->iommu;
    const char *forbids = kernel_turns_iommu_off(&host->facts->kernel);
    bool asks = asks_for_iommu(host);

    if (iommu->groups == TRI_NO && asks) {
        setup->evidence = say(host->verdict,
                              "The firmware describes an IOMMU (ACPI table %s), but the kernel "
                              "could not use it: there are no IOMMU groups.",
                              iommu->table);
        return;
    }
    setup->state = TRI_YES;
    if (forbids != NULL)
        setup->evidence =
            say(host->verdict,
                "The firmware describes an IOMMU (ACPI table %s); the kernel was told "
                "to leave it alone (%s).",
                iommu->table, forbids);
    else if (iommu->groups == TRI_NO)
        setup->evidence =
            say(host->verdict,
                "The firmware describes an IOMMU (ACPI table %s); the kernel has to be "
                "told to use it (intel_iommu=on).",
                iommu->table);
    else
        setup->evidence =
            say(host->verdict, "The firmware describes an IOMMU (ACPI table %s).", iommu->table);
}

/* There are no groups, and nothing else is known. */
static void judge_no_groups(const SetupHost *host, SetupVerdict *setup)
{
    const char *forbids = kernel_turns_iommu_off(&host->facts->kernel);

    if (asks_for_iommu(host)) {
        setup->state = TRI_NO;
        setup->evidence =
            host->platform == PLATFORM_AMD
                ? "There are no IOMMU groups, which the kernel makes wherever it finds AMD's "
                  "IOMMU: it "
                  "is off, or the board has none."
                : "There are no IOMMU groups although the kernel was told to use an IOMMU "
                  "(intel_iommu=on): it is off, or the processor or the board has none.";
    } else if (forbids != NULL) {
        setup->evidence =
            say(host->verdict,
                "There are no IOMMU groups, but the kernel was told to make none (%s).", forbids);
    } else {
        setup->evidence =
            "There are no IOMMU groups: it is off, or the kernel was not told to use it.";
    }
}

void setup_iommu(const SetupHost *host, SetupVerdict *setup)
{
    const IommuFacts *iommu = &host->facts->iommu;

    setup->needed = true;
    if (iommu->groups == TRI_YES) {
        setup->state = TRI_YES;
        setup->evidence = iommu->group_count != UNKNOWN
                              ? say(host->verdict, "There are %d IOMMU groups.", iommu->group_count)
                              : "There are IOMMU groups.";
    } else if (iommu->units != NULL && iommu->units[0] != NULL) {
        setup->state = TRI_YES;
        setup->evidence = say(host->verdict, "The kernel runs the IOMMU %s.", iommu->units[0]);
    } else if (iommu->table != NULL && *iommu->table != '\0') {
        judge_table(host, setup);
    } else if (iommu->table != NULL) {
        setup->state = TRI_NO;
        setup->evidence = "The firmware describes no IOMMU (it has neither the ACPI table DMAR nor "
                          "IVRS): it is off, or the processor or the board has none.";
    } else if (iommu->groups == TRI_NO) {
        judge_no_groups(host, setup);
    } else {
        setup->evidence = "It is unknown whether there are IOMMU groups (`ls "
                          "/sys/kernel/iommu_groups`).";
    }
}

void setup_interrupt_remapping(const SetupHost *host, SetupVerdict *setup)
{
    const IommuFacts *iommu = &host->facts->iommu;

    setup->state = iommu->interrupt_remapping;
    if (iommu->interrupt_remapping == TRI_UNKNOWN) {
        setup->evidence =
            "It is unknown whether interrupts are remapped (`dmesg | grep -i remap`).";
        setup->why = "Boards that do not name it turn it on with the IOMMU.";
        return;
    }
    setup->evidence = iommu->interrupt_remapping == TRI_YES
                          ? "The kernel's interrupts are remapped."
                          : "The kernel's interrupts are not remapped.";
    /* without an IOMMU there is nothing that could */
    setup->needed = iommu->groups == TRI_YES;
    if (iommu->interrupt_remapping == TRI_NO && setup->needed && setup->settings->len == 0)
        setup->todo = "Update the firmware: boards without a setting for it turn it on with the "
                      "IOMMU.";
}

/* What else is in the group of a card that a guest could have: no bridge, and no part of it. */
static const DeviceVerdict *neighbour_of(const Verdict *verdict, const DeviceVerdict *card)
{
    for (guint i = 0; i < verdict->devices->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        if (device != card && device->card != card && device->role != ROLE_BRIDGE &&
            device->function->iommu_group == card->function->iommu_group &&
            !pci_address_same_slot(card->function->address, device->function->address))
            return device;
    }
    return NULL;
}

void setup_acs(const SetupHost *host, SetupVerdict *setup)
{
    const GPtrArray *devices = host->verdict->devices;

    setup->why = "Cards that guests could have are alone in their IOMMU groups, or none is known.";
    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const DeviceVerdict *card = g_ptr_array_index(devices, i);
        if (!setup_is_guest_card(card) || card->function->iommu_group == UNKNOWN)
            continue;
        const DeviceVerdict *neighbour = neighbour_of(host->verdict, card);
        if (neighbour == NULL)
            continue;
        setup->needed = true;
        setup->why = setup->option->why;
        setup->evidence =
            say(host->verdict, "%s shares IOMMU group %d with %s.", card->function->address,
                card->function->iommu_group, neighbour->function->address);
        if (setup->settings->len == 0 && host->platform != PLATFORM_AMD)
            setup->todo =
                "Try another slot for the card; few boards of this platform have a setting "
                "for it.";
        return;
    }
}
