/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/checks-parts.h"

#include "base/size.h"
#include "base/table.h"
#include "run/checks-list.h"

#include <stdlib.h>
#include <string.h>

enum { KIND, MODEL, VENDOR, DEVICE };
static const char *const COLUMNS[] = {"kind", "model", "vendor", "device", "source", NULL};

/* What the guest has of a model. */
typedef struct {
    const Table *table;
    const char *kind, *model;
    GString *ids;                  /* those that it may have: "1af4:1042 or 1af4:1001" */
    const GuestFunction *function; /* the first that has one of them; NULL: none */
} Wanted;

/* The function at ADDRESS in the guest, or NULL. */
static const GuestFunction *check_function(const GuestReport *guest, const char *address)
{
    for (guint i = 0; guest->functions != NULL && i < guest->functions->len; i++) {
        const GuestFunction *function = g_ptr_array_index(guest->functions, i);
        if (g_strcmp0(function->address, address) == 0)
            return function;
    }
    return NULL;
}

static const GuestFunction *check_function_by_id(const GuestReport *guest, guint64 vendor,
                                                 guint64 device)
{
    for (guint i = 0; guest->functions != NULL && i < guest->functions->len; i++) {
        const GuestFunction *function = g_ptr_array_index(guest->functions, i);
        if (function->vendor == (int)vendor && function->device == (int)device)
            return function;
    }
    return NULL;
}

static bool check_has_id(const Wanted *wanted, const GuestFunction *function)
{
    g_autofree char *id =
        g_strdup_printf("%04x:%04x", (guint)function->vendor, (guint)function->device);
    return strstr(wanted->ids->str, id) != NULL;
}

/* Adds the check that the guest has the model. */
static void check_model(GPtrArray *list, const char *id, Wanted *wanted, const GuestReport *guest)
{
    wanted->ids = g_string_new(NULL);
    for (guint row = 0; row < wanted->table->rows->len; row++) {
        if (strcmp(table_cell(wanted->table, row, KIND), wanted->kind) != 0 ||
            g_strcmp0(table_cell(wanted->table, row, MODEL), wanted->model) != 0)
            continue;
        const char *vendor = table_cell(wanted->table, row, VENDOR);
        const char *device = table_cell(wanted->table, row, DEVICE);
        g_string_append_printf(wanted->ids, "%s%s:%s", wanted->ids->len > 0 ? " or " : "", vendor,
                               device);
        if (wanted->function == NULL)
            wanted->function = check_function_by_id(guest, g_ascii_strtoull(vendor, NULL, 16),
                                                    g_ascii_strtoull(device, NULL, 16));
    }
    const GuestFunction *function = wanted->function;
    const char *model = wanted->model != NULL ? wanted->model : "of no model";
    check_add(list, id, function != NULL,
              g_strdup_printf("%s (%s)", model,
                              wanted->ids->len > 0 ? wanted->ids->str : "its PCI id is not known"),
              function == NULL ? g_strdup("no such PCI function")
                               : g_strdup_printf("%04x:%04x at %s", (guint)function->vendor,
                                                 (guint)function->device, function->address));
}

/* Another disk of the guest is the image with the probe: it is a partitioned, read-only one. */
static void check_disk(GPtrArray *list, const Machine *machine, const GuestReport *guest)
{
    const GuestDisk *best = NULL;
    for (guint i = 0; guest->disks != NULL && i < guest->disks->len; i++) {
        const GuestDisk *disk = g_ptr_array_index(guest->disks, i);
        if (disk->partition == TRI_YES || g_strcmp0(disk->bus, machine->disk_bus) != 0)
            continue;
        if (best == NULL || disk->size == machine->disk)
            best = disk;
    }
    g_autofree char *size = size_exact((guint64)machine->disk);
    g_autofree char *found =
        best == NULL || best->size < 0 ? NULL : size_exact((guint64)best->size);
    check_add(list, "disk", best != NULL && best->size == machine->disk,
              g_strdup_printf("a disk of %s on %s", size, machine->disk_bus),
              best == NULL ? g_strdup_printf("no disk on %s", machine->disk_bus)
                           : g_strdup_printf("a disk of %s on %s",
                                             found != NULL ? found : "unknown size", best->bus));
}

/*
 * Firmware without a driver for a card cannot read its address, and the guest has no option ROM for
 * the network (it would cost seconds); there is nothing to hold against the machine then.
 */
static void check_mac(GPtrArray *list, const Machine *machine, const GuestReport *guest)
{
    const char *found = NULL;
    for (guint i = 0; guest->networks != NULL && i < guest->networks->len; i++) {
        const GuestNetwork *network = g_ptr_array_index(guest->networks, i);
        if (network->mac == NULL || network->mac[0] == '\0')
            continue;
        const char *mac = machine->identity.mac;
        if (found == NULL || (mac != NULL && g_ascii_strcasecmp(network->mac, mac) == 0))
            found = network->mac;
    }
    if (found == NULL)
        return;
    const char *mac = machine->identity.mac != NULL ? machine->identity.mac : "";
    check_add(list, "network-address", g_ascii_strcasecmp(mac, found) == 0, g_strdup(mac),
              g_strdup(found));
}

/* Whether FUNCTION has the ids of a graphics card that was passed through. */
static bool check_is_passed_card(const Machine *machine, const GuestFunction *function)
{
    for (guint i = 0; machine->devices != NULL && i < machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(machine->devices, i);
        if (device->role == ROLE_GPU && device->vendor == function->vendor &&
            device->device == function->device)
            return true;
    }
    return false;
}

/* The firmware draws on the display that the machine promises. WANTED NULL: on a passed card. */
static void check_output(GPtrArray *list, const Machine *machine, const Wanted *wanted,
                         const GuestReport *guest)
{
    const GuestDisplay *right = NULL, *any = NULL;
    for (guint i = 0; guest->displays != NULL && i < guest->displays->len; i++) {
        const GuestDisplay *display = g_ptr_array_index(guest->displays, i);
        const GuestFunction *function = check_function(guest, display->pci);
        any = display;
        if (display->width > 0 && display->height > 0 && function != NULL &&
            (wanted != NULL ? check_has_id(wanted, function)
                            : check_is_passed_card(machine, function)))
            right = display;
    }
    const GuestDisplay *shown = right != NULL ? right : any;
    check_add(list, "display-output", right != NULL,
              wanted != NULL ? g_strdup_printf("the firmware draws on %s", wanted->model)
                             : g_strdup("the firmware draws on the passed graphics card"),
              shown == NULL ? g_strdup("the firmware has no display")
                            : g_strdup_printf("%dx%d on %s", shown->width, shown->height,
                                              shown->pci != NULL && shown->pci[0] != '\0'
                                                  ? shown->pci
                                                  : "no PCI function"));
}

void check_emulated(GPtrArray *list, const Machine *machine, const GuestReport *guest)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Table) table = table_load("guest-devices.table", COLUMNS, &error);
    if (table == NULL) {
        check_add(list, "disk-controller", false, g_strdup("a table of QEMU's devices"),
                  g_strdup(error->message));
        return;
    }
    const struct {
        const char *id, *kind, *model;
    } MODELS[] = {{"disk-controller", "disk", machine->disk_bus},
                  {"network", "network", machine->nic_model},
                  {"usb", "usb", machine->usb_model},
                  {"display", "display", machine->video_model}};
    for (guint i = 0; i < G_N_ELEMENTS(MODELS); i++) {
        Wanted wanted = {.table = table, .kind = MODELS[i].kind, .model = MODELS[i].model};
        bool display = strcmp(wanted.kind, "display") == 0;
        if (display && g_strcmp0(wanted.model, "none") == 0) {
            check_output(list, machine, NULL, guest);
            continue;
        }
        check_model(list, MODELS[i].id, &wanted, guest);
        if (display)
            check_output(list, machine, &wanted, guest);
        g_string_free(wanted.ids, TRUE);
    }
    check_disk(list, machine, guest);
    check_mac(list, machine, guest);
}
