/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "find.h"
#include "pci.h"

static void resolution(Text *text, UINT32 width, UINT32 height)
{
    text_decimal(text, width);
    text_byte(text, 'x');
    text_decimal(text, height);
}

static void report_modes(Text *json, EFI_GRAPHICS_OUTPUT_PROTOCOL *display)
{
    json_begin(json, "modes", '[');
    for (UINT32 mode = 0; mode < display->Mode->MaxMode; mode++) {
        EFI_GRAPHICS_OUTPUT_MODE_INFORMATION *information = NULL;
        UINTN size;
        if (EFI_ERROR(display->QueryMode(display, mode, &size, &information)))
            continue;
        json_open_string(json, NULL);
        resolution(json, information->HorizontalResolution, information->VerticalResolution);
        json_close_string(json);
        bs->FreePool(information);
    }
    json_end(json, ']');
}

static void report_display(Report *report, EFI_GRAPHICS_OUTPUT_PROTOCOL *display,
                           EFI_PCI_IO_PROTOCOL *pci)
{
    Text *json = &report->json, *line = &report->displays;
    const EFI_GRAPHICS_OUTPUT_PROTOCOL_MODE *mode = display->Mode;

    json_begin(json, NULL, '{');
    pci_member(json, pci);
    json_number(json, "mode", mode->Mode);
    json_number(json, "width", mode->Info->HorizontalResolution);
    json_number(json, "height", mode->Info->VerticalResolution);
    report_modes(json, display);
    json_hex(json, "framebuffer", mode->FrameBufferBase, 1);
    json_number(json, "framebuffer_size", mode->FrameBufferSize);
    json_end(json, '}');

    pci_name(line, pci);
    if (pci != NULL) {
        UINT32 ids = pci_read(pci, 0);
        text_byte(line, ' ');
        text_hex(line, ids & 0xffff, 4);
        text_byte(line, ':');
        text_hex(line, ids >> 16, 4);
        text_string(line, ", ");
    }
    resolution(line, mode->Info->HorizontalResolution, mode->Info->VerticalResolution);
    text_byte(line, '\n');
}

void report_displays(Report *report)
{
    static const EFI_GUID GRAPHICS = EFI_GRAPHICS_OUTPUT_PROTOCOL_GUID;
    Handles found = find_handles(&GRAPHICS);

    json_begin(&report->json, "displays", '[');
    for (UINTN i = 0; i < found.count; i++) {
        EFI_HANDLE handle = found.handles[i];
        EFI_GRAPHICS_OUTPUT_PROTOCOL *display = find_protocol(handle, &GRAPHICS);
        /* Without a device path it is the console's view of all displays together. */
        if (display != NULL && find_protocol(handle, &device_path_guid) != NULL &&
            display->Mode != NULL && display->Mode->Info != NULL)
            report_display(report, display, find_pci(handle));
    }
    json_end(&report->json, ']');
    find_free(&found);
}
