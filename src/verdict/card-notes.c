/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include "base/size.h"

#include <string.h>

#define MOST_BAR_0 (G_GUINT64_CONSTANT(256) << 20)

enum { VENDOR_NVIDIA = 0x10de };

/* What there is to set, and to know, before a card goes to a guest: none of it changes the answer.
 */
static void note(Judgement *judgement, const char *text)
{
    judgement_add(judgement, ANSWER_YES, text);
}

/* macOS's drivers want the first BAR of a card at its old size: with a larger one the guest stays
 * black or stops, and some hosts hang. */
static void note_bar(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    const PciFunction *function = device->function;

    for (guint i = 0; function->bars != NULL && i < function->bars->len; i++) {
        const PciBar *bar = &g_array_index(function->bars, PciBar, i);
        if (bar->index != 0 || bar->size <= MOST_BAR_0)
            continue;
        g_autofree char *size = size_human(bar->size);
        note(judgement,
             say(verdict,
                 "To be set: BAR 0 of %s has %s, and macOS wants 256 MiB at the most: turn "
                 "Resizable BAR off in the firmware%s.",
                 function->address, size,
                 function->resizable_bar == TRI_YES
                     ? ", or make the BAR smaller before the guest starts (8 written to its "
                       "resource0_resize)"
                     : ""));
    }
}

static bool is_card_like(const DeviceVerdict *device)
{
    return device->role == ROLE_GPU && device->family != NULL &&
           (strcmp(device->family->form, "card") == 0 ||
            strcmp(device->family->form, "soldered") == 0);
}

/* Two of a kind, and two of a maker: what takes cards by their id or driver takes both. */
static void note_others(const Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    const PciFunction *function = device->function;

    if (function->vendor == UNKNOWN || function->device == UNKNOWN)
        return;
    if (graphics_count(verdict, function->vendor, function->device) > 1)
        note(judgement, "Another card of this host has the same id: only the address tells them "
                        "apart, and what takes cards by id (vfio-pci.ids) takes both.");
    else if (is_card_like(device) && device != verdict->situation.host &&
             graphics_count(verdict, function->vendor, UNKNOWN) > 1)
        note(judgement, "Another card of this host is of the same maker and has the same driver: "
                        "to keep that driver from loading takes the host's picture away. Give this "
                        "card to vfio-pci by its id or address.");
}

/* Where the firmware starts on a card it changes what is read of its ROM afterwards; NVIDIA's cards
 * do not start a guest with that (Linux arch/x86/pci/fixup.c, pci_fixup_video: a shadow copy). */
static void note_rom(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    const PciFunction *function = device->function;

    if (!is_card_like(device))
        return;
    if (function->rom_size == 0)
        note(judgement,
             say(verdict,
                 "%s shows no ROM: the guest's firmware has no picture on it, unless the machine "
                 "gets the ROM of the card as a file.",
                 function->address));
    else if (verdict->situation.boot != device)
        return;
    else if (function->vendor == VENDOR_NVIDIA)
        note(judgement, "To be set: the firmware starts on this card, so that the host reads a "
                        "used copy of its ROM, with which NVIDIA's cards stay dark: read the ROM "
                        "while the firmware starts on another card, and give it to the machine as "
                        "a file.");
    else
        note(judgement, "The firmware starts on this card, so that the host may read a used copy "
                        "of its ROM: where the guest's picture stays dark, give the machine the "
                        "ROM as a file, read while the firmware started on another card.");
}

/* A frame buffer that the firmware set up is drawn on although no driver has the card: its memory
 * is reserved, and vfio-pci cannot take it ("BAR 0: can't reserve"). */
static void note_frame_buffer(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
                              Judgement *judgement)
{
    const PciFunction *function = device->function;

    for (guint i = 0; facts->displays != NULL && i < facts->displays->len; i++) {
        const DisplayFacts *display = g_ptr_array_index(facts->displays, i);
        if (device->held != TRI_NO || g_strcmp0(display->pci, function->address) != 0)
            continue;
        note(judgement,
             say(verdict,
                 "To be set: the firmware's frame buffer (%s) is still drawn on %s, whose memory "
                 "vfio-pci cannot take then: let the firmware start on another card, or put "
                 "initcall_blacklist=sysfb_init on the kernel's command line.",
                 display->name != NULL ? display->name : "simpledrm, efifb", function->address));
        return;
    }
}

/* "amdgpu (0000:0a:00.0)" of what holds PART now, or with CLAIMS what would when the host starts
 * again; several with commas. */
static void add_drivers(GString *text, const DeviceVerdict *part, bool claims)
{
    const char *address = part->function->address;

    if (!claims && part->held == TRI_YES)
        g_string_append_printf(text, "%s%s (%s)", text->len > 0 ? ", " : "", part->function->driver,
                               address);
    for (guint i = 0; claims && part->claims != NULL && i < MIN(part->claims->len, 4); i++) {
        const char *name = g_ptr_array_index(part->claims, i);
        if (!is_for_guests(name))
            g_string_append_printf(text, "%s%s (%s)", text->len > 0 ? ", " : "", name, address);
    }
}

/* The drivers of the card and of its other functions: vfio-pci has to have them all. */
static void note_drivers(Verdict *verdict, const DeviceVerdict *device, Judgement *judgement)
{
    g_autoptr(GString) now = g_string_new(NULL), later = g_string_new(NULL);
    bool known = device->held != TRI_UNKNOWN;

    if (!is_card_like(device))
        return;
    add_drivers(now, device, false);
    add_drivers(later, device, true);
    for (guint i = 0; i < device->with->len; i++) {
        const PciFunction *function = g_ptr_array_index(device->with, i);
        const DeviceVerdict *part = g_hash_table_lookup(verdict->by_address, function->address);
        if (part->card != device)
            continue;
        known &= part->held != TRI_UNKNOWN;
        add_drivers(now, part, false);
        add_drivers(later, part, true);
    }
    if (now->len > 0)
        note(judgement,
             say(verdict,
                 "To be set: vfio-pci has to have the card, which the host's drivers hold "
                 "now and would claim when the host starts again: %s.",
                 now->str));
    else if (later->len > 0)
        note(judgement, say(verdict,
                            "To be set: %swhen the host starts again its drivers would claim the "
                            "card, unless vfio-pci comes first: %s.",
                            known ? "the card is free now, but " : "", later->str));
}

void card_note(Verdict *verdict, const Facts *facts, const DeviceVerdict *device,
               Judgement *judgement)
{
    if (device->spoof != UNKNOWN)
        note(judgement,
             say(verdict, "To be set: its device-id is spoofed to %04x.", (guint)device->spoof));
    note_bar(verdict, device, judgement);
    note_rom(verdict, device, judgement);
    note_frame_buffer(verdict, facts, device, judgement);
    note_drivers(verdict, device, judgement);
    note_others(verdict, device, judgement);
}
