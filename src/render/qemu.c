/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/render.h"

#include "render/layout.h"

#include <string.h>

/* QEMU's manual, "Invocation": options are NAME[=VALUE] with commas between; a comma inside a value
 * is written twice. */

typedef struct {
    GPtrArray *argv;
    const Machine *machine;
    const RenderFiles *files;
    const RenderLayout *layout;
} Command;

static void add(const Command *command, const char *option)
{
    g_ptr_array_add(command->argv, g_strdup(option));
}

static void add_option(const Command *command, const char *option, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void add_option(const Command *command, const char *option, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(command, option);
    g_ptr_array_add(command->argv, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static char *escape(const char *value)
{
    GString *text = g_string_new(value);
    g_string_replace(text, ",", ",,", 0);
    return g_string_free(text, FALSE);
}

/* "bus=pcie.0,addr=0x1d.0x7,multifunction=on". The caller owns it. */
static char *place(const RenderAddress *address)
{
    GString *text = g_string_new(NULL);
    if (address->bus == 0)
        g_string_append(text, "bus=pcie.0");
    else
        g_string_append_printf(text, "bus=pci.%u", address->bus);
    g_string_append_printf(text, ",addr=0x%x", address->slot);
    if (address->function != 0)
        g_string_append_printf(text, ".0x%x", address->function);
    if (address->multifunction)
        g_string_append(text, ",multifunction=on");
    return g_string_free(text, FALSE);
}

static void add_basics(const Command *command)
{
    const Machine *machine = command->machine;

    add(command, "qemu-system-x86_64");
    add(command, "-nodefaults");
    add(command, "-no-user-config");
    add_option(command, "-name", "guest=%s", command->layout->name);
    add_option(command, "-uuid", "%s", command->layout->uuid);
    bool huge = machine->huge_page > 0 && !command->files->probe;
    add_option(command, "-machine", "%s,hpet=off,vmport=off,smm=off%s", machine->type,
               huge ? ",memory-backend=ram" : "");
    add_option(command, "-accel", "%s", machine->kvm ? "kvm" : "tcg");
    add_option(command, "-m", "size=%" G_GINT64_FORMAT "k", machine->memory / 1024);
    if (huge) /* needs no mount of hugetlbfs, whose pages may have another size */
        add_option(command, "-object",
                   "memory-backend-memfd,id=ram,size=%" G_GINT64_FORMAT
                   "k,hugetlb=on,hugetlbsize=%" G_GINT64_FORMAT "k,prealloc=on",
                   machine->memory / 1024, machine->huge_page / 1024);
    add_option(command, "-smp", "%d,sockets=%d,dies=1,cores=%d,threads=%d",
               machine_threads(machine), machine->sockets, machine->cores, machine->threads);
}

/* libvirt names some features with an underscore where QEMU has a minus sign. */
static void append_features(GString *cpu, GStrv names, const char *value)
{
    for (char **name = names; name != NULL && *name != NULL; name++) {
        g_autofree char *qemu_name = g_strdelimit(g_strdup(*name), "_", '-');
        g_string_append_printf(cpu, ",%s=%s", qemu_name, value);
    }
}

static void add_cpu(const Command *command)
{
    const Machine *machine = command->machine;
    g_autoptr(GString) cpu = g_string_new(machine->cpu_model);

    if (machine->cpu_vendor_intel)
        g_string_append(cpu, ",vendor=GenuineIntel");
    append_features(cpu, machine->cpu_require, "on");
    append_features(cpu, machine->cpu_disable, "off");
    add_option(command, "-cpu", "%s", cpu->str);
}

static void add_firmware(const Command *command)
{
    g_autofree char *code = escape(command->machine->firmware_code);
    g_autofree char *nvram = escape(command->files->nvram);

    add_option(command, "-drive", "if=pflash,unit=0,format=raw,readonly=on,file=%s", code);
    add_option(command, "-drive", "if=pflash,unit=1,format=raw,file=%s", nvram);
}

static void add_clock(const Command *command)
{
    add_option(command, "-boot", "strict=on");
    add_option(command, "-rtc", "base=utc,driftfix=slew");
    if (command->machine->kvm)
        add_option(command, "-global", "kvm-pit.lost_tick_policy=discard");
    add_option(command, "-global", "ICH9-LPC.disable_s3=1");
    add_option(command, "-global", "ICH9-LPC.disable_s4=1");
    add_option(command, "-global", "%s", RENDER_NO_ACPI_HOTPLUG);
    if (command->layout->window_mib > 0) {
        g_autofree char *window = render_layout_window_option(command->layout);
        add_option(command, "-fw_cfg", "%s", window);
    }
    if (command->files->probe && command->files->probe_hold > 0)
        add_option(command, "-fw_cfg", "name=opt/org.rootstock/hold,string=%d",
                   command->files->probe_hold);
}

static void add_disk(const Command *command, const RenderDisk *disk)
{
    g_autofree char *path = escape(disk->path);
    g_autofree char *format = escape(disk->format);

    add_option(command, "-drive", "if=none,id=%s,format=%s,discard=unmap%s,file=%s", disk->id,
               format, disk->read_only ? ",readonly=on" : "", path);
    if (disk->virtio)
        add_option(command, "-device", "virtio-blk-pci,drive=%s,bootindex=%u,bus=pcie.0,addr=0x%x",
                   disk->id, disk->boot_order, disk->slot);
    else
        add_option(command, "-device", "ide-hd,drive=%s,bootindex=%u,bus=ide.%u,rotation_rate=1",
                   disk->id, disk->boot_order, disk->sata_port);
}

static void add_usb(const Command *command)
{
    const RenderLayout *layout = command->layout;

    for (guint i = 0; i < layout->usb_count; i++) {
        const RenderUsb *usb = &layout->usb[i];
        g_autofree char *where = place(&usb->address);
        if (usb->start_port >= 0)
            add_option(command, "-device", "%s,masterbus=usb.0,firstport=%d,%s", usb->qemu,
                       usb->start_port, where);
        else
            add_option(command, "-device", "%s,id=usb%s,%s", usb->qemu,
                       strstr(usb->model, "xhci") != NULL ? ",p2=15,p3=15" : "", where);
    }
    add_option(command, "-device", "usb-kbd,bus=usb.0,port=1");
    add_option(command, "-device", "usb-tablet,bus=usb.0,port=2");
}

/* Without libvirt QEMU's helper puts the guest into a bridge, which /etc/qemu/bridge.conf has to
 * allow; the bridge of libvirt's network is virbr0 unless somebody named it otherwise. */
static void add_netdev(const Command *command)
{
    const char *kind = command->files->probe ? "user" : command->machine->network;

    if (strcmp(kind, "bridge") == 0)
        add_option(command, "-netdev", "bridge,id=net,br=%s", command->machine->bridge);
    else if (strcmp(kind, "default") == 0)
        add_option(command, "-netdev", "bridge,id=net,br=virbr0");
    else
        add_option(command, "-netdev", "user,id=net");
}

static void add_network(const Command *command)
{
    add_netdev(command);
    add_option(command, "-device", "%s,netdev=net,mac=%s,romfile=,bus=pcie.0,addr=0x%x",
               command->layout->nic_qemu, command->machine->identity.mac, SLOT_NETWORK);
}

/* The monitor shares the terminal with the guest's serial port: Ctrl-A C goes from one to the
 * other. The probe has the serial port for itself. */
static void add_console(const Command *command)
{
    if (command->files->probe) {
        add_option(command, "-monitor", "none");
        add_option(command, "-serial", "stdio");
        add(command, "-no-reboot");
        return;
    }
    add_option(command, "-chardev", "stdio,id=console,mux=on,signal=off");
    add_option(command, "-serial", "chardev:console");
    add_option(command, "-mon", "chardev=console,mode=readline");
}

static void add_display(const Command *command)
{
    const RenderLayout *layout = command->layout;

    if (layout->video_qemu != NULL)
        add_option(command, "-device", "%s,vgamem_mb=16,bus=pcie.0,addr=0x%x", layout->video_qemu,
                   SLOT_VIDEO);
    if (layout->display)
        add_option(command, "-vnc", "127.0.0.1:0,to=99");
    else
        add_option(command, "-display", "none");
}

static void add_passed(const Command *command)
{
    const RenderLayout *layout = command->layout;

    for (guint i = 0; i < layout->port_count; i++) {
        guint slot = render_layout_port_slot(i);
        add_option(command, "-device",
                   "pcie-root-port,id=pci.%u,chassis=%u,port=%u,bus=pcie.0,addr=0x%x", i + 1, i + 1,
                   slot << 3, slot);
    }
    for (guint i = 0; i < layout->passed->len; i++) {
        const RenderPassed *passed = &g_array_index(layout->passed, RenderPassed, i);
        g_autofree char *where = place(&passed->address);
        add_option(command, "-device", "vfio-pci,host=%s,%s", passed->device->address, where);
    }
}

GStrv render_qemu_argv(const Machine *machine, const RenderFiles *files, GError **error)
{
    g_autoptr(RenderLayout) layout = render_layout_make(machine, files, error);
    if (layout == NULL)
        return NULL;
    Command command = {g_ptr_array_new(), machine, files, layout};

    add_basics(&command);
    add_cpu(&command);
    add_firmware(&command);
    add_clock(&command);
    add_passed(&command);
    for (guint i = 0; i < layout->disk_count; i++)
        add_disk(&command, &layout->disks[i]);
    add_usb(&command);
    add_network(&command);
    add_console(&command);
    add_display(&command);
    g_ptr_array_add(command.argv, NULL);
    return (GStrv)g_ptr_array_free(command.argv, FALSE);
}
