/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include "facts/place.h"

#include <string.h>

/*
 * USB devices. In sys/bus/usb/devices lie root hubs ("usb1"), devices ("1-4", "1-4.2") and their
 * interfaces ("1-4:1.0"). The kernel's `uevent` has in one file what would be six (Linux
 * drivers/usb/core/driver.c and message.c): PRODUCT=8087/29/1 in hexadecimal, TYPE=224/1/1 and
 * INTERFACE=224/1/1 in decimal.
 */
#define DEVICES "sys/bus/usb/devices"

enum { PARTS = 3 };

/* "224/1/1" to three numbers of at most MAX each. */
static bool parse_parts(const char *text, guint base, guint64 max, int parts[PARTS])
{
    g_auto(GStrv) words = g_strsplit(text, "/", PARTS + 1);

    if (g_strv_length(words) != PARTS)
        return false;
    for (guint i = 0; i < PARTS; i++) {
        guint64 number;
        if (!g_ascii_string_to_unsigned(words[i], base, 0, max, &number, NULL))
            return false;
        parts[i] = (int)number;
    }
    return true;
}

static int class_of(const int parts[PARTS])
{
    return parts[0] << 16 | parts[1] << 8 | parts[2];
}

/* The value of KEY ("TYPE=") in the text of a `uevent`, or NULL. The caller owns it. */
static char *uevent_value(const char *text, const char *key)
{
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (char **line = lines; *line != NULL; line++) {
        if (g_str_has_prefix(*line, key))
            return g_strdup(*line + strlen(key));
    }
    return NULL;
}

static int hex_file(const OsRoot *folder, const char *name, guint64 max)
{
    g_autofree char *line = os_read_line(folder, name);
    guint64 value;
    return line != NULL && g_ascii_string_to_unsigned(line, 16, 0, max, &value, NULL) ? (int)value
                                                                                      : UNKNOWN;
}

static void read_ids(const OsRoot *folder, UsbDevice *device)
{
    g_autofree char *uevent = os_read_text(folder, "uevent", NULL);
    g_autofree char *product = uevent_value(uevent, "PRODUCT=");
    g_autofree char *type = uevent_value(uevent, "TYPE=");
    int parts[PARTS];

    if (product != NULL && parse_parts(product, 16, 0xffff, parts)) {
        device->vendor = parts[0];
        device->device = parts[1];
    } else { /* a recorded host may lack `uevent` */
        device->vendor = hex_file(folder, "idVendor", 0xffff);
        device->device = hex_file(folder, "idProduct", 0xffff);
    }
    if (type != NULL && parse_parts(type, 10, 0xff, parts))
        device->class_code = class_of(parts);
}

static int compare_texts(gconstpointer left, gconstpointer right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* NAMES: all entries of the folder; those of the device PORT begin with "PORT:". */
static GStrv read_interfaces(const OsRoot *root, char *const *names, const char *port)
{
    g_autoptr(GPtrArray) classes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autofree char *prefix = g_strconcat(port, ":", NULL);

    for (; *names != NULL; names++) {
        if (!g_str_has_prefix(*names, prefix))
            continue;
        g_autofree char *path = g_build_filename(DEVICES, *names, "uevent", NULL);
        g_autofree char *uevent = os_read_text(root, path, NULL);
        g_autofree char *class = uevent_value(uevent, "INTERFACE=");
        int parts[PARTS];
        if (class != NULL && parse_parts(class, 10, 0xff, parts))
            g_ptr_array_add(classes, g_strdup_printf("%06x", (guint)class_of(parts)));
    }
    g_ptr_array_sort(classes, compare_texts);
    for (guint i = 0; i < classes->len; i++) {
        if (i == 0 || strcmp(classes->pdata[i - 1], classes->pdata[i]) != 0)
            g_strv_builder_add(builder, classes->pdata[i]);
    }
    return g_strv_builder_end(builder);
}

/* "1-4", "2-1.3"; not "usb1", nor "1-4:1.0" */
static bool is_device(const char *name)
{
    gsize bus = strspn(name, "0123456789");
    return bus > 0 && name[bus] == '-' && strchr(name, ':') == NULL;
}

static UsbDevice *read_device(const OsRoot *root, const FactsOptions *options, char *const *names,
                              const char *port)
{
    g_autofree char *path = g_build_filename(DEVICES, port, NULL);
    g_autofree char *place = os_resolve(root, path);
    g_autoptr(OsRoot) folder = os_root_sub(root, path);
    UsbDevice *device = usb_device_new();

    device->port = g_strdup(port);
    if (place != NULL)
        device->pci = place_pci_function(place);
    read_ids(folder, device);
    device->interfaces = read_interfaces(root, names, port);
    device->manufacturer = os_read_line(folder, "manufacturer");
    device->product = os_read_line(folder, "product");
    device->speed = os_read_line(folder, "speed");
    if (options->private_too)
        device->serial = os_read_line(folder, "serial");
    return device;
}

void facts_collect_usb(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    g_auto(GStrv) names = os_list(root, DEVICES);
    if (names == NULL)
        return;
    facts->usb = g_ptr_array_new_with_free_func((GDestroyNotify)usb_device_free);
    for (guint i = 0; names[i] != NULL && facts->usb->len < FACTS_USB_MAX; i++) {
        if (is_device(names[i]))
            g_ptr_array_add(facts->usb, read_device(root, options, names, names[i]));
    }
}
