/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/paste-parts.h"

#include <string.h>

/*
 * USB devices, as lsusb (usbutils) and the kernel's log (Linux drivers/usb/core/hub.c and hcd.c)
 * show them:
 *
 *     Bus 001 Device 003: ID 8087:0029 Intel Corp. AX200 Bluetooth
 *     usb 1-4: New USB device found, idVendor=8087, idProduct=0029, bcdDevice= 0.01
 *     xhci_hcd 0000:0d:00.3: new USB bus registered, assigned bus number 1
 *
 * lsusb shows what is there, the log what came at some time: where both are told, lsusb counts.
 */

enum { BUS_MAX = 999, PORT_MAX = 32, NAME_LENGTH_MAX = 128 };

/* The Linux Foundation's id, which only the kernel's own root hubs have. */
enum { VENDOR_ROOT_HUB = 0x1d6b };

void paste_usb_begin(Paste *paste)
{
    paste->usb_listed = g_ptr_array_new_with_free_func((GDestroyNotify)usb_device_free);
    paste->usb_logged = g_ptr_array_new_with_free_func((GDestroyNotify)usb_device_free);
    paste->usb_buses = g_array_new(FALSE, FALSE, sizeof(int));
    paste->usb_controllers = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

void paste_usb_clear(Paste *paste)
{
    g_clear_pointer(&paste->usb_listed, g_ptr_array_unref);
    g_clear_pointer(&paste->usb_logged, g_ptr_array_unref);
    g_array_unref(paste->usb_buses);
    g_hash_table_unref(paste->usb_controllers);
}

static UsbDevice *add(GPtrArray *list, int vendor, int device)
{
    UsbDevice *usb = usb_device_new();
    usb->vendor = vendor;
    usb->device = device;
    g_ptr_array_add(list, usb);
    return usb;
}

/* What follows WORD and a number of at most MAX at TEXT, or NULL. */
static const char *after_number(const char *text, const char *word, int max, int *ret_number)
{
    const char *rest;
    if (text == NULL || !g_str_has_prefix(text, word))
        return NULL;
    *ret_number = paste_decimal(text + strlen(word), max, &rest);
    return *ret_number != UNKNOWN ? rest : NULL;
}

static bool take_listed(Paste *paste, const char *text)
{
    int bus, number, vendor, device;
    const char *rest = after_number(text, "Bus ", BUS_MAX, &bus);

    rest = after_number(rest, " Device ", BUS_MAX, &number);
    if (rest == NULL || !g_str_has_prefix(rest, ": ID ") ||
        !paste_ids(rest + strlen(": ID "), &vendor, &device, &rest))
        return false;
    if (vendor == VENDOR_ROOT_HUB || paste->usb_listed->len >= FACTS_USB_MAX)
        return true;
    UsbDevice *usb = add(paste->usb_listed, vendor, device);
    rest += strspn(rest, " \t");
    if (*rest != '\0' && strlen(rest) <= NAME_LENGTH_MAX)
        usb->product = g_strdup(rest);
    g_array_append_val(paste->usb_buses, bus);
    return true;
}

/* The kernel's name of a port ("1-4", "2-1.3") right before AT. The caller owns it. */
static char *port_before(const char *text, const char *at)
{
    const char *start = at;
    while (start > text && start[-1] != ' ' && at - start < PORT_MAX)
        start--;
    g_autofree char *port = g_strndup(start, (gsize)(at - start));
    gsize bus = strspn(port, "0123456789");
    bool good = bus > 0 && port[bus] == '-' && g_ascii_isdigit(port[bus + 1]) &&
                strspn(port + bus, "0123456789-.") == strlen(port + bus);
    return good ? g_steal_pointer(&port) : NULL;
}

static UsbDevice *logged_at(const Paste *paste, const char *port)
{
    for (guint i = 0; i < paste->usb_logged->len; i++) {
        UsbDevice *usb = g_ptr_array_index(paste->usb_logged, i);
        if (strcmp(usb->port, port) == 0)
            return usb;
    }
    return NULL;
}

static bool take_logged(Paste *paste, const char *text)
{
    static const char WORDS[] = ": New USB device found, idVendor=";
    const char *at = strstr(text, WORDS);
    const char *product = at != NULL ? strstr(at, ", idProduct=") : NULL;
    g_autofree char *port = at != NULL ? port_before(text, at) : NULL;

    if (port == NULL || product == NULL)
        return false;
    int vendor = paste_hex4(at + strlen(WORDS));
    int device = paste_hex4(product + strlen(", idProduct="));
    if (vendor == UNKNOWN || device == UNKNOWN)
        return false;
    UsbDevice *usb = logged_at(paste, port);
    if (usb != NULL) { /* plugged in again, or something else there */
        usb->vendor = vendor;
        usb->device = device;
    } else if (paste->usb_logged->len < FACTS_USB_MAX) {
        add(paste->usb_logged, vendor, device)->port = g_steal_pointer(&port);
    }
    return true;
}

static bool take_bus(Paste *paste, const char *text)
{
    static const char WORDS[] = ": new USB bus registered, assigned bus number ";
    const char *rest, *at = strstr(text, WORDS);
    int bus = at != NULL ? paste_decimal(at + strlen(WORDS), BUS_MAX, NULL) : UNKNOWN;
    const char *start = at;

    if (bus == UNKNOWN)
        return false;
    while (start > text && start[-1] != ' ')
        start--;
    g_autofree char *address = paste_address(start, &rest);
    if (address == NULL)
        return false;
    const char *before = g_hash_table_lookup(paste->usb_controllers, GINT_TO_POINTER(bus));
    bool two = before != NULL && strcmp(before, address) != 0;
    g_hash_table_insert(paste->usb_controllers, GINT_TO_POINTER(bus),
                        two ? g_strdup("") : g_steal_pointer(&address));
    return true;
}

bool paste_take_usb(Paste *paste, const PasteLine *line)
{
    bool is_one = take_listed(paste, line->text) || take_logged(paste, line->text) ||
                  take_bus(paste, line->text);
    paste->recognised |= is_one;
    return is_one;
}

static void place(const Paste *paste, UsbDevice *usb, int bus)
{
    const char *address = g_hash_table_lookup(paste->usb_controllers, GINT_TO_POINTER(bus));
    if (address != NULL && *address != '\0')
        usb->pci = g_strdup(address);
}

void paste_usb_finish(Paste *paste)
{
    bool listed = paste->usb_listed->len > 0;
    GPtrArray *devices = listed ? paste->usb_listed : paste->usb_logged;

    if (devices->len == 0)
        return;
    for (guint i = 0; i < devices->len; i++) {
        UsbDevice *usb = g_ptr_array_index(devices, i);
        place(paste, usb,
              listed ? g_array_index(paste->usb_buses, int, i)
                     : paste_decimal(usb->port, BUS_MAX, NULL));
    }
    paste->facts->usb = g_ptr_array_ref(devices);
}
