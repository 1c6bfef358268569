/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host.h"

GStrv host_words(const char *words)
{
    return words[0] == '\0' ? g_new0(char *, 1) : g_strsplit(words, " ", -1);
}

void host_flags(Facts *facts, const char *words)
{
    g_strfreev(facts->cpu.flags);
    facts->cpu.flags = host_words(words);
}

Facts *host_new(void)
{
    Facts *facts = facts_new();

    facts->cpu.vendor = g_strdup("GenuineIntel");
    facts->cpu.name = g_strdup("Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz");
    facts->cpu.architecture = g_strdup("x86_64");
    facts->cpu.family = 6;
    facts->cpu.model = 94;
    facts->cpu.packages = 1;
    facts->cpu.threads = 8;
    facts->cpu.virtualization = TRI_YES;
    facts->cpu.clocksource = g_strdup("tsc");
    host_flags(facts, HOST_FLAGS);
    facts->kvm.present = facts->kvm.accessible = facts->kvm.usable = TRI_YES;
    facts->kvm.evidence = g_strdup("A test guest computed 6 * 7.");
    facts->memory.total = G_GINT64_CONSTANT(32) << 30;
    facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    facts->pci_complete = TRI_YES;
    facts->iommu.groups = facts->iommu.complete = TRI_YES;
    facts->iommu.interrupt_remapping = TRI_YES;
    facts->kernel.vfio_pci = TRI_YES;
    facts->storage.devices = g_ptr_array_new_with_free_func((GDestroyNotify)block_device_free);
    facts->storage.unplaced = host_words("");
    facts->network = g_ptr_array_new_with_free_func((GDestroyNotify)net_interface_free);
    facts->displays = g_ptr_array_new_with_free_func((GDestroyNotify)display_facts_free);
    facts->software.qemu_path = g_strdup("/usr/bin/qemu-system-x86_64");
    return facts;
}

PciFunction *host_pci(Facts *facts, const char *address, int class, int vendor, int device,
                      int group)
{
    PciFunction *function = pci_function_new(address);
    function->class_code = class << 8;
    function->vendor = vendor;
    function->device = device;
    function->iommu_group = group;
    function->driver = g_strdup("");
    function->boot_vga = TRI_NO;
    function->reset_methods = host_words("flr bus");
    g_ptr_array_add(facts->pci, function);
    return function;
}

void host_driver(PciFunction *function, const char *driver)
{
    g_free(function->driver);
    function->driver = g_strdup(driver);
}

BlockDevice *host_block(Facts *facts, const char *name, BlockKind kind, const char *below,
                        const char *pci)
{
    BlockDevice *device = block_device_new(name);
    device->kind = kind;
    device->below = host_words(below == NULL ? "" : below);
    device->pci = host_words(pci == NULL ? "" : pci);
    device->mounts = host_words("");
    device->swap = TRI_NO;
    device->content = g_strdup("");
    g_ptr_array_add(facts->storage.devices, device);
    return device;
}

void host_mount(BlockDevice *device, const char *point)
{
    g_strfreev(device->mounts);
    device->mounts = host_words(point);
}

void host_content(BlockDevice *device, const char *content)
{
    g_free(device->content);
    device->content = g_strdup(content);
}

NetInterface *host_net(Facts *facts, const char *name, const char *pci, Tri default_route)
{
    NetInterface *interface = net_interface_new(name);
    interface->pci = g_strdup(pci);
    interface->below = host_words("");
    interface->default_route = default_route;
    interface->wireless = TRI_NO;
    g_ptr_array_add(facts->network, interface);
    return interface;
}

DisplayFacts *host_display(Facts *facts, const char *pci, Tri console, Tri session)
{
    DisplayFacts *display = display_facts_new();
    display->pci = g_strdup(pci);
    display->name = g_strdup("card0");
    display->console = console;
    display->session = session;
    g_ptr_array_add(facts->displays, display);
    return display;
}

UsbDevice *host_usb(Facts *facts, const char *pci, int vendor, int device)
{
    UsbDevice *usb = usb_device_new();
    if (facts->usb == NULL)
        facts->usb = g_ptr_array_new_with_free_func((GDestroyNotify)usb_device_free);
    usb->pci = g_strdup(pci);
    usb->vendor = vendor;
    usb->device = device;
    g_ptr_array_add(facts->usb, usb);
    return usb;
}

AudioCodec *host_codec(Facts *facts, const char *pci, const char *name, guint32 id)
{
    AudioCodec *codec = audio_codec_new();
    if (facts->codecs == NULL)
        facts->codecs = g_ptr_array_new_with_free_func((GDestroyNotify)audio_codec_free);
    codec->pci = g_strdup(pci);
    codec->name = g_strdup(name);
    if (id != 0) {
        codec->vendor = (int)(id >> 16);
        codec->device = (int)(id & 0xffff);
    }
    g_ptr_array_add(facts->codecs, codec);
    return codec;
}
