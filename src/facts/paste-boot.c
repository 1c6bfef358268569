/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-cpu.h"

#include <stdlib.h>
#include <string.h>

/*
 * What the kernel's log tells of the hardware while it boots: drivers/pci/probe.c and setup-res.c,
 * arch/x86/kernel/smpboot.c and cpu/common.c, drivers/firmware/dmi_scan.c,
 * arch/x86/kernel/paravirt.c.
 */

/* "pci 0000:00:01.0: PCI bridge to [bus 01-02]" */
static bool take_bridge(Paste *paste, const char *text)
{
    const char *at = strstr(text, ": PCI bridge to [bus ");
    int bus = at != NULL ? paste_hex2_after(at, "[bus ") : UNKNOWN;
    g_autofree char *address = bus != UNKNOWN ? paste_address_before(text, at) : NULL;
    PciFunction *function = address != NULL ? paste_function(paste, address) : NULL;
    if (function == NULL)
        return false;
    paste_bus(paste, function, bus);
    return true;
}

/* "[mem 0xe0000000-0xefffffff 64bit pref]", "[io  0xe000-0xe07f]" */
static bool read_range(const char *text, PciBar *bar)
{
    char *end;
    bool memory = g_str_has_prefix(text, "[mem ");
    if (!memory && !g_str_has_prefix(text, "[io "))
        return false;
    text += strcspn(text, "0");
    guint64 first = g_ascii_strtoull(text, &end, 16);
    if (*end != '-')
        return false;
    guint64 last = g_ascii_strtoull(end + 1, &end, 16);
    if (last <= first || last - first >= (guint64)G_MAXINT64)
        return false;
    bar->size = last - first + 1;
    bar->kind = !memory ? BAR_IO : g_str_has_prefix(end, " 64bit") ? BAR_MEMORY_64 : BAR_MEMORY_32;
    bar->prefetchable = strstr(end, "pref") != NULL;
    return true;
}

/* "reg 0x10: [mem ...]" (reg 0x30 is the ROM), since Linux 6.8 "BAR 0 [mem ...]" and "ROM [mem
 * ...]".
 */
static bool take_bar(Paste *paste, const char *text)
{
    enum { FIRST_BAR = 0x10, LAST_BAR = 0x24, ROM = 0x30 };
    PciBar bar = {0};
    char *end;
    const char *at = strstr(text, ": reg 0x"), *range;
    guint64 offset = ROM;

    if (at != NULL) {
        offset = g_ascii_strtoull(at + strlen(": reg 0x"), &end, 16);
        range = *end == ':' ? end + 2 : end;
    } else if ((at = strstr(text, ": BAR ")) != NULL && g_ascii_isdigit(at[6]) && at[7] == ' ') {
        offset = FIRST_BAR + 4 * (guint64)(at[6] - '0');
        range = at + 8;
    } else if ((at = strstr(text, ": ROM [mem ")) != NULL) {
        range = at + strlen(": ROM ");
    } else {
        return false;
    }
    g_autofree char *address = read_range(range, &bar) ? paste_address_before(text, at) : NULL;
    PciFunction *function = address != NULL ? paste_function(paste, address) : NULL;
    if (function == NULL)
        return false;
    if (offset == ROM && function->rom_size == UNKNOWN) {
        function->rom_size = (gint64)bar.size;
    } else if (offset >= FIRST_BAR && offset <= LAST_BAR) {
        bar.index = (int)(offset - FIRST_BAR) / 4;
        paste_bar(function, &bar);
    }
    return true;
}

/* "pci 0000:01:00.0: vgaarb: setting as boot VGA device", before Linux 4.17 "vgaarb: setting as
 * boot device: PCI:0000:01:00.0". A later one takes the place of the one before. */
static bool take_boot_display(Paste *paste, const char *text)
{
    const char *rest, *at = strstr(text, ": vgaarb: setting as boot VGA device");
    const char *old = paste_after(text, "vgaarb: setting as boot device: PCI:");
    g_autofree char *address = at != NULL    ? paste_address_before(text, at)
                               : old != NULL ? paste_address(old, &rest)
                                             : NULL;
    PciFunction *function = address != NULL ? paste_function(paste, address) : NULL;
    if (function == NULL)
        return false;
    if (paste->boot_display != NULL && paste->boot_display != function &&
        strstr(text, "(overriding previous)") != NULL)
        paste->boot_display->boot_vga = TRI_NO;
    paste_tri(paste, &function->boot_vga, TRI_YES);
    paste->boot_display = function;
    return true;
}

/* "smpboot: CPU0: Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz (family: 0x6, model: 0x9e, stepping:
 * 0xa)"
 */
static bool take_processor(Paste *paste, const char *text)
{
    CpuFacts *cpu = &paste->facts->cpu;
    const char *name = paste_after(text, "CPU0: ");
    const char *family = name != NULL ? strstr(name, " (family: 0x") : NULL;
    const char *model = family != NULL ? paste_after(family, ", model: 0x") : NULL;
    const char *stepping = model != NULL ? paste_after(model, ", stepping: 0x") : NULL;

    if (stepping == NULL || family - name > 100)
        return false;
    g_autofree char *called = g_strchomp(g_strndup(name, (gsize)(family - name)));
    paste_text_loosely(paste, &cpu->name, called);
    paste_int(paste, &cpu->family, (int)strtol(family + strlen(" (family: 0x"), NULL, 16) & 0xffff);
    paste_int(paste, &cpu->model, (int)strtol(model, NULL, 16) & 0xffff);
    paste_int(paste, &cpu->stepping, (int)strtol(stepping, NULL, 16) & 0xffff);
    return true;
}

/* "DMI: System manufacturer System Product Name/PRIME X570-P, BIOS 4021 08/09/2021", and "Hardware
 * name: ..." the same. Where the maker's name ends and the product's begins is not told. */
static bool take_names(Paste *paste, const char *text)
{
    FirmwareFacts *firmware = &paste->facts->firmware;
    const char *names = paste_after(text, "DMI: ");
    if (names == NULL)
        names = paste_after(text, "Hardware name: ");
    const char *bios = names != NULL ? strstr(names, ", BIOS ") : NULL;
    if (bios == NULL)
        return false;
    const char *slash = memchr(names, '/', (gsize)(bios - names));
    if (slash != NULL) {
        g_autofree char *board = g_strndup(slash + 1, (gsize)(bios - slash - 1));
        paste_dmi(paste, &firmware->board_name, board);
    }
    bios += strlen(", BIOS ");
    const char *date = strrchr(bios, ' ');
    if (date != NULL && strlen(date + 1) == strlen("08/09/2021") && date[3] == '/') {
        g_autofree char *version = g_strchomp(g_strndup(bios, (gsize)(date - bios)));
        paste_dmi(paste, &firmware->version, version);
        paste_dmi(paste, &firmware->date, date + 1);
    }
    return true;
}

static bool take_machine(Paste *paste, const char *text)
{
    Facts *facts = paste->facts;
    const char *on = paste_after(text, "Booting paravirtualized kernel on ");

    if (on != NULL)
        paste_tri(paste, &facts->cpu.hypervisor, tri(strstr(on, "bare hardware") == NULL));
    else if (strstr(text, "Hypervisor detected: ") != NULL)
        paste_tri(paste, &facts->cpu.hypervisor, TRI_YES);
    else if (strstr(text, "ested Virtualization enabled") != NULL && strstr(text, "kvm") != NULL)
        paste_tri(paste, &facts->kvm.nested, TRI_YES);
    else if (strstr(text, "Kernel is locked down from EFI Secure Boot") != NULL)
        paste_tri(paste, &facts->firmware.secure_boot, TRI_YES);
    else
        return false;
    return true;
}

bool paste_take_boot(Paste *paste, const char *text)
{
    return take_bridge(paste, text) || take_bar(paste, text) || take_boot_display(paste, text) ||
           take_processor(paste, text) || take_names(paste, text) || take_machine(paste, text);
}
