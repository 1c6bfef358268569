/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"
#include "facts/pci-modules.h"
#include "facts/pci-names.h"
#include "facts/pci-resources.h"

#include <string.h>

/*
 * Files of a function's folder: Linux, Documentation/ABI/testing/sysfs-bus-pci. The kernel's
 * `uevent` has in one file what would be six, so it is read first.
 */
#define DEVICES "sys/bus/pci/devices"

/* Kernels before 5.15 do not name the methods of a reset, but have the file `reset` where there is
 * one. */
static const char RESET_UNNAMED[] = "reset";

enum { CLASS_DISPLAY = 0x03 };

typedef struct {
    const OsRoot *root;
    PciModules *modules;
    bool resets_told; /* that a function has no file about resets means that it has none */
} Scan;

typedef struct {
    char *modalias;
    char *driver;
    bool complete; /* the kernel wrote it: a driver that is not named is not there */
} Uevent;

static int hex_file(const OsRoot *folder, const char *name, gint64 max)
{
    gint64 value = os_read_integer(folder, name);
    return value >= 0 && value <= max ? (int)value : UNKNOWN;
}

/* "1AF4:1005" */
static void parse_pair(const char *text, int *left, int *right)
{
    char *end;
    guint64 first = g_ascii_strtoull(text, &end, 16);
    if (end == text || *end != ':' || first > 0xffff)
        return;
    guint64 second = g_ascii_strtoull(end + 1, &end, 16);
    if (*end != '\0' || second > 0xffff)
        return;
    *left = (int)first;
    *right = (int)second;
}

static void parse_class(const char *text, int *class_code)
{
    guint64 value;
    if (g_ascii_string_to_unsigned(text, 16, 0, 0xffffff, &value, NULL))
        *class_code = (int)value;
}

static void take_uevent_line(char *line, PciFunction *function, Uevent *uevent)
{
    char *value = strchr(line, '=');
    if (value == NULL)
        return;
    *value++ = '\0';
    if (strcmp(line, "DRIVER") == 0) {
        g_free(uevent->driver);
        uevent->driver = g_strdup(value);
    } else if (strcmp(line, "MODALIAS") == 0) {
        g_free(uevent->modalias);
        uevent->modalias = g_strdup(value);
    } else if (strcmp(line, "PCI_CLASS") == 0) {
        parse_class(value, &function->class_code);
    } else if (strcmp(line, "PCI_ID") == 0) {
        parse_pair(value, &function->vendor, &function->device);
        uevent->complete = function->vendor != UNKNOWN;
    } else if (strcmp(line, "PCI_SUBSYS_ID") == 0) {
        parse_pair(value, &function->subsystem_vendor, &function->subsystem_device);
    }
}

static void read_uevent(const OsRoot *folder, PciFunction *function, Uevent *uevent)
{
    g_autofree char *text = os_read_text(folder, "uevent", NULL);
    char *rest = text;

    for (char *line; rest != NULL && (line = strsep(&rest, "\n")) != NULL;)
        take_uevent_line(line, function, uevent);
}

/* What a recorded host without `uevent` may have. */
static void read_ids(const OsRoot *folder, PciFunction *function)
{
    if (function->vendor == UNKNOWN) {
        function->vendor = hex_file(folder, "vendor", 0xffff);
        function->device = hex_file(folder, "device", 0xffff);
    }
    if (function->subsystem_vendor == UNKNOWN) {
        function->subsystem_vendor = hex_file(folder, "subsystem_vendor", 0xffff);
        function->subsystem_device = hex_file(folder, "subsystem_device", 0xffff);
    }
    if (function->class_code == UNKNOWN)
        function->class_code = hex_file(folder, "class", 0xffffff);
    function->revision = hex_file(folder, "revision", 0xff);
}

/* A loaded module tells its state (Linux Documentation/ABI/testing/sysfs-module, initstate); what
 * is built in has none to tell. */
static Tri is_built_in(const OsRoot *root, const char *driver)
{
    if (driver == NULL || *driver == '\0')
        return TRI_UNKNOWN;
    g_autofree char *place = g_strconcat("sys/bus/pci/drivers/", driver, NULL);
    g_autofree char *state = g_strconcat(place, "/module/initstate", NULL);
    return os_exists(root, place) ? tri(!os_exists(root, state)) : TRI_UNKNOWN;
}

/* Linux Documentation/ABI/testing/sysfs-bus-pci, driver_override. */
static char *read_override(const OsRoot *folder)
{
    char *name = os_read_line(folder, "driver_override");
    if (g_strcmp0(name, "(null)") == 0)
        *name = '\0';
    return name;
}

static void read_driver(const Scan *scan, const OsRoot *folder, PciFunction *function,
                        Uevent *uevent)
{
    function->driver = g_steal_pointer(&uevent->driver);
    if (function->driver == NULL)
        function->driver = uevent->complete ? g_strdup("") : os_link_name(folder, "driver");
    function->driver_built_in = is_built_in(scan->root, function->driver);
    function->driver_override = read_override(folder);
    if (uevent->modalias == NULL)
        uevent->modalias = os_read_line(folder, "modalias");
    function->modules = pci_modules_for(scan->modules, uevent->modalias);
}

static void read_resources(const OsRoot *folder, PciFunction *function)
{
    g_autofree char *text = os_read_text(folder, "resource", NULL);
    if (text != NULL)
        pci_resources_parse(text, function);
    function->resizable_bar = pci_resizable_bar(folder, function);
}

static void read_resets(const Scan *scan, const OsRoot *folder, PciFunction *function)
{
    g_autofree char *methods = os_read_line(folder, "reset_method");

    if (methods != NULL)
        function->reset_methods = g_strsplit(methods, " ", -1);
    else if (os_exists(folder, "reset"))
        function->reset_methods = g_strsplit(RESET_UNNAMED, " ", -1);
    else if (scan->resets_told)
        function->reset_methods = g_new0(char *, 1);
}

static char *link_speed(const OsRoot *folder, const char *name)
{
    g_autofree char *speed = os_read_line(folder, name);
    return speed == NULL || g_str_has_prefix(speed, "Unknown") ? NULL : g_steal_pointer(&speed);
}

/* The kernel writes 0, or 255, for a link that is down. */
static int link_width(const OsRoot *folder, const char *name)
{
    gint64 lanes = os_read_integer(folder, name);
    return lanes > 0 && lanes <= 32 ? (int)lanes : UNKNOWN;
}

static void read_link(const OsRoot *folder, PciFunction *function)
{
    if (!os_exists(folder, "max_link_speed"))
        return; /* no PCI Express */
    function->link_speed_max = link_speed(folder, "max_link_speed");
    function->link_speed = link_speed(folder, "current_link_speed");
    function->link_width = link_width(folder, "current_link_width");
    function->link_width_max = link_width(folder, "max_link_width");
}

static int read_group(const OsRoot *folder)
{
    guint64 group;
    g_autofree char *name = os_link_name(folder, "iommu_group");
    if (name == NULL || !g_ascii_string_to_unsigned(name, 10, 0, G_MAXINT, &group, NULL))
        return UNKNOWN;
    return (int)group;
}

/* The name of the folder above the device's own: a bridge's address, or "pci0000:00", a root bus.
 */
static char *parent_address(const OsRoot *root, const char *path)
{
    g_autofree char *place = os_resolve(root, path);
    g_autofree char *above = place == NULL ? NULL : g_path_get_dirname(place);
    g_autofree char *name = above == NULL ? NULL : g_path_get_basename(above);
    if (name == NULL)
        return NULL;
    char *address = pci_address_full(name);
    if (address == NULL && g_str_has_prefix(name, "pci"))
        address = g_strdup("");
    return address;
}

/* The kernel has the file only for VGA controllers; other kinds of display are not the firmware's
 * in any way that it could tell. */
static Tri boot_display(const OsRoot *folder, const PciFunction *function)
{
    if (function->class_code == UNKNOWN || function->class_code >> 16 == CLASS_DISPLAY)
        return os_read_tri(folder, "boot_vga");
    return TRI_NO;
}

static PciFunction *read_function(const Scan *scan, const char *address)
{
    g_autofree char *path = g_strconcat(DEVICES "/", address, NULL);
    g_autoptr(OsRoot) folder = os_root_sub(scan->root, path);
    PciFunction *function = pci_function_new(address);
    Uevent uevent = {NULL, NULL, false};

    read_uevent(folder, function, &uevent);
    read_ids(folder, function);
    read_driver(scan, folder, function, &uevent);
    read_resources(folder, function);
    read_resets(scan, folder, function);
    read_link(folder, function);
    function->iommu_group = read_group(folder);
    function->numa_node = hex_file(folder, "numa_node", G_MAXINT);
    function->parent = parent_address(scan->root, path);
    function->boot_vga = boot_display(folder, function);
    g_free(uevent.driver);
    g_free(uevent.modalias);
    return function;
}

/* A record of a host may lack the files about resets altogether; the live host does not. */
static bool has_resets(const OsRoot *root, char *const *addresses)
{
    if (os_root_is_live(root))
        return true;
    for (; *addresses != NULL; addresses++) {
        g_autofree char *method = g_strconcat(DEVICES "/", *addresses, "/reset_method", NULL);
        g_autofree char *reset = g_strconcat(DEVICES "/", *addresses, "/reset", NULL);
        if (os_exists(root, method) || os_exists(root, reset))
            return true;
    }
    return false;
}

void facts_collect_pci(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    g_auto(GStrv) names = os_list(root, DEVICES);
    if (names == NULL)
        return;
    g_autoptr(PciModules) modules = pci_modules_open(root);
    Scan scan = {root, modules, has_resets(root, names)};

    facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    for (char **name = names; *name != NULL; name++) {
        g_autofree char *address = pci_address_full(*name);
        if (g_strcmp0(address, *name) == 0)
            g_ptr_array_add(facts->pci, read_function(&scan, address));
    }
    facts->pci_complete = TRI_YES;
    pci_names_fill(root, facts->pci);
}
