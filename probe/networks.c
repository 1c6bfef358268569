/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find.h"
#include "pci.h"

enum { NETWORK_CLASS = 0x02 };

static const EFI_GUID NETWORK = EFI_SIMPLE_NETWORK_PROTOCOL_GUID;

/* LENGTH 0: no driver has read the address. */
static void report_network(Report *report, EFI_PCI_IO_PROTOCOL *pci, const UINT8 *mac, UINTN length)
{
    Text *json = &report->json, *line = &report->networks;
    Text text = {0};

    for (UINTN i = 0; i < length; i++) {
        if (i > 0)
            text_byte(&text, ':');
        text_hex(&text, mac[i], 2);
    }
    json_begin(json, NULL, '{');
    pci_member(json, pci);
    if (length > 0)
        json_bytes(json, "mac", text.bytes, text.length);
    json_end(json, '}');

    pci_name(line, pci);
    text_byte(line, ' ');
    if (length > 0)
        text_ascii(line, text.bytes, text.length);
    else
        text_string(line, "(no driver for it in this firmware)");
    text_byte(line, '\n');
    if (text.bytes != NULL)
        bs->FreePool(text.bytes);
}

/* Cards that the firmware drives. */
static void report_driven(Report *report, const Handles *interfaces)
{
    for (UINTN i = 0; i < interfaces->count; i++) {
        EFI_SIMPLE_NETWORK_PROTOCOL *network = find_protocol(interfaces->handles[i], &NETWORK);
        if (network == NULL || network->Mode == NULL)
            continue;
        UINTN length = network->Mode->HwAddressSize;
        if (length > sizeof(network->Mode->CurrentAddress))
            length = sizeof(network->Mode->CurrentAddress);
        report_network(report, find_pci(interfaces->handles[i]), network->Mode->CurrentAddress.Addr,
                       length);
    }
}

static bool is_driven(EFI_PCI_IO_PROTOCOL *pci, const Handles *interfaces)
{
    for (UINTN i = 0; i < interfaces->count; i++)
        if (find_pci(interfaces->handles[i]) == pci)
            return true;
    return false;
}

void report_networks(Report *report)
{
    Handles interfaces = find_handles(&NETWORK), functions = find_handles(&pci_io_guid);

    json_begin(&report->json, "networks", '[');
    report_driven(report, &interfaces);
    for (UINTN i = 0; i < functions.count; i++) {
        EFI_PCI_IO_PROTOCOL *pci = find_protocol(functions.handles[i], &pci_io_guid);
        if (pci != NULL && pci_read(pci, 8) >> 24 == NETWORK_CLASS && !is_driven(pci, &interfaces))
            report_network(report, pci, NULL, 0);
    }
    json_end(&report->json, ']');
    find_free(&interfaces);
    find_free(&functions);
}
