/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/render.h"

#include "base/error.h"
#include "render/layout.h"
#include "render/xml.h"

#include <stdio.h>
#include <string.h>

/* libvirt: https://libvirt.org/formatdomain.html */

typedef struct {
    Xml *xml;
    const Machine *machine;
    const RenderFiles *files;
    const RenderLayout *layout;
} Domain;

/* Hexadecimal, as libvirt writes them, with DIGITS digits at least. */
static void write_hex(Xml *xml, const char *name, guint digits, guint value)
{
    char text[16];
    g_snprintf(text, sizeof text, "0x%0*x", digits, value);
    xml_attribute(xml, name, text);
}

static void write_address(Xml *xml, const RenderAddress *address)
{
    xml_begin(xml, "address", "type", "pci", NULL);
    write_hex(xml, "domain", 4, 0);
    write_hex(xml, "bus", 2, address->bus);
    write_hex(xml, "slot", 2, address->slot);
    write_hex(xml, "function", 1, address->function);
    if (address->multifunction)
        xml_attribute(xml, "multifunction", "on");
    xml_end(xml);
}

static void write_on_root_bus(Xml *xml, guint slot, guint function)
{
    RenderAddress address = {0, slot, function, false};
    write_address(xml, &address);
}

/* The probe sees no difference, and is to start before the pages are reserved. */
static void write_backing(const Domain *domain)
{
    Xml *xml = domain->xml;

    if (domain->machine->huge_page == 0 || domain->files->probe)
        return;
    xml_begin(xml, "memoryBacking", NULL);
    xml_begin(xml, "hugepages", NULL);
    xml_begin(xml, "page", NULL);
    xml_attribute_number(xml, "size", (guint64)domain->machine->huge_page / 1024);
    xml_attribute(xml, "unit", "KiB");
    xml_end(xml);
    xml_end(xml);
    xml_end(xml);
}

static void write_sizes(const Domain *domain)
{
    Xml *xml = domain->xml;
    g_autofree char *kib = g_strdup_printf("%" G_GINT64_FORMAT, domain->machine->memory / 1024);
    g_autofree char *threads = g_strdup_printf("%d", machine_threads(domain->machine));

    xml_text(xml, "memory", kib, "unit", "KiB", NULL);
    write_backing(domain);
    xml_text(xml, "vcpu", threads, "placement", "static", NULL);
}

/* The number of seconds goes into the guest through QEMU's firmware configuration device. */
static void write_hold(const Domain *domain)
{
    Xml *xml = domain->xml;
    g_autofree char *seconds = g_strdup_printf("%d", domain->files->probe_hold);

    if (!domain->files->probe || domain->files->probe_hold <= 0)
        return;
    xml_begin(xml, "sysinfo", "type", "fwcfg", NULL);
    xml_text(xml, "entry", seconds, "name", "opt/org.rootstock/hold", NULL);
    xml_end(xml);
}

static void write_os(const Domain *domain)
{
    Xml *xml = domain->xml;
    const Machine *machine = domain->machine;

    xml_begin(xml, "os", NULL);
    xml_text(xml, "type", "hvm", "arch", "x86_64", "machine", machine->type, NULL);
    xml_text(xml, "loader", machine->firmware_code, "readonly", "yes", "type", "pflash", NULL);
    xml_text(xml, "nvram", domain->files->nvram, "template", machine->firmware_vars, NULL);
    xml_end(xml);
}

/* vmport would show the guest VMware's back door, and System Management Mode is for firmware with
 * Secure Boot: both off, as neither is in a Mac. */
static void write_features(Xml *xml)
{
    xml_begin(xml, "features", NULL);
    xml_empty(xml, "acpi", NULL);
    xml_empty(xml, "apic", NULL);
    xml_empty(xml, "vmport", "state", "off", NULL);
    xml_empty(xml, "smm", "state", "off", NULL);
    xml_end(xml);
}

/*
 * check='none': libvirt does not compare the model with the host; QEMU leaves out, with a warning
 * in its log, what host or translator cannot do. The stricter checks would refuse a guest for a
 * feature that its system does not need (KVM emulates some that /proc/cpuinfo lacks, and TCG has
 * none of pcid, tsc-deadline or spec-ctrl). What the release needs was judged before, and the
 * preflight reads in the guest what has come of it. fallback='forbid' keeps libvirt from another
 * model.
 */
static void write_cpu(const Domain *domain)
{
    Xml *xml = domain->xml;
    const Machine *machine = domain->machine;

    xml_begin(xml, "cpu", "mode", "custom", "match", "exact", "check", "none", NULL);
    if (machine->cpu_vendor_intel)
        xml_text(xml, "model", machine->cpu_model, "fallback", "forbid", "vendor_id",
                 "GenuineIntel", NULL);
    else
        xml_text(xml, "model", machine->cpu_model, "fallback", "forbid", NULL);
    xml_begin(xml, "topology", NULL);
    xml_attribute_number(xml, "sockets", (guint64)machine->sockets);
    xml_attribute_number(xml, "dies", 1);
    xml_attribute_number(xml, "cores", (guint64)machine->cores);
    xml_attribute_number(xml, "threads", (guint64)machine->threads);
    xml_end(xml);
    for (char **name = machine->cpu_require; name != NULL && *name != NULL; name++)
        xml_empty(xml, "feature", "policy", "require", "name", *name, NULL);
    for (char **name = machine->cpu_disable; name != NULL && *name != NULL; name++)
        xml_empty(xml, "feature", "policy", "disable", "name", *name, NULL);
    xml_end(xml);
}

/* Lost ticks: the real-time clock catches up, the old timer (which macOS reads only at its start)
 * forgets them. No HPET: macOS takes the time stamp counter, and would poll the HPET at the price
 * of an exit each time. */
static void write_clock(const Domain *domain)
{
    Xml *xml = domain->xml;

    xml_begin(xml, "clock", "offset", "utc", NULL);
    xml_empty(xml, "timer", "name", "rtc", "tickpolicy", "catchup", NULL);
    if (domain->machine->kvm)
        xml_empty(xml, "timer", "name", "pit", "tickpolicy", "discard", NULL);
    xml_empty(xml, "timer", "name", "hpet", "present", "no", NULL);
    xml_end(xml);
}

static void write_lifecycle(const Domain *domain)
{
    Xml *xml = domain->xml;

    xml_text(xml, "on_poweroff", "destroy", NULL);
    xml_text(xml, "on_reboot", domain->files->probe ? "destroy" : "restart", NULL);
    xml_text(xml, "on_crash", "destroy", NULL);
    xml_begin(xml, "pm", NULL);
    xml_empty(xml, "suspend-to-mem", "enabled", "no", NULL);
    xml_empty(xml, "suspend-to-disk", "enabled", "no", NULL);
    xml_end(xml);
}

static void write_disk_address(Xml *xml, const RenderDisk *disk)
{
    if (disk->virtio) {
        write_on_root_bus(xml, disk->slot, 0);
        return;
    }
    xml_begin(xml, "address", "type", "drive", "controller", "0", "bus", "0", "target", "0", NULL);
    xml_attribute_number(xml, "unit", disk->sata_port);
    xml_end(xml);
}

static void write_disk(Xml *xml, const RenderDisk *disk)
{
    char device[4] = {disk->virtio ? 'v' : 's', 'd',
                      (char)('a' + (disk->virtio ? disk->read_only : disk->sata_port)), '\0'};

    xml_begin(xml, "disk", "type", "file", "device", "disk", NULL);
    xml_empty(xml, "driver", "name", "qemu", "type", disk->format, "discard", "unmap", NULL);
    xml_empty(xml, "source", "file", disk->path, NULL);
    if (disk->virtio)
        xml_empty(xml, "target", "dev", device, "bus", "virtio", NULL);
    else /* no rotating disk: macOS treats it as an SSD */
        xml_empty(xml, "target", "dev", device, "bus", "sata", "rotation_rate", "1", NULL);
    if (disk->read_only)
        xml_empty(xml, "readonly", NULL);
    xml_begin(xml, "boot", NULL);
    xml_attribute_number(xml, "order", disk->boot_order);
    xml_end(xml);
    write_disk_address(xml, disk);
    xml_end(xml);
}

static void write_root_port(Xml *xml, guint index)
{
    guint slot = render_layout_port_slot(index);

    xml_begin(xml, "controller", "type", "pci", NULL);
    xml_attribute_number(xml, "index", index + 1);
    xml_attribute(xml, "model", "pcie-root-port");
    xml_begin(xml, "target", NULL);
    xml_attribute_number(xml, "chassis", index + 1);
    write_hex(xml, "port", 1, slot << 3);
    xml_end(xml);
    write_on_root_bus(xml, slot, 0);
    xml_end(xml);
}

static void write_usb_controller(Xml *xml, const RenderUsb *usb)
{
    bool xhci = strstr(usb->model, "xhci") != NULL;

    xml_begin(xml, "controller", "type", "usb", "index", "0", "model", usb->model, NULL);
    if (xhci)
        xml_attribute_number(xml, "ports", 15);
    if (usb->start_port >= 0) {
        xml_begin(xml, "master", NULL);
        xml_attribute_number(xml, "startport", (guint64)usb->start_port);
        xml_end(xml);
    }
    write_address(xml, &usb->address);
    xml_end(xml);
}

static void write_controllers(const Domain *domain)
{
    Xml *xml = domain->xml;
    const RenderLayout *layout = domain->layout;

    xml_empty(xml, "controller", "type", "pci", "index", "0", "model", "pcie-root", NULL);
    for (guint i = 0; i < layout->port_count; i++)
        write_root_port(xml, i);
    xml_begin(xml, "controller", "type", "sata", "index", "0", NULL);
    write_on_root_bus(xml, SLOT_AHCI, 2);
    xml_end(xml);
    for (guint i = 0; i < layout->usb_count; i++)
        write_usb_controller(xml, &layout->usb[i]);
}

/* Nothing of the host's network is needed for a probe, which speaks to nobody. */
static void begin_interface(const Domain *domain)
{
    Xml *xml = domain->xml;
    const char *kind = domain->files->probe ? "user" : domain->machine->network;

    if (strcmp(kind, "bridge") == 0) {
        xml_begin(xml, "interface", "type", "bridge", NULL);
        xml_empty(xml, "source", "bridge", domain->machine->bridge, NULL);
    } else if (strcmp(kind, "default") == 0) {
        xml_begin(xml, "interface", "type", "network", NULL);
        xml_empty(xml, "source", "network", "default", NULL);
    } else {
        xml_begin(xml, "interface", "type", "user", NULL);
    }
}

/* Without an option ROM: the guest does not start from the network, and the firmware would lose
 * seconds with it. */
static void write_network(const Domain *domain)
{
    Xml *xml = domain->xml;

    begin_interface(domain);
    xml_empty(xml, "mac", "address", domain->machine->identity.mac, NULL);
    xml_empty(xml, "model", "type", domain->machine->nic_model, NULL);
    xml_empty(xml, "rom", "enabled", "no", NULL);
    write_on_root_bus(xml, SLOT_NETWORK, 0);
    xml_end(xml);
}

static void write_input(Xml *xml, const char *type, const char *port)
{
    xml_begin(xml, "input", "type", type, "bus", "usb", NULL);
    xml_empty(xml, "address", "type", "usb", "bus", "0", "port", port, NULL);
    xml_end(xml);
}

static void write_serial(Xml *xml)
{
    xml_begin(xml, "serial", "type", "pty", NULL);
    xml_begin(xml, "target", "type", "isa-serial", "port", "0", NULL);
    xml_empty(xml, "model", "name", "isa-serial", NULL);
    xml_end(xml);
    xml_end(xml);
}

static void write_display(const Domain *domain)
{
    Xml *xml = domain->xml;
    const RenderLayout *layout = domain->layout;

    if (layout->display) {
        xml_begin(xml, "graphics", "type", "vnc", "port", "-1", "autoport", "yes", "listen",
                  "127.0.0.1", NULL);
        xml_empty(xml, "listen", "type", "address", "address", "127.0.0.1", NULL);
        xml_end(xml);
    }
    xml_begin(xml, "video", NULL);
    if (layout->video_qemu == NULL) {
        xml_empty(xml, "model", "type", "none", NULL);
    } else {
        xml_empty(xml, "model", "type", domain->machine->video_model, "vram", "16384", "heads", "1",
                  "primary", "yes", NULL);
        write_on_root_bus(xml, SLOT_VIDEO, 0);
    }
    xml_end(xml);
}

static void write_passed(Xml *xml, const RenderPassed *passed)
{
    unsigned int segment, bus, slot, function;

    /* render_layout_make() has seen that it is a full address. */
    if (sscanf(passed->device->address, "%x:%x:%x.%x", &segment, &bus, &slot, &function) != 4)
        return;
    xml_begin(xml, "hostdev", "mode", "subsystem", "type", "pci", "managed", "yes", NULL);
    xml_begin(xml, "source", NULL);
    xml_begin(xml, "address", NULL);
    write_hex(xml, "domain", 4, segment);
    write_hex(xml, "bus", 2, bus);
    write_hex(xml, "slot", 2, slot);
    write_hex(xml, "function", 1, function);
    xml_end(xml);
    xml_end(xml);
    write_address(xml, &passed->address);
    xml_end(xml);
}

static void write_devices(const Domain *domain)
{
    Xml *xml = domain->xml;
    const RenderLayout *layout = domain->layout;

    xml_begin(xml, "devices", NULL);
    for (guint i = 0; i < layout->disk_count; i++)
        write_disk(xml, &layout->disks[i]);
    write_controllers(domain);
    write_network(domain);
    write_serial(xml);
    write_input(xml, "keyboard", "1");
    write_input(xml, "tablet", "2");
    write_display(domain);
    for (guint i = 0; i < layout->passed->len; i++)
        write_passed(xml, &g_array_index(layout->passed, RenderPassed, i));
    xml_empty(xml, "memballoon", "model", "none", NULL);
    xml_end(xml);
}

static void write_option(Xml *xml, const char *option, const char *value)
{
    xml_empty(xml, "qemu:arg", "value", option, NULL);
    xml_empty(xml, "qemu:arg", "value", value, NULL);
}

/* What libvirt has no words for. */
static void write_command_line(const Domain *domain)
{
    Xml *xml = domain->xml;

    xml_begin(xml, "qemu:commandline", NULL);
    write_option(xml, "-global", RENDER_NO_ACPI_HOTPLUG);
    if (domain->layout->window_mib > 0) {
        g_autofree char *window = render_layout_window_option(domain->layout);
        write_option(xml, "-fw_cfg", window);
    }
    xml_end(xml);
}

static void write_domain(const Domain *domain)
{
    Xml *xml = domain->xml;

    xml_begin(xml, "domain", "type", domain->machine->kvm ? "kvm" : "qemu", "xmlns:qemu",
              "http://libvirt.org/schemas/domain/qemu/1.0", NULL);
    xml_text(xml, "name", domain->layout->name, NULL);
    xml_text(xml, "uuid", domain->layout->uuid, NULL);
    write_sizes(domain);
    write_hold(domain);
    write_os(domain);
    write_features(xml);
    write_cpu(domain);
    write_clock(domain);
    write_lifecycle(domain);
    write_devices(domain);
    write_command_line(domain);
    xml_end(xml);
}

char *render_domain_xml(const Machine *machine, const RenderFiles *files, GError **error)
{
    g_autoptr(RenderLayout) layout = render_layout_make(machine, files, error);
    if (layout == NULL)
        return NULL;
    Domain domain = {xml_new(), machine, files, layout};
    write_domain(&domain);
    char *text = xml_finish(domain.xml);
    if (text == NULL)
        return fail_null(error, ERROR_FAILED,
                         "The domain XML of %s could not be written: there is no memory left.",
                         layout->name);
    return text;
}
