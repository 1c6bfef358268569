/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/facts.h"

#include <stdlib.h>
#include <string.h>

static const char *const BLOCK_KIND_NAMES[] = {
    [BLOCK_DISK] = "disk",   [BLOCK_PARTITION] = "partition", [BLOCK_LVM] = "lvm",
    [BLOCK_CRYPT] = "crypt", [BLOCK_RAID] = "raid",           [BLOCK_MAPPER] = "mapper",
    [BLOCK_LOOP] = "loop",   [BLOCK_OTHER] = "other",
};
G_STATIC_ASSERT(G_N_ELEMENTS(BLOCK_KIND_NAMES) == BLOCK_KINDS);

const char *block_kind_name(BlockKind kind)
{
    return BLOCK_KIND_NAMES[kind];
}

bool block_kind_from_name(const char *name, BlockKind *ret_kind)
{
    for (guint i = 0; i < BLOCK_KINDS; i++) {
        if (g_strcmp0(name, BLOCK_KIND_NAMES[i]) == 0) {
            *ret_kind = (BlockKind)i;
            return true;
        }
    }
    return false;
}

Facts *facts_new(void)
{
    Facts *facts = g_new0(Facts, 1);
    CpuFacts *cpu = &facts->cpu;

    cpu->family = cpu->model = cpu->stepping = UNKNOWN;
    cpu->packages = cpu->cores = cpu->threads = UNKNOWN;
    facts->kvm.api_version = facts->kvm.max_vcpus = UNKNOWN;
    facts->memory = (MemoryFacts){UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN};
    facts->iommu.group_count = UNKNOWN;
    facts->firmware.chassis = UNKNOWN;
    setup_facts_init(&facts->setup);
    return facts;
}

static void free_cpu(CpuFacts *cpu)
{
    g_free(cpu->architecture);
    g_free(cpu->vendor);
    g_free(cpu->name);
    g_free(cpu->microcode);
    g_free(cpu->clocksource);
    g_strfreev(cpu->flags);
    g_strfreev(cpu->clocksources);
    g_clear_pointer(&cpu->thread_list, g_array_unref);
    g_clear_pointer(&cpu->caches, g_ptr_array_unref);
    g_clear_pointer(&cpu->nodes, g_ptr_array_unref);
}

static void free_firmware(FirmwareFacts *firmware)
{
    g_free(firmware->vendor);
    g_free(firmware->version);
    g_free(firmware->date);
    g_free(firmware->board_vendor);
    g_free(firmware->board_name);
    g_free(firmware->system_vendor);
    g_free(firmware->system_name);
    g_free(firmware->serial);
    g_free(firmware->uuid);
}

static void free_system(Facts *facts)
{
    g_free(facts->kernel.release);
    g_free(facts->kernel.command_line);
    g_free(facts->kernel.lockdown);
    g_free(facts->kernel.host_name);
    g_free(facts->boot_loader.kind);
    g_free(facts->boot_loader.evidence);
    g_strfreev(facts->boot_loader.others);
    g_free(facts->distribution.id);
    g_free(facts->distribution.version);
    g_free(facts->distribution.name);
    g_strfreev(facts->distribution.like);
}

static void free_software(SoftwareFacts *software)
{
    g_free(software->qemu_path);
    g_free(software->qemu_version);
    g_free(software->qemu_img_path);
    g_free(software->libvirt_version);
    g_free(software->libvirt_socket);
    g_free(software->qemu_user);
    g_clear_pointer(&software->firmware, g_ptr_array_unref);
    g_clear_pointer(&software->packages, g_ptr_array_unref);
}

void facts_free(Facts *facts)
{
    if (facts == NULL)
        return;
    free_cpu(&facts->cpu);
    g_free(facts->kvm.evidence);
    g_clear_pointer(&facts->pci, g_ptr_array_unref);
    g_strfreev(facts->iommu.units);
    g_free(facts->iommu.table);
    g_clear_pointer(&facts->storage.devices, g_ptr_array_unref);
    g_strfreev(facts->storage.unplaced);
    g_clear_pointer(&facts->network, g_ptr_array_unref);
    g_clear_pointer(&facts->usb, g_ptr_array_unref);
    g_clear_pointer(&facts->codecs, g_ptr_array_unref);
    g_clear_pointer(&facts->displays, g_ptr_array_unref);
    free_firmware(&facts->firmware);
    free_system(facts);
    free_software(&facts->software);
    setup_facts_clear(&facts->setup);
    g_free(facts);
}

PciFunction *pci_function_new(const char *address)
{
    PciFunction *function = g_new0(PciFunction, 1);

    function->address = g_strdup(address);
    function->vendor = function->device = UNKNOWN;
    function->subsystem_vendor = function->subsystem_device = UNKNOWN;
    function->class_code = function->revision = UNKNOWN;
    function->iommu_group = function->numa_node = UNKNOWN;
    function->rom_size = UNKNOWN;
    function->link_width = function->link_width_max = UNKNOWN;
    return function;
}

void pci_function_free(PciFunction *function)
{
    if (function == NULL)
        return;
    g_free(function->address);
    g_free(function->vendor_name);
    g_free(function->device_name);
    g_free(function->driver);
    g_free(function->driver_override);
    g_strfreev(function->modules);
    g_clear_pointer(&function->bars, g_array_unref);
    g_strfreev(function->reset_methods);
    g_free(function->link_speed);
    g_free(function->link_speed_max);
    g_free(function->parent);
    g_free(function);
}

BlockDevice *block_device_new(const char *name)
{
    BlockDevice *device = g_new0(BlockDevice, 1);
    device->name = g_strdup(name);
    device->kind = BLOCK_OTHER;
    device->size = UNKNOWN;
    return device;
}

void block_device_free(BlockDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->name);
    g_free(device->number);
    g_free(device->label);
    g_free(device->model);
    g_free(device->content);
    g_strfreev(device->pci);
    g_strfreev(device->below);
    g_strfreev(device->mounts);
    g_free(device);
}

NetInterface *net_interface_new(const char *name)
{
    NetInterface *interface = g_new0(NetInterface, 1);
    interface->name = g_strdup(name);
    return interface;
}

void net_interface_free(NetInterface *interface)
{
    if (interface == NULL)
        return;
    g_free(interface->name);
    g_free(interface->pci);
    g_free(interface->driver);
    g_free(interface->state);
    g_free(interface->mac);
    g_strfreev(interface->below);
    g_free(interface);
}

UsbDevice *usb_device_new(void)
{
    UsbDevice *device = g_new0(UsbDevice, 1);
    device->vendor = device->device = device->class_code = UNKNOWN;
    return device;
}

void usb_device_free(UsbDevice *device)
{
    if (device == NULL)
        return;
    g_free(device->port);
    g_free(device->pci);
    g_strfreev(device->interfaces);
    g_free(device->manufacturer);
    g_free(device->product);
    g_free(device->speed);
    g_free(device->serial);
    g_free(device);
}

AudioCodec *audio_codec_new(void)
{
    AudioCodec *codec = g_new0(AudioCodec, 1);
    codec->vendor = codec->device = UNKNOWN;
    codec->subsystem_vendor = codec->subsystem_device = UNKNOWN;
    return codec;
}

void audio_codec_free(AudioCodec *codec)
{
    if (codec == NULL)
        return;
    g_free(codec->pci);
    g_free(codec->name);
    g_free(codec);
}

DisplayFacts *display_facts_new(void)
{
    return g_new0(DisplayFacts, 1);
}

void display_facts_free(DisplayFacts *display)
{
    if (display == NULL)
        return;
    g_free(display->pci);
    g_free(display->name);
    g_strfreev(display->connected);
    g_free(display);
}

PackageFacts *package_facts_new(const char *name)
{
    PackageFacts *package = g_new0(PackageFacts, 1);
    package->name = g_strdup(name);
    return package;
}

void package_facts_free(PackageFacts *package)
{
    if (package == NULL)
        return;
    g_free(package->name);
    g_free(package->version);
    g_free(package);
}

FirmwareImage *firmware_image_new(void)
{
    FirmwareImage *image = g_new0(FirmwareImage, 1);
    image->code_size = image->vars_size = UNKNOWN;
    return image;
}

void firmware_image_free(FirmwareImage *image)
{
    if (image == NULL)
        return;
    g_free(image->descriptor);
    g_free(image->description);
    g_free(image->code);
    g_free(image->code_format);
    g_free(image->vars);
    g_free(image->vars_format);
    g_strfreev(image->interfaces);
    g_strfreev(image->machines);
    g_strfreev(image->features);
    g_free(image);
}

CpuCache *cpu_cache_new(void)
{
    CpuCache *cache = g_new0(CpuCache, 1);
    cache->level = cache->ways = cache->line = UNKNOWN;
    cache->size = UNKNOWN;
    return cache;
}

void cpu_cache_free(CpuCache *cache)
{
    if (cache == NULL)
        return;
    g_free(cache->type);
    g_free(cache->cpus);
    g_free(cache);
}

NumaNode *numa_node_new(void)
{
    NumaNode *node = g_new0(NumaNode, 1);
    node->node = UNKNOWN;
    node->memory = UNKNOWN;
    return node;
}

void numa_node_free(NumaNode *node)
{
    if (node == NULL)
        return;
    g_free(node->cpus);
    g_free(node);
}

Tri cpu_has_flag(const CpuFacts *cpu, const char *flag)
{
    if (cpu->flags == NULL)
        return TRI_UNKNOWN;
    return tri(g_strv_contains((const char *const *)cpu->flags, flag));
}

/* How many characters of TEXT are a domain with its colon: four hexadecimal digits, and more only
 * where they are needed. Linux numbers the domains that Intel's VMD makes from 0x10000. */
static gsize domain_length(const char *text)
{
    gsize digits = strspn(text, "0123456789abcdefABCDEF");
    if (digits < 4 || digits > 8 || text[digits] != ':' || (digits > 4 && text[0] == '0'))
        return 0;
    return digits + 1;
}

char *pci_address_full(const char *text)
{
    static const char FORM[] = "xx:xx.x";
    gsize domain = domain_length(text);
    const char *rest = text + domain;
    gsize i = 0;

    while (FORM[i] != '\0' && (FORM[i] == 'x' ? g_ascii_isxdigit(rest[i]) : rest[i] == FORM[i]))
        i++;
    if (FORM[i] != '\0' || rest[i] != '\0')
        return NULL;
    /* 5 bits of device number, 3 bits of function number */
    if (strtoul(rest + 3, NULL, 16) > 0x1f || rest[6] > '7')
        return NULL;
    g_autofree char *full = g_strconcat(domain == 0 ? "0000:" : "", text, NULL);
    return g_ascii_strdown(full, -1);
}

char *pci_address_slot(const char *address)
{
    return g_strndup(address, strcspn(address, "."));
}

bool pci_address_same_slot(const char *a, const char *b)
{
    gsize length = strcspn(a, ".");
    return strncmp(a, b, length + 1) == 0;
}

const PciFunction *facts_pci_function(const Facts *facts, const char *address)
{
    g_autofree char *full = pci_address_full(address);
    if (full == NULL || facts->pci == NULL)
        return NULL;
    for (guint i = 0; i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        if (strcmp(function->address, full) == 0)
            return function;
    }
    return NULL;
}

const PciFunction *facts_boot_display(const Facts *facts)
{
    const PciFunction *found = NULL;

    for (guint i = 0; facts->pci != NULL && i < facts->pci->len; i++) {
        const PciFunction *function = g_ptr_array_index(facts->pci, i);
        if (function->boot_vga != TRI_YES)
            continue;
        if (found != NULL)
            return NULL;
        found = function;
    }
    return found;
}
