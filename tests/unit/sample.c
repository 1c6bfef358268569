/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#define FLAGS                                                                                      \
    "abm adx aes avx avx2 bmi1 bmi2 constant_tsc ept f16c fma lm movbe nonstop_tsc pni popcnt "    \
    "rdrand rdseed smap sse4_1 sse4_2 ssse3 vmx"

static GStrv list(const char *text)
{
    return g_strsplit(text, " ", -1);
}

static void add_function(Facts *facts, const char *address, int ids, int class_code, int group,
                         const char *name)
{
    PciFunction *function = pci_function_new(address);
    function->vendor = ids >> 16 & 0xffff;
    function->device = ids & 0xffff;
    function->class_code = class_code;
    function->iommu_group = group;
    function->device_name = g_strdup(name);
    function->parent = g_strdup("");
    function->driver = g_strdup("");
    function->boot_vga = TRI_NO;
    function->reset_methods = list("flr bus");
    g_ptr_array_add(facts->pci, function);
}

static void add_pci(Facts *facts)
{
    facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    add_function(facts, "0000:01:00.0", 0x144da808, 0x010802, 1, "NVMe SSD Controller SM981");
    add_function(facts, "0000:05:00.0", 0x10ec8168, 0x020000, 5, "RTL8111 Ethernet");
    add_function(facts, "0000:0a:00.0", 0x100273ff, 0x030000, 10, "Navi 23 [Radeon RX 6600]");
    add_function(facts, "0000:0a:00.1", 0x1002ab28, 0x040300, 10, "Navi 21/23 HDMI/DP Audio");
    add_function(facts, "0000:0b:00.0", 0x144da808, 0x010802, 11, "NVMe SSD Controller SM981");
    facts->iommu.groups = facts->iommu.complete = TRI_YES;
    facts->iommu.group_count = 4;
    facts->iommu.interrupt_remapping = TRI_YES;
}

static BlockDevice *add_block(Facts *facts, const char *name, BlockKind kind, const char *below)
{
    BlockDevice *device = block_device_new(name);
    device->kind = kind;
    device->below = *below != '\0' ? list(below) : g_new0(char *, 1);
    device->pci = g_new0(char *, 1);
    device->mounts = g_new0(char *, 1);
    device->swap = TRI_NO;
    g_ptr_array_add(facts->storage.devices, device);
    return device;
}

static void add_storage(Facts *facts)
{
    facts->storage.devices = g_ptr_array_new_with_free_func((GDestroyNotify)block_device_free);
    facts->storage.unplaced = g_new0(char *, 1);
    BlockDevice *disk = add_block(facts, "nvme0n1", BLOCK_DISK, "");
    g_strfreev(disk->pci);
    disk->pci = list("0000:01:00.0");
    add_block(facts, "nvme0n1p2", BLOCK_PARTITION, "nvme0n1");
    BlockDevice *root = add_block(facts, "dm-0", BLOCK_LVM, "nvme0n1p2");
    g_strfreev(root->mounts);
    root->mounts = list("/");
    disk = add_block(facts, "nvme1n1", BLOCK_DISK, "");
    g_strfreev(disk->pci);
    disk->pci = list("0000:0b:00.0");
}

static void add_network(Facts *facts)
{
    facts->network = g_ptr_array_new_with_free_func((GDestroyNotify)net_interface_free);
    NetInterface *interface = net_interface_new("enp5s0");
    interface->pci = g_strdup("0000:05:00.0");
    interface->default_route = TRI_YES;
    interface->below = g_new0(char *, 1);
    g_ptr_array_add(facts->network, interface);
    facts->displays = g_ptr_array_new_with_free_func((GDestroyNotify)display_facts_free);
}

static void add_firmware(Facts *facts, const char *descriptor, const char *code,
                         const char *features)
{
    FirmwareImage *image = firmware_image_new();
    image->descriptor = g_strdup(descriptor);
    image->code = g_strdup(code);
    image->code_format = g_strdup("raw");
    image->vars = g_strdup("/usr/share/OVMF/OVMF_VARS_4M.fd");
    image->vars_format = g_strdup("raw");
    image->interfaces = list("uefi");
    image->machines = list("pc-i440fx-* pc-q35-*");
    image->features = list(features);
    image->code_size = 3653632;
    image->vars_size = 540672;
    g_ptr_array_add(facts->software.firmware, image);
}

static void add_software(Facts *facts)
{
    SoftwareFacts *software = &facts->software;
    software->qemu_path = g_strdup("/usr/bin/qemu-system-x86_64");
    software->qemu_version = g_strdup("7.2.22");
    software->qemu_img_path = g_strdup("/usr/bin/qemu-img");
    software->libvirt_version = g_strdup("9.0.0");
    software->firmware = g_ptr_array_new_with_free_func((GDestroyNotify)firmware_image_free);
    add_firmware(facts, "40-secure.json", "/usr/share/OVMF/OVMF_CODE_4M.ms.fd",
                 "enrolled-keys requires-smm secure-boot");
    add_firmware(facts, "60-plain.json", "/usr/share/OVMF/OVMF_CODE_4M.fd", "acpi-s3");
}

void sample_open(Sample *sample)
{
    g_autoptr(GError) error = NULL;
    Facts *facts = facts_new();

    sample->catalog = catalog_load(&error);
    g_assert_no_error(error);
    facts->cpu.vendor = g_strdup("GenuineIntel");
    facts->cpu.name = g_strdup("Intel(R) Core(TM) i7-6700");
    facts->cpu.family = 6;
    facts->cpu.model = 94;
    facts->cpu.stepping = 3;
    facts->cpu.flags = list(FLAGS);
    facts->cpu.packages = 1;
    facts->cpu.cores = 4;
    facts->cpu.threads = 8;
    facts->cpu.virtualization = TRI_YES;
    facts->cpu.clocksource = g_strdup("tsc");
    facts->kvm.present = facts->kvm.accessible = facts->kvm.usable = TRI_YES;
    facts->kvm.evidence = g_strdup("A guest of 3 instructions ended as it should.");
    facts->kvm.ignore_msrs = TRI_YES;
    facts->memory.total = 32ll << 30;
    facts->memory.available = 30ll << 30;
    facts->kernel.vfio_pci = TRI_YES;
    add_pci(facts);
    add_storage(facts);
    add_network(facts);
    add_software(facts);
    sample->facts = facts;
    sample->verdict = NULL;
    sample_judge(sample);
}

void sample_add(Sample *sample, const char *address, int ids, int class_code, int group,
                const char *name)
{
    add_function(sample->facts, address, ids, class_code, group, name);
}

void sample_set_vendor(Sample *sample, const char *vendor)
{
    g_free(sample->facts->cpu.vendor);
    sample->facts->cpu.vendor = g_strdup(vendor);
    sample_judge(sample);
}

void sample_judge(Sample *sample)
{
    verdict_free(sample->verdict);
    sample->verdict = verdict_make(sample->facts, sample->catalog);
}

void sample_close(Sample *sample)
{
    verdict_free(sample->verdict);
    facts_free(sample->facts);
    catalog_free(sample->catalog);
}

PciFunction *sample_function(Sample *sample, const char *address)
{
    for (guint i = 0; i < sample->facts->pci->len; i++) {
        PciFunction *function = g_ptr_array_index(sample->facts->pci, i);
        if (g_strcmp0(function->address, address) == 0)
            return function;
    }
    g_assert_not_reached();
}

Machine *sample_machine(Sample *sample, const char *os, const char *gpus, bool force,
                        GError **error)
{
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->os = g_strdup(os);
    choices->force = force;
    if (gpus != NULL)
        choices->gpus = g_strsplit(gpus, ";", -1);
    MachineIdentity identity = {(char *)SAMPLE_UUID, (char *)SAMPLE_MAC};
    return machine_fill("sample", choices, &identity, sample->facts, sample->catalog,
                        sample->verdict, error);
}
