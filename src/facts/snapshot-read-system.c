/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/snapshot-parts.h"

#include "facts/snapshot-fields.h"

static void read_firmware(JsonDocument *document, const JsonValue *object, FirmwareFacts *firmware)
{
    firmware->uefi = jr_tri(document, object, "uefi");
    firmware->secure_boot = jr_tri(document, object, "secure_boot");
    firmware->vendor = jr_string(document, object, "vendor");
    firmware->version = jr_string(document, object, "version");
    firmware->date = jr_string(document, object, "date");
    firmware->board_vendor = jr_string(document, object, "board_vendor");
    firmware->board_name = jr_string(document, object, "board_name");
    firmware->system_vendor = jr_string(document, object, "system_vendor");
    firmware->system_name = jr_string(document, object, "system_name");
    firmware->chassis = snapshot_int(document, object, "chassis", G_MAXINT);
    firmware->serial = jr_string(document, object, "serial");
    firmware->uuid = jr_string(document, object, "uuid");
}

static void read_kernel(JsonDocument *document, const JsonValue *object, KernelFacts *kernel)
{
    kernel->release = jr_string(document, object, "release");
    kernel->command_line = jr_string(document, object, "command_line");
    kernel->vfio_pci = jr_tri(document, object, "vfio_pci");
    kernel->vfio_built_in = jr_tri(document, object, "vfio_built_in");
    kernel->lockdown = jr_string(document, object, "lockdown");
    kernel->host_name = jr_string(document, object, "host_name");
}

static void read_distribution(JsonDocument *document, const JsonValue *object,
                              DistributionFacts *distribution)
{
    distribution->id = jr_string(document, object, "id");
    distribution->version = jr_string(document, object, "version");
    distribution->name = jr_string(document, object, "name");
    distribution->like = jr_strings(document, object, "like");
    distribution->immutable = jr_tri(document, object, "immutable");
}

static gpointer read_image(JsonDocument *document, const JsonValue *object)
{
    FirmwareImage *image = firmware_image_new();
    image->descriptor = jr_string(document, object, "descriptor");
    image->description = jr_string(document, object, "description");
    image->code = jr_string(document, object, "code");
    image->code_format = jr_string(document, object, "code_format");
    image->vars = jr_string(document, object, "vars");
    image->vars_format = jr_string(document, object, "vars_format");
    image->interfaces = jr_strings(document, object, "interfaces");
    image->machines = jr_strings(document, object, "machines");
    image->features = jr_strings(document, object, "features");
    image->code_size = snapshot_size(document, object, "code_size");
    image->vars_size = snapshot_size(document, object, "vars_size");
    return image;
}

static gpointer read_package(JsonDocument *document, const JsonValue *object)
{
    g_autofree char *name = jr_string(document, object, "name");
    if (name == NULL)
        jr_fail(document, "there is a package without a name.");
    PackageFacts *package = package_facts_new(name);
    package->version = jr_string(document, object, "version");
    return package;
}

static void read_software(JsonDocument *document, const JsonValue *object, SoftwareFacts *software)
{
    const JsonValue *list = jr_array(document, object, "firmware");
    const JsonValue *packages = jr_array(document, object, "packages");

    software->qemu_path = jr_string(document, object, "qemu_path");
    software->qemu_version = jr_string(document, object, "qemu_version");
    software->qemu_img_path = jr_string(document, object, "qemu_img_path");
    software->libvirt_version = jr_string(document, object, "libvirt_version");
    software->libvirt_daemon = jr_tri(document, object, "libvirt_daemon");
    software->libvirt_socket = jr_string(document, object, "libvirt_socket");
    software->qemu_user = jr_string(document, object, "qemu_user");
    software->firmware =
        snapshot_list(document, list, "firmware", read_image, (GDestroyNotify)firmware_image_free);
    software->packages = snapshot_list(document, packages, "packages", read_package,
                                       (GDestroyNotify)package_facts_free);
}

void snapshot_read_system(JsonDocument *document, const JsonValue *top, Facts *facts)
{
    const JsonValue *boot_loader = jr_object(document, top, "boot_loader");

    read_firmware(document, jr_object(document, top, "firmware"), &facts->firmware);
    read_kernel(document, jr_object(document, top, "kernel"), &facts->kernel);
    facts->boot_loader.kind = jr_string(document, boot_loader, "kind");
    facts->boot_loader.evidence = jr_string(document, boot_loader, "evidence");
    facts->boot_loader.others = jr_strings(document, boot_loader, "others");
    read_distribution(document, jr_object(document, top, "distribution"), &facts->distribution);
    read_software(document, jr_object(document, top, "software"), &facts->software);
}
