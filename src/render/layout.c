/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/layout.h"

#include "base/error.h"

#include <string.h>

static bool check_text(const char *what, const char *text, GError **error)
{
    if (text == NULL || *text == '\0')
        return fail(error, ERROR_INPUT, "The machine cannot be written out: it has no %s.", what);
    bool good = g_utf8_validate(text, -1, NULL);
    for (const char *p = text; good && *p != '\0'; p = g_utf8_next_char(p))
        good = !g_unichar_iscntrl(g_utf8_get_char(p)) && g_utf8_get_char(p) < 0xfffe;
    if (good)
        return true;
    g_autofree char *printable = g_strescape(text, NULL);
    return fail(error, ERROR_INPUT,
                "The machine cannot be written out: the %s \"%s\" has a control character or is "
                "not UTF-8. Rename it.",
                what, printable);
}

/* Names of models and features end up inside QEMU's option syntax. */
static bool check_word(const char *what, const char *text, GError **error)
{
    if (!check_text(what, text, error))
        return false;
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isalnum(*p) && strchr("-_.", *p) == NULL)
            return fail(error, ERROR_INPUT,
                        "The machine cannot be written out: the %s '%s' is no name that QEMU could "
                        "have.",
                        what, text);
    return true;
}

static bool check_path(const char *what, const char *path, GError **error)
{
    if (!check_text(what, path, error))
        return false;
    if (!g_path_is_absolute(path))
        return fail(error, ERROR_INPUT,
                    "The machine cannot be written out: the path of the %s, '%s', does not begin "
                    "with '/'.",
                    what, path);
    return true;
}

static bool check_words(const char *what, char *const *words, GError **error)
{
    for (char *const *word = words; word != NULL && *word != NULL; word++)
        if (!check_word(what, *word, error))
            return false;
    return true;
}

static bool check_addresses(const Machine *machine, GError **error)
{
    for (guint i = 0; i < machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(machine->devices, i);
        g_autofree char *full = device->address ? pci_address_full(device->address) : NULL;
        if (g_strcmp0(full, device->address) != 0 || full == NULL)
            return fail(error, ERROR_INPUT,
                        "The machine cannot be written out: '%s' is not a full PCI address.",
                        device->address);
    }
    return true;
}

static bool check_network(const Machine *machine, GError **error)
{
    if (strcmp(machine->network, "bridge") == 0)
        return check_word("bridge", machine->bridge, error);
    return strcmp(machine->network, "user") == 0 || strcmp(machine->network, "default") == 0 ||
           fail(error, ERROR_INPUT,
                "The machine cannot be written out: there is no kind of network '%s'.",
                machine->network);
}

static bool check_machine(const Machine *machine, GError **error)
{
    if (g_strcmp0(machine->firmware_code_format, "raw") != 0 ||
        g_strcmp0(machine->firmware_vars_format, "raw") != 0)
        return fail(error, ERROR_INPUT,
                    "The machine cannot be written out: its firmware %s is not a raw image.",
                    machine->firmware_code);
    return check_network(machine, error) && check_word("machine type", machine->type, error) &&
           check_word("processor model", machine->cpu_model, error) &&
           check_words("processor feature", machine->cpu_require, error) &&
           check_words("processor feature", machine->cpu_disable, error) &&
           check_word("network card", machine->nic_model, error) &&
           check_word("USB controller", machine->usb_model, error) &&
           check_word("display", machine->video_model, error) &&
           check_word("disk bus", machine->disk_bus, error) &&
           check_path("firmware", machine->firmware_code, error) &&
           check_path("template of the firmware's variables", machine->firmware_vars, error) &&
           check_addresses(machine, error);
}

static bool check_files(const RenderLayout *layout, const RenderFiles *files,
                        const Machine *machine, GError **error)
{
    if (!check_word("name", layout->name, error) || !check_word("UUID", layout->uuid, error) ||
        !check_path("variable store", files->nvram, error))
        return false;
    for (const char *p = machine->identity.mac; p != NULL && *p != '\0'; p++)
        if (!g_ascii_isxdigit(*p) && *p != ':')
            return fail(error, ERROR_INPUT,
                        "The machine cannot be written out: '%s' is no MAC address.",
                        machine->identity.mac);
    for (guint i = 0; i < layout->disk_count; i++)
        if (!check_path("disk image", layout->disks[i].path, error) ||
            !check_word("format of the disk image", layout->disks[i].format, error))
            return false;
    return check_text("MAC address", machine->identity.mac, error);
}

static bool lay_disks(RenderLayout *layout, const Machine *machine, const RenderFiles *files,
                      GError **error)
{
    bool virtio = g_strcmp0(machine->disk_bus, "virtio") == 0;
    if (!virtio && g_strcmp0(machine->disk_bus, "sata") != 0)
        return fail(error, ERROR_INPUT,
                    "The machine cannot be written out: there is no disk bus '%s'.",
                    machine->disk_bus);
    if (files->boot_image != NULL) {
        bool read_only = files->boot_image_read_only;
        layout->disks[layout->disk_count++] = (RenderDisk){.id = "boot",
                                                           .path = files->boot_image,
                                                           .format = "raw",
                                                           .virtio = read_only,
                                                           .read_only = read_only,
                                                           .slot = SLOT_BOOT_IMAGE,
                                                           .sata_port = 0,
                                                           .boot_order = 1};
    }
    layout->disks[layout->disk_count] = (RenderDisk){.id = "disk",
                                                     .path = files->disk,
                                                     .format = files->disk_format,
                                                     .virtio = virtio,
                                                     .slot = SLOT_DISK,
                                                     .sata_port = 1,
                                                     .boot_order = layout->disk_count + 1};
    layout->disk_count++;
    return true;
}

/* Intel ICH9 datasheet, 5.17 and 5.18: an EHCI controller (high speed) and the UHCI controllers
 * that serve its ports when a full or low speed device is plugged in, two ports each. */
static void lay_usb(RenderLayout *layout, const Machine *machine)
{
    static const RenderUsb ICH9[] = {
        {"ich9-ehci1", "ich9-usb-ehci1", {0, SLOT_USB_ICH9, 7, false}, -1},
        {"ich9-uhci1", "ich9-usb-uhci1", {0, SLOT_USB_ICH9, 0, true}, 0},
        {"ich9-uhci2", "ich9-usb-uhci2", {0, SLOT_USB_ICH9, 1, false}, 2},
        {"ich9-uhci3", "ich9-usb-uhci3", {0, SLOT_USB_ICH9, 2, false}, 4},
    };
    G_STATIC_ASSERT(sizeof ICH9 == sizeof layout->usb);

    if (strcmp(machine->usb_model, "ich9-ehci1") == 0) {
        memcpy(layout->usb, ICH9, sizeof ICH9);
        layout->usb_count = G_N_ELEMENTS(ICH9);
        return;
    }
    layout->usb[0] =
        (RenderUsb){machine->usb_model, machine->usb_model, {0, SLOT_USB, 0, false}, -1};
    layout->usb_count = 1;
}

guint render_layout_port_slot(guint index)
{
    return SLOT_PORT_FIRST + index;
}

/* Functions of one slot of the host share a slot of the guest and are numbered from 0 there: a slot
 * without a function 0 would not be found. */
static bool lay_passed(RenderLayout *layout, const Machine *machine, GError **error)
{
    const GPtrArray *devices = machine->devices;
    guint function = 0;

    layout->passed = g_array_new(FALSE, FALSE, sizeof(RenderPassed));
    for (guint i = 0; i < devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(devices, i);
        bool more =
            i + 1 < devices->len &&
            ((const MachineDevice *)g_ptr_array_index(devices, i + 1))->multifunction_with_previous;
        if (device->multifunction_with_previous && layout->port_count > 0 && function < 7) {
            function++;
        } else {
            function = 0;
            layout->port_count++;
        }
        RenderPassed passed = {device, {layout->port_count, 0, function, more && function == 0}};
        g_array_append_val(layout->passed, passed);
    }
    if (layout->port_count > SLOT_PORT_LAST - SLOT_PORT_FIRST + 1)
        return fail(error, ERROR_INPUT,
                    "The machine is to have %u cards of the host, but its bus has room for %d. "
                    "Give it fewer.",
                    layout->port_count, SLOT_PORT_LAST - SLOT_PORT_FIRST + 1);
    return true;
}

/*
 * OVMF keeps 32 GiB of addresses for 64-bit BARs (OvmfPkg, PcdPciMmio64Size) unless fw_cfg asks for
 * more (opt/ovmf/X-PciMmio64Mb). BARs are aligned to their size, so that twice the sum, as a power
 * of two, always holds them: a card with resizable BARs of 32 GiB would else be left without.
 */
static void lay_window(RenderLayout *layout, const Machine *machine)
{
    const guint64 default_mib = 32 * 1024;
    guint64 sum_mib = 0;

    for (guint i = 0; i < machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(machine->devices, i);
        for (guint j = 0; device->bars != NULL && j < device->bars->len; j++) {
            const PciBar *bar = &g_array_index(device->bars, PciBar, j);
            if (bar->kind == BAR_MEMORY_64)
                sum_mib += MIN(bar->size, 1ull << 40) >> 20;
        }
    }
    if (2 * sum_mib <= default_mib)
        return;
    layout->window_mib = default_mib;
    while (layout->window_mib < 2 * sum_mib)
        layout->window_mib *= 2;
}

char *render_layout_window_option(const RenderLayout *layout)
{
    return g_strdup_printf("name=opt/ovmf/X-PciMmio64Mb,string=%" G_GUINT64_FORMAT,
                           layout->window_mib);
}

RenderLayout *render_layout_make(const Machine *machine, const RenderFiles *files, GError **error)
{
    static const char *const VIDEO[][2] = {{"vga", "VGA"}, {"vmvga", "vmware-svga"}};
    g_autoptr(RenderLayout) layout = g_new0(RenderLayout, 1);

    layout->name = files->name != NULL ? files->name : machine->name;
    layout->uuid = files->uuid != NULL ? files->uuid : machine->identity.uuid;
    if (!check_machine(machine, error) || !lay_disks(layout, machine, files, error) ||
        !check_files(layout, files, machine, error) || !lay_passed(layout, machine, error))
        return NULL;
    lay_usb(layout, machine);
    lay_window(layout, machine);
    layout->nic_qemu =
        strcmp(machine->nic_model, "virtio") == 0 ? "virtio-net-pci" : machine->nic_model;
    bool none = strcmp(machine->video_model, "none") == 0;
    for (guint i = 0; i < G_N_ELEMENTS(VIDEO); i++)
        if (strcmp(machine->video_model, VIDEO[i][0]) == 0)
            layout->video_qemu = VIDEO[i][1];
    if (!none && layout->video_qemu == NULL)
        return fail_null(error, ERROR_INPUT,
                         "The machine cannot be written out: there is no display '%s'.",
                         machine->video_model);
    layout->display = !none && !files->probe;
    return g_steal_pointer(&layout);
}

char *render_network_path(void)
{
    return g_strdup_printf("PciRoot(0x0)/Pci(0x%X,0x0)", (guint)SLOT_NETWORK);
}

GStrv render_passed_paths(const Machine *machine, GError **error)
{
    g_autoptr(RenderLayout) layout = g_new0(RenderLayout, 1);
    g_autoptr(GStrvBuilder) paths = g_strv_builder_new();

    if (!lay_passed(layout, machine, error))
        return NULL;
    for (guint i = 0; i < layout->passed->len; i++) {
        const RenderAddress *address = &g_array_index(layout->passed, RenderPassed, i).address;
        g_autofree char *path = g_strdup_printf("PciRoot(0x0)/Pci(0x%X,0x0)/Pci(0x%X,0x%X)",
                                                render_layout_port_slot(address->bus - 1),
                                                address->slot, address->function);
        g_strv_builder_add(paths, path);
    }
    return g_strv_builder_end(paths);
}

void render_layout_free(RenderLayout *layout)
{
    if (layout == NULL)
        return;
    g_clear_pointer(&layout->passed, g_array_unref);
    g_free(layout);
}
