/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/values-card.h"

#include "path/binding.h"
#include "path/lookup.h"

#include <stdio.h>
#include <string.h>

char *value_gpu(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    return gpu != NULL ? g_strdup(gpu->function->address) : NULL;
}

/* "0b:00.0", as lspci writes it. */
char *value_gpu_short(const Path *path, const PathStep *step)
{
    char *address = value_gpu(path, step);
    if (address != NULL && g_str_has_prefix(address, "0000:"))
        memmove(address, address + 5, strlen(address + 5) + 1);
    return address;
}

/* What `rootstock new` is told of it; nothing where no card is passed. */
char *value_gpu_option(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    return gpu != NULL ? g_strdup_printf(" --gpu %s", gpu->function->address) : NULL;
}

/* libvirt's elements for the card's functions, as its domain has them. */
char *value_gpu_hostdevs(const Path *path, const PathStep *step)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < path->target.card->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(path->target.card, i);
        guint domain, bus, slot, function;
        if (sscanf(device->function->address, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
            continue;
        g_string_append_printf(text,
                               "%s<hostdev mode='subsystem' type='pci' managed='yes'>\n"
                               "  <source>\n"
                               "    <address domain='0x%04x' bus='0x%02x' slot='0x%02x' "
                               "function='0x%x'/>\n"
                               "  </source>\n"
                               "</hostdev>",
                               i > 0 ? "\n" : "", domain, bus, slot, function);
    }
    if (text->len > 0)
        return g_string_free(text, FALSE);
    g_string_free(text, TRUE);
    return NULL;
}

char *value_gpu_name(const Path *path, const PathStep *step)
{
    return path->target.gpu != NULL ? lookup_card_name(path->target.gpu) : NULL;
}

char *value_gpu_functions(const Path *path, const PathStep *step)
{
    return path->target.card->len > 0 ? lookup_addresses(path->target.card) : NULL;
}

char *value_gpu_ids(const Path *path, const PathStep *step)
{
    return path->target.card->len > 0 ? binding_ids(path, path->target.card) : NULL;
}

/* The rules of udev that set aside what a guest gets. */
char *value_binding_rules(const Path *path, const PathStep *step)
{
    const GPtrArray *functions = path->target.functions;
    return functions->len > 0 && binding_form(path, NULL) != BINDING_UNKNOWN
               ? g_strchomp(binding_rules(functions, path->facts))
               : NULL;
}

/* The driver that the host has for the card beside vfio-pci. */
char *value_gpu_driver(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    char *const *modules = gpu != NULL ? gpu->function->modules : NULL;

    for (; modules != NULL && *modules != NULL; modules++) {
        if (strcmp(*modules, "vfio_pci") != 0 && strcmp(*modules, "vfio-pci") != 0)
            return g_strdup(*modules);
    }
    return NULL;
}

char *value_gpu_group(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    return gpu != NULL && gpu->function->iommu_group != UNKNOWN
               ? g_strdup_printf("%d", gpu->function->iommu_group)
               : NULL;
}

char *value_gpu_needs(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    if (gpu == NULL || gpu->family == NULL)
        return NULL;
    char *needs = catalog_graphics_needs(gpu->family, path->target.release);
    if (*needs != '\0')
        return needs;
    g_free(needs);
    return g_strdup("nothing beyond what every guest has");
}

char *value_gpu_releases(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    const GraphicsFamily *family = gpu != NULL ? gpu->family : NULL;
    return family != NULL && family->first != NULL
               ? g_strdup_printf("%s to %s", family->first->version, family->last->version)
               : NULL;
}

char *value_gpu_last(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.gpu;
    const GraphicsFamily *family = gpu != NULL ? gpu->family : NULL;
    return family != NULL && family->last != NULL ? g_strdup(family->last->name) : NULL;
}

char *value_host_gpu(const Path *path, const PathStep *step)
{
    const DeviceVerdict *gpu = path->target.host_gpu;
    return gpu != NULL ? lookup_card(gpu) : NULL;
}
