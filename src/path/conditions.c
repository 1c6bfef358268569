/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/binding.h"
#include "path/lookup.h"
#include "path/values.h"

#include <string.h>

/* Whether the text that follows is for this host. What is unknown is shown. */

static Tri among(const char *found, const char *wanted)
{
    return found != NULL && *found != '\0' ? tri(strcmp(found, wanted) == 0) : TRI_UNKNOWN;
}

/* The families that the texts have commands for, by ID and ID_LIKE of os-release. */
static const struct {
    const char *family, *id;
} FAMILIES[] = {
    {"debian", "debian"}, {"debian", "ubuntu"}, {"fedora", "fedora"}, {"fedora", "rhel"},
    {"fedora", "centos"}, {"arch", "arch"},     {"suse", "suse"},     {"suse", "opensuse"},
};

static const char *family_of(const char *id)
{
    for (guint i = 0; i < G_N_ELEMENTS(FAMILIES); i++) {
        if (strcmp(FAMILIES[i].id, id) == 0)
            return FAMILIES[i].family;
    }
    return NULL;
}

static Tri is_distribution(const Path *path, const char *family)
{
    const DistributionFacts *distribution = &path->facts->distribution;
    const char *found = distribution->id != NULL ? family_of(distribution->id) : NULL;

    if (distribution->id == NULL)
        return TRI_UNKNOWN;
    for (char **like = distribution->like; found == NULL && like != NULL && *like != NULL; like++)
        found = family_of(*like);
    return tri(strcmp(found != NULL ? found : "other", family) == 0);
}

/* A system of images has its own way to the kernel's command line, whatever starts the kernel. */
static Tri is_boot(const Path *path, const char *kind)
{
    static const char *const KNOWN[] = {"grub",   "systemd-boot",         "refind",
                                        "limine", "unified kernel image", NULL};
    const char *found = path->facts->boot_loader.kind;
    Tri images = path->facts->distribution.immutable;

    if (strcmp(kind, "ostree") == 0)
        return images;
    if (images == TRI_YES)
        return TRI_NO;
    if (found != NULL && !g_strv_contains(KNOWN, found))
        found = "other";
    return among(found, kind);
}

/* A system of images may have a tool that it makes none with. */
static Tri is_initramfs(const Path *path, const char *tool)
{
    char *const *tools = path->facts->setup.modules.initramfs;
    if (path->facts->distribution.immutable == TRI_YES)
        return TRI_NO;
    return tools != NULL && tools[0] != NULL ? tri(lookup_has(tools, tool)) : TRI_UNKNOWN;
}

static Tri is_processor_of(const Path *path, const char *vendor)
{
    return among(path->facts->cpu.vendor, vendor);
}

static Tri is_hybrid(const Path *path, const char *argument)
{
    return path->verdict->processor.hybrid;
}

static Tri is_graphics(const Path *path, const char *mode)
{
    GraphicsMode found = path->target.graphics;
    if (found == GRAPHICS_UNKNOWN)
        return TRI_UNKNOWN;
    if (strcmp(mode, "any") == 0)
        return tri(found != GRAPHICS_NONE);
    return among(graphics_mode_name(found), mode);
}

static Tri is_bound_by(const Path *path, const char *form)
{
    static const char *const FORMS[] = {
        [BINDING_ID] = "id", [BINDING_ARGUMENT] = "argument", [BINDING_ADDRESS] = "address"};
    BindingForm found = binding_form(path, NULL);
    if (path->target.functions->len == 0 || found == BINDING_UNKNOWN)
        return TRI_UNKNOWN;
    return tri(strcmp(FORMS[found], form) == 0);
}

static Tri is_libvirt(const Path *path, const char *form)
{
    char *const *units = path->facts->setup.libvirt.units;
    if (units == NULL || units[0] == NULL)
        return TRI_UNKNOWN;
    return among(lookup_has_modular_libvirt(units) ? "modular" : "monolithic", form);
}

static Tri is_network_of(const Path *path, const char *manager)
{
    return among(path->facts->setup.network_manager, manager);
}

static Tri is_confined_by(const Path *path, const char *guard)
{
    const SetupFacts *setup = &path->facts->setup;
    return strcmp(guard, "apparmor") == 0 ? setup->apparmor : setup->selinux;
}

static const struct {
    const char *name;
    Tri (*holds)(const Path *path, const char *argument);
    const char *argument;
} CONDITIONS[] = {
    {"apparmor", is_confined_by, "apparmor"},
    {"binding.address", is_bound_by, "address"},
    {"binding.argument", is_bound_by, "argument"},
    {"binding.id", is_bound_by, "id"},
    {"boot.grub", is_boot, "grub"},
    {"boot.limine", is_boot, "limine"},
    {"boot.ostree", is_boot, "ostree"},
    {"boot.other", is_boot, "other"},
    {"boot.refind", is_boot, "refind"},
    {"boot.systemd-boot", is_boot, "systemd-boot"},
    {"boot.uki", is_boot, "unified kernel image"},
    {"cpu.amd", is_processor_of, "AuthenticAMD"},
    {"cpu.hybrid", is_hybrid, NULL},
    {"cpu.intel", is_processor_of, "GenuineIntel"},
    {"distribution.arch", is_distribution, "arch"},
    {"distribution.debian", is_distribution, "debian"},
    {"distribution.fedora", is_distribution, "fedora"},
    {"distribution.other", is_distribution, "other"},
    {"distribution.suse", is_distribution, "suse"},
    {"gpu", is_graphics, "any"},
    {"gpu.dual", is_graphics, "dual"},
    {"gpu.single", is_graphics, "single"},
    {"initramfs.booster", is_initramfs, "booster"},
    {"initramfs.dracut", is_initramfs, "dracut"},
    {"initramfs.initramfs-tools", is_initramfs, "initramfs-tools"},
    {"initramfs.mkinitcpio", is_initramfs, "mkinitcpio"},
    {"libvirt.modular", is_libvirt, "modular"},
    {"libvirt.monolithic", is_libvirt, "monolithic"},
    {"network.networkd", is_network_of, "systemd-networkd"},
    {"network.networkmanager", is_network_of, "NetworkManager"},
    {"selinux", is_confined_by, "selinux"},
};

bool path_condition(const Path *path, const char *name, Tri *ret_holds)
{
    for (guint i = 0; i < G_N_ELEMENTS(CONDITIONS); i++) {
        if (strcmp(CONDITIONS[i].name, name) == 0) {
            *ret_holds = CONDITIONS[i].holds(path, CONDITIONS[i].argument);
            return true;
        }
    }
    return false;
}
