/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/size.h"
#include "facts/paste-parts.h"

#include <stdlib.h>
#include <string.h>

/* The lines below a function's line: lspci -k, -v and -vv (pciutils, ls-kernel.c and lspci.c). */

static const char *const OTHERS[] = {
    "DeviceName:",
    "Control:",
    "Status:",
    "Latency:",
    "Interrupt:",
    "I/O behind bridge:",
    "Memory behind bridge:",
    "Prefetchable memory behind bridge:",
    "Secondary status:",
    "BridgeCtl:",
    "Region",
    "DevCap:",
    "DevCtl:",
    "DevSta:",
    "LnkCtl:",
    "Physical Slot:",
    "!!!",
    "DevCap2:",
    "LnkCap2:",
    "LnkSta2:",
    "Address: ",
    "MaxPayload ",
    "Vector table: ",
    "PBA: ",
    "Masking: ",
    "Kernel ",
};

/* "[size=256M]"; lspci writes K, M, G and T. */
static guint64 size_in(const char *text)
{
    const char *at = strstr(text, "[size=");
    char *end;
    if (at == NULL || !g_ascii_isdigit(at[6]))
        return 0;
    guint64 size = g_ascii_strtoull(at + 6, &end, 10);
    const char *unit = *end != '\0' ? strchr("KMGT", *end) : NULL;
    if (*end != ']' && (unit == NULL || end[1] != ']'))
        return 0;
    guint shift = unit != NULL ? 10 * (guint)(unit - "KMGT" + 1) : 0;
    return size <= (guint64)G_MAXINT64 >> shift ? size << shift : 0;
}

/* "Memory at 7c00000000 (64-bit, prefetchable) [size=256M]"; in the place of an address that cannot
 * be, words in angle brackets: "<unassigned>", "<ignored>". */
static guint64 address_in(const char *text)
{
    guint64 address;
    const char *at = strstr(text, " at ");
    gsize length = at != NULL ? strcspn(at + 4, " ") : 0;
    g_autofree char *digits = at != NULL ? g_strndup(at + 4, length) : NULL;

    if (digits == NULL || !g_ascii_string_to_unsigned(digits, 16, 0, G_MAXINT64, &address, NULL))
        return 0;
    return address;
}

void paste_bar(PciFunction *function, const PciBar *bar)
{
    if (function->bars == NULL)
        function->bars = g_array_new(FALSE, FALSE, sizeof(PciBar));
    /* they come in order; what comes again is another telling of the same */
    guint count = function->bars->len;
    if (count > 0 && g_array_index(function->bars, PciBar, count - 1).index >= bar->index)
        return;
    g_array_append_vals(function->bars, bar, 1);
}

static void add_bar(Paste *paste, PciFunction *function, const char *text, int index)
{
    guint64 size = size_in(text);
    bool wide = strstr(text, "(64-bit") != NULL;
    PciBar bar = {index != UNKNOWN ? index : paste->bar_count,
                  g_str_has_prefix(text, "I/O") ? BAR_IO
                  : wide                        ? BAR_MEMORY_64
                                                : BAR_MEMORY_32,
                  strstr(text, " prefetchable") != NULL,
                  size,
                  address_in(text),
                  strstr(text, " at <unassigned>") != NULL};

    /* a BAR of 64 bits takes two places; -v does not number them, and leaves gaps out */
    paste->bar_count = bar.index + (wide ? 2 : 1);
    if (size > 0 && bar.index <= 5)
        paste_bar(function, &bar);
}

static bool take_resource(Paste *paste, PciFunction *function, const char *text)
{
    int index = UNKNOWN;
    if (g_str_has_prefix(text, "Region ")) {
        index = paste_decimal(text + strlen("Region "), 5, &text);
        if (index == UNKNOWN || *text != ':')
            return false;
        text += 1 + strspn(text + 1, " ");
    }
    if (g_str_has_prefix(text, "Memory at ") || g_str_has_prefix(text, "I/O ports at ")) {
        add_bar(paste, function, text, index);
        return true;
    }
    if (!g_str_has_prefix(text, "Expansion ROM at "))
        return false;
    guint64 size = size_in(text);
    if (size > 0 && function->rom_size == UNKNOWN)
        function->rom_size = (gint64)size;
    return true;
}

static void take_subsystem(Paste *paste, PciFunction *function, const char *value)
{
    const char *last = NULL;
    int vendor, device;
    for (const char *at = strchr(value, '['); at != NULL; at = strchr(at + 1, '[')) {
        if (paste_ids(at, &vendor, &device, NULL))
            last = at;
    }
    if (!paste_ids(last != NULL ? last : value, &vendor, &device, NULL)) {
        paste->subsystem_open = true;
        return;
    }
    paste_int(paste, &function->subsystem_vendor, vendor);
    paste_int(paste, &function->subsystem_device, device);
}

static void take_modules(PciFunction *function, const char *value)
{
    g_auto(GStrv) names = g_strsplit(value, ", ", 64);
    for (char **name = names; *name != NULL; name++) {
        if (!paste_is_driver(g_strstrip(*name)))
            return;
    }
    if (function->modules == NULL && names[0] != NULL)
        function->modules = g_steal_pointer(&names);
}

/* lspci writes the driver before the modules. Modules right below another property, with no driver
 * between: none is bound. */
static bool take_kernel(Paste *paste, PciFunction *function, const char *text)
{
    const char *driver = paste_value(text, "kernel driver in use");
    const char *modules = driver == NULL ? paste_value(text, "kernel modules") : NULL;

    if (driver == NULL && modules == NULL)
        driver = paste_value(text, "driver");
    if (driver != NULL && *driver != '\0') {
        paste_driver(paste, function, driver);
        paste->driver_told = true;
    }
    if (modules != NULL) {
        take_modules(function, modules);
        if (!paste->driver_told && paste->property_before)
            paste_text(paste, &function->driver, "");
    }
    return driver != NULL || modules != NULL;
}

/* "LnkCap: Port #0, Speed 16GT/s, Width x16" */
static void take_link(Paste *paste, const char *value, char **speed, int *width)
{
    const char *at = strstr(value, "Speed ");
    gsize length = at != NULL ? strspn(at + 6, "0123456789.") : 0;
    if (length > 0 && length < 8 && g_str_has_prefix(at + 6 + length, "GT/s")) {
        g_autofree char *number = g_strndup(at + 6, length);
        g_autofree char *text = g_strdup_printf(
            strchr(number, '.') != NULL ? "%s GT/s PCIe" : "%s.0 GT/s PCIe", number);
        paste_text(paste, speed, text);
    }
    at = strstr(value, "Width x");
    if (at != NULL)
        paste_int(paste, width, paste_decimal(at + 7, 32, NULL));
}

static void take_flags(Paste *paste, PciFunction *function, const char *value)
{
    const char *group = strstr(value, "IOMMU group ");
    if (group != NULL)
        paste_claim(paste, function, paste_decimal(group + strlen("IOMMU group "), G_MAXINT, NULL));
}

/* "Bus: primary=00, secondary=01, subordinate=01, sec-latency=0" */
static void take_buses(Paste *paste, PciFunction *function, const char *value)
{
    int bus = paste_hex2_after(value, "secondary=");
    if (bus != UNKNOWN)
        paste_bus(paste, function, bus);
}

/* A line of lspci -x: "00: de 10 81 1b 07 04 10 00 a1 00 00 03 00 00 80 00" (PCI Local
 * Bus 3.0, 6.1). */
static bool take_dump(Paste *paste, PciFunction *function, const char *text)
{
    int bytes[16];
    gsize offset = strspn(text, "0123456789abcdef");

    if (offset < 2 || offset > 3 || text[offset] != ':')
        return false;
    const char *at = text + offset + 1;
    for (guint i = 0; i < G_N_ELEMENTS(bytes); i++, at += 3) {
        if (at[0] != ' ' || !g_ascii_isxdigit(at[1]) || !g_ascii_isxdigit(at[2]))
            return false;
        bytes[i] = g_ascii_xdigit_value(at[1]) << 4 | g_ascii_xdigit_value(at[2]);
    }
    int vendor = bytes[0] | bytes[1] << 8;
    if (*at != '\0' || !g_str_has_prefix(text, "00:") || vendor == 0xffff)
        return *at == '\0';
    paste_int(paste, &function->vendor, vendor);
    paste_int(paste, &function->device, bytes[2] | bytes[3] << 8);
    paste_int(paste, &function->revision, bytes[8]);
    paste_class(paste, function, bytes[11] << 8 | bytes[10], bytes[9]);
    return true;
}

/* "ExtTag- RBE+", "UESta: DLP- SDES- TLP-": what a function has and has not, as lspci -vv writes
 * it. */
static bool has_marks(const char *text)
{
    guint marks = 0;
    for (const char *at = strpbrk(text, "+-"); at != NULL; at = strpbrk(at + 1, "+-")) {
        if (at > text && g_ascii_isalnum(at[-1]) && (at[1] == ' ' || at[1] == ',' || at[1] == '\0'))
            marks++;
    }
    return marks >= 2;
}

static bool is_other(const char *text)
{
    for (guint i = 0; i < G_N_ELEMENTS(OTHERS); i++) {
        if (*text == *OTHERS[i] && g_str_has_prefix(text, OTHERS[i]))
            return true;
    }
    return has_marks(text);
}

static bool take(Paste *paste, PciFunction *function, const PasteLine *line)
{
    const char *value, *text = line->text;

    if (take_kernel(paste, function, text) || take_resource(paste, function, text) ||
        take_dump(paste, function, text))
        return true;
    if ((value = paste_value(text, "subsystem")) != NULL)
        take_subsystem(paste, function, value);
    else if ((value = paste_value(text, "flags")) != NULL && strstr(value, "devsel") != NULL)
        take_flags(paste, function, value);
    else if ((value = paste_value(text, "bus")) != NULL)
        take_buses(paste, function, value);
    else if ((value = paste_value(text, "iommu group")) != NULL)
        paste_claim(paste, function, paste_decimal(value, G_MAXINT, NULL));
    else if ((value = paste_value(text, "numa node")) != NULL)
        paste_int(paste, &function->numa_node, paste_decimal(value, 9999, NULL));
    else if (g_str_has_prefix(text, "!!! Unknown header type 7f"))
        paste_tri(paste, &function->reset_failed, TRI_YES);
    else if ((value = paste_value(text, "lnkcap")) != NULL)
        take_link(paste, value, &function->link_speed_max, &function->link_width_max);
    else if ((value = paste_value(text, "lnksta")) != NULL)
        take_link(paste, value, &function->link_speed, &function->link_width);
    else if ((value = paste_value(text, "capabilities")) != NULL) {
        if (strstr(value, "Physical Resizable BAR") != NULL)
            paste_tri(paste, &function->resizable_bar, TRI_YES);
    } else {
        return is_other(text);
    }
    return true;
}

bool paste_take_property(Paste *paste, const PasteLine *line)
{
    if (paste->current != NULL)
        paste->subsystem_open = false;
    if (paste->current == NULL || paste->record || !take(paste, paste->current, line))
        return false;
    paste->property_before = true;
    return true;
}
