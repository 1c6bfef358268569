/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-form.h"
#include "facts/snapshot-setup.h"
#include "facts/snapshot.h"

static void write_thread(JsonWrite *json, const CpuThread *thread)
{
    jw_begin_object(json, NULL);
    jw_integer_known(json, "cpu", thread->cpu);
    jw_integer_known(json, "package", thread->package);
    jw_integer_known(json, "core", thread->core);
    jw_integer_known(json, "node", thread->node);
    jw_integer_known(json, "die", thread->die);
    jw_integer_known(json, "max_khz", thread->max_khz);
    jw_tri_known(json, "efficient", thread->efficient);
    jw_end_object(json);
}

static void write_cache(JsonWrite *json, const CpuCache *cache)
{
    jw_begin_object(json, NULL);
    jw_integer_known(json, "level", cache->level);
    jw_string_known(json, "type", cache->type);
    jw_integer_known(json, "size", cache->size);
    jw_integer_known(json, "ways", cache->ways);
    jw_integer_known(json, "line", cache->line);
    jw_string_known(json, "cpus", cache->cpus);
    jw_end_object(json);
}

static void write_node(JsonWrite *json, const NumaNode *node)
{
    jw_begin_object(json, NULL);
    jw_integer_known(json, "node", node->node);
    jw_string_known(json, "cpus", node->cpus);
    jw_integer_known(json, "memory", node->memory);
    jw_end_object(json);
}

/* Writes LIST of pointers as an array, unless it is unknown. */
#define WRITE_LIST(json, key, list, Type, write_element)                                           \
    do {                                                                                           \
        if ((list) == NULL)                                                                        \
            break;                                                                                 \
        jw_begin_array(json, key);                                                                 \
        for (guint index_ = 0; index_ < (list)->len; index_++)                                     \
            write_element(json, (const Type *)g_ptr_array_index(list, index_));                    \
        jw_end_array(json);                                                                        \
    } while (0)

/* The same for a GArray of values. */
#define WRITE_VALUES(json, key, list, Type, write_element)                                         \
    do {                                                                                           \
        if ((list) == NULL)                                                                        \
            break;                                                                                 \
        jw_begin_array(json, key);                                                                 \
        for (guint index_ = 0; index_ < (list)->len; index_++)                                     \
            write_element(json, &g_array_index(list, Type, index_));                               \
        jw_end_array(json);                                                                        \
    } while (0)

static void write_cpu(JsonWrite *json, const CpuFacts *cpu)
{
    jw_begin_object(json, "cpu");
    jw_string_known(json, "architecture", cpu->architecture);
    jw_string_known(json, "vendor", cpu->vendor);
    jw_integer_known(json, "family", cpu->family);
    jw_integer_known(json, "model", cpu->model);
    jw_integer_known(json, "stepping", cpu->stepping);
    jw_string_known(json, "name", cpu->name);
    jw_string_known(json, "microcode", cpu->microcode);
    jw_strings_known(json, "flags", cpu->flags);
    jw_integer_known(json, "packages", cpu->packages);
    jw_integer_known(json, "cores", cpu->cores);
    jw_integer_known(json, "threads", cpu->threads);
    WRITE_VALUES(json, "thread_list", cpu->thread_list, CpuThread, write_thread);
    WRITE_LIST(json, "caches", cpu->caches, CpuCache, write_cache);
    WRITE_LIST(json, "nodes", cpu->nodes, NumaNode, write_node);
    jw_tri_known(json, "virtualization", cpu->virtualization);
    jw_tri_known(json, "hypervisor", cpu->hypervisor);
    jw_string_known(json, "clocksource", cpu->clocksource);
    jw_strings_known(json, "clocksources", cpu->clocksources);
    jw_tri_known(json, "tsc_unstable", cpu->tsc_unstable);
    jw_tri_known(json, "tsc_warp", cpu->tsc_warp);
    jw_end_object(json);
}

static void write_kvm(JsonWrite *json, const KvmFacts *kvm)
{
    jw_begin_object(json, "kvm");
    jw_tri_known(json, "present", kvm->present);
    jw_tri_known(json, "accessible", kvm->accessible);
    jw_tri_known(json, "usable", kvm->usable);
    jw_string_known(json, "evidence", kvm->evidence);
    jw_tri_known(json, "firmware_off", kvm->firmware_off);
    jw_integer_known(json, "api_version", kvm->api_version);
    jw_integer_known(json, "max_vcpus", kvm->max_vcpus);
    jw_tri_known(json, "ignore_msrs", kvm->ignore_msrs);
    jw_tri_known(json, "nested", kvm->nested);
    jw_end_object(json);
}

static void write_memory(JsonWrite *json, const MemoryFacts *memory)
{
    jw_begin_object(json, "memory");
    jw_integer_known(json, "total", memory->total);
    jw_integer_known(json, "available", memory->available);
    jw_integer_known(json, "huge_page_size", memory->huge_page_size);
    jw_integer_known(json, "huge_pages", memory->huge_pages);
    jw_end_object(json);
}

static void write_bar(JsonWrite *json, const PciBar *bar)
{
    jw_begin_object(json, NULL);
    jw_integer(json, "index", bar->index);
    jw_string(json, "kind", SNAPSHOT_BAR_KINDS[bar->kind]);
    if (bar->prefetchable)
        jw_boolean(json, "prefetchable", true);
    jw_integer(json, "size", (gint64)bar->size);
    if (bar->address != 0)
        jw_integer(json, "address", (gint64)bar->address);
    if (bar->unassigned)
        jw_boolean(json, "unassigned", true);
    jw_end_object(json);
}

static void write_pci_ids(JsonWrite *json, const PciFunction *function)
{
    jw_hex_known(json, "vendor", function->vendor, 4);
    jw_hex_known(json, "device", function->device, 4);
    jw_hex_known(json, "subsystem_vendor", function->subsystem_vendor, 4);
    jw_hex_known(json, "subsystem_device", function->subsystem_device, 4);
    jw_hex_known(json, "class", function->class_code, 6);
    jw_hex_known(json, "revision", function->revision, 2);
    jw_string_known(json, "vendor_name", function->vendor_name);
    jw_string_known(json, "device_name", function->device_name);
}

static void write_pci(JsonWrite *json, const PciFunction *function)
{
    jw_begin_object(json, NULL);
    jw_string(json, "address", function->address);
    write_pci_ids(json, function);
    jw_string_known(json, "driver", function->driver);
    jw_tri_known(json, "driver_built_in", function->driver_built_in);
    jw_string_known(json, "driver_override", function->driver_override);
    jw_strings_known(json, "modules", function->modules);
    jw_integer_known(json, "iommu_group", function->iommu_group);
    jw_integer_known(json, "numa_node", function->numa_node);
    WRITE_VALUES(json, "bars", function->bars, PciBar, write_bar);
    jw_integer_known(json, "rom_size", function->rom_size);
    jw_tri_known(json, "boot_vga", function->boot_vga);
    jw_strings_known(json, "reset_methods", function->reset_methods);
    jw_string_known(json, "link_speed", function->link_speed);
    jw_string_known(json, "link_speed_max", function->link_speed_max);
    jw_integer_known(json, "link_width", function->link_width);
    jw_integer_known(json, "link_width_max", function->link_width_max);
    jw_string_known(json, "parent", function->parent);
    jw_tri_known(json, "resizable_bar", function->resizable_bar);
    jw_tri_known(json, "reset_failed", function->reset_failed);
    jw_end_object(json);
}

/* Whether a list is complete. Unknown is written, too: snapshots from before this member are those
 * of live hosts, and complete. */
static void write_complete(JsonWrite *json, const char *key, Tri complete, bool listed)
{
    if (listed && complete == TRI_UNKNOWN)
        jw_null(json, key);
    else if (listed)
        jw_boolean(json, key, complete == TRI_YES);
}

static void write_iommu(JsonWrite *json, const IommuFacts *iommu)
{
    jw_begin_object(json, "iommu");
    jw_tri_known(json, "groups", iommu->groups);
    jw_integer_known(json, "group_count", iommu->group_count);
    jw_strings_known(json, "units", iommu->units);
    jw_string_known(json, "table", iommu->table);
    jw_tri_known(json, "interrupt_remapping", iommu->interrupt_remapping);
    jw_tri_known(json, "unsafe_interrupts", iommu->unsafe_interrupts);
    jw_tri_known(json, "acs_override", iommu->acs_override);
    write_complete(json, "complete", iommu->complete, iommu->groups != TRI_UNKNOWN);
    jw_end_object(json);
}

static void write_block(JsonWrite *json, const BlockDevice *device)
{
    jw_begin_object(json, NULL);
    jw_string(json, "name", device->name);
    jw_string_known(json, "number", device->number);
    jw_string(json, "kind", block_kind_name(device->kind));
    jw_string_known(json, "label", device->label);
    jw_integer_known(json, "size", device->size);
    jw_string_known(json, "model", device->model);
    jw_tri_known(json, "rotational", device->rotational);
    jw_strings_known(json, "pci", device->pci);
    jw_strings_known(json, "below", device->below);
    jw_string_known(json, "content", device->content);
    jw_strings_known(json, "mounts", device->mounts);
    jw_tri_known(json, "swap", device->swap);
    jw_end_object(json);
}

static void write_storage(JsonWrite *json, const StorageFacts *storage)
{
    jw_begin_object(json, "storage");
    WRITE_LIST(json, "devices", storage->devices, BlockDevice, write_block);
    jw_strings_known(json, "unplaced", storage->unplaced);
    jw_end_object(json);
}

static void write_interface(JsonWrite *json, const NetInterface *interface)
{
    jw_begin_object(json, NULL);
    jw_string(json, "name", interface->name);
    jw_string_known(json, "pci", interface->pci);
    jw_string_known(json, "driver", interface->driver);
    jw_string_known(json, "state", interface->state);
    jw_tri_known(json, "wireless", interface->wireless);
    jw_strings_known(json, "below", interface->below);
    jw_tri_known(json, "default_route", interface->default_route);
    jw_string_known(json, "mac", interface->mac);
    jw_end_object(json);
}

static void write_usb(JsonWrite *json, const UsbDevice *device)
{
    jw_begin_object(json, NULL);
    jw_string_known(json, "port", device->port);
    jw_string_known(json, "pci", device->pci);
    jw_hex_known(json, "vendor", device->vendor, 4);
    jw_hex_known(json, "device", device->device, 4);
    jw_hex_known(json, "class", device->class_code, 6);
    jw_strings_known(json, "interfaces", device->interfaces);
    jw_string_known(json, "manufacturer", device->manufacturer);
    jw_string_known(json, "product", device->product);
    jw_string_known(json, "speed", device->speed);
    jw_string_known(json, "serial", device->serial);
    jw_end_object(json);
}

static void write_codec(JsonWrite *json, const AudioCodec *codec)
{
    jw_begin_object(json, NULL);
    jw_string_known(json, "pci", codec->pci);
    jw_string_known(json, "name", codec->name);
    jw_hex_known(json, "vendor", codec->vendor, 4);
    jw_hex_known(json, "device", codec->device, 4);
    jw_hex_known(json, "subsystem_vendor", codec->subsystem_vendor, 4);
    jw_hex_known(json, "subsystem_device", codec->subsystem_device, 4);
    jw_end_object(json);
}

static void write_display(JsonWrite *json, const DisplayFacts *display)
{
    jw_begin_object(json, NULL);
    jw_string_known(json, "pci", display->pci);
    jw_string_known(json, "name", display->name);
    jw_strings_known(json, "connected", display->connected);
    jw_tri_known(json, "console", display->console);
    jw_tri_known(json, "session", display->session);
    jw_end_object(json);
}

static void write_firmware(JsonWrite *json, const FirmwareFacts *firmware)
{
    jw_begin_object(json, "firmware");
    jw_tri_known(json, "uefi", firmware->uefi);
    jw_tri_known(json, "secure_boot", firmware->secure_boot);
    jw_string_known(json, "vendor", firmware->vendor);
    jw_string_known(json, "version", firmware->version);
    jw_string_known(json, "date", firmware->date);
    jw_string_known(json, "board_vendor", firmware->board_vendor);
    jw_string_known(json, "board_name", firmware->board_name);
    jw_string_known(json, "system_vendor", firmware->system_vendor);
    jw_string_known(json, "system_name", firmware->system_name);
    jw_integer_known(json, "chassis", firmware->chassis);
    jw_string_known(json, "serial", firmware->serial);
    jw_string_known(json, "uuid", firmware->uuid);
    jw_end_object(json);
}

static void write_system(JsonWrite *json, const Facts *facts)
{
    jw_begin_object(json, "kernel");
    jw_string_known(json, "release", facts->kernel.release);
    jw_string_known(json, "command_line", facts->kernel.command_line);
    jw_tri_known(json, "vfio_pci", facts->kernel.vfio_pci);
    jw_tri_known(json, "vfio_built_in", facts->kernel.vfio_built_in);
    jw_string_known(json, "lockdown", facts->kernel.lockdown);
    jw_string_known(json, "host_name", facts->kernel.host_name);
    jw_end_object(json);

    jw_begin_object(json, "boot_loader");
    jw_string_known(json, "kind", facts->boot_loader.kind);
    jw_string_known(json, "evidence", facts->boot_loader.evidence);
    jw_strings_known(json, "others", facts->boot_loader.others);
    jw_end_object(json);

    jw_begin_object(json, "distribution");
    jw_string_known(json, "id", facts->distribution.id);
    jw_string_known(json, "version", facts->distribution.version);
    jw_string_known(json, "name", facts->distribution.name);
    jw_strings_known(json, "like", facts->distribution.like);
    jw_tri_known(json, "immutable", facts->distribution.immutable);
    jw_end_object(json);
}

static void write_image(JsonWrite *json, const FirmwareImage *image)
{
    jw_begin_object(json, NULL);
    jw_string_known(json, "descriptor", image->descriptor);
    jw_string_known(json, "description", image->description);
    jw_string_known(json, "code", image->code);
    jw_string_known(json, "code_format", image->code_format);
    jw_string_known(json, "vars", image->vars);
    jw_string_known(json, "vars_format", image->vars_format);
    jw_strings_known(json, "interfaces", image->interfaces);
    jw_strings_known(json, "machines", image->machines);
    jw_strings_known(json, "features", image->features);
    jw_integer_known(json, "code_size", image->code_size);
    jw_integer_known(json, "vars_size", image->vars_size);
    jw_end_object(json);
}

static void write_package(JsonWrite *json, const PackageFacts *package)
{
    jw_begin_object(json, NULL);
    jw_string(json, "name", package->name);
    jw_string_known(json, "version", package->version);
    jw_end_object(json);
}

static void write_software(JsonWrite *json, const SoftwareFacts *software)
{
    jw_begin_object(json, "software");
    jw_string_known(json, "qemu_path", software->qemu_path);
    jw_string_known(json, "qemu_version", software->qemu_version);
    jw_string_known(json, "qemu_img_path", software->qemu_img_path);
    jw_string_known(json, "libvirt_version", software->libvirt_version);
    jw_tri_known(json, "libvirt_daemon", software->libvirt_daemon);
    jw_string_known(json, "libvirt_socket", software->libvirt_socket);
    jw_string_known(json, "qemu_user", software->qemu_user);
    WRITE_LIST(json, "firmware", software->firmware, FirmwareImage, write_image);
    WRITE_LIST(json, "packages", software->packages, PackageFacts, write_package);
    jw_end_object(json);
}

void facts_write(const Facts *facts, JsonWrite *json, const char *key)
{
    jw_begin_object(json, key);
    jw_integer(json, "schema", SNAPSHOT_SCHEMA);
    write_cpu(json, &facts->cpu);
    write_kvm(json, &facts->kvm);
    write_memory(json, &facts->memory);
    WRITE_LIST(json, "pci", facts->pci, PciFunction, write_pci);
    write_complete(json, "pci_complete", facts->pci_complete, facts->pci != NULL);
    write_iommu(json, &facts->iommu);
    write_storage(json, &facts->storage);
    WRITE_LIST(json, "network", facts->network, NetInterface, write_interface);
    WRITE_LIST(json, "usb", facts->usb, UsbDevice, write_usb);
    WRITE_LIST(json, "codecs", facts->codecs, AudioCodec, write_codec);
    WRITE_LIST(json, "displays", facts->displays, DisplayFacts, write_display);
    write_firmware(json, &facts->firmware);
    write_system(json, facts);
    write_software(json, &facts->software);
    snapshot_write_setup(json, &facts->setup);
    jw_end_object(json);
}
