/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/binding.h"
#include "path/lookup.h"

#include <stdio.h>
#include <string.h>

enum { CLASS_VGA = 0x0300, BRIDGES_MAX = 32 };

static const DeviceVerdict *device_at(const GPtrArray *functions, guint index)
{
    return g_ptr_array_index(functions, index);
}

static bool has_id_of(const PciFunction *a, const PciFunction *b)
{
    return a->vendor == b->vendor && a->device == b->device;
}

/* Whether the kernel tells the two apart by what their makers wrote into them. */
static bool has_other_subsystem(const PciFunction *a, const PciFunction *b)
{
    return a->subsystem_vendor != UNKNOWN && a->subsystem_device != UNKNOWN &&
           b->subsystem_vendor != UNKNOWN && b->subsystem_device != UNKNOWN &&
           (a->subsystem_vendor != b->subsystem_vendor ||
            a->subsystem_device != b->subsystem_device);
}

/* How the id of FUNCTION has to be written: 0 as it is, 1 with the subsystem's, 2 not at all. */
static int narrowness(const Path *path, const GPtrArray *functions, const PciFunction *function)
{
    const GPtrArray *devices = path->verdict->devices;
    int narrow = 0;

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const DeviceVerdict *other = device_at(devices, i);
        if (!has_id_of(other->function, function) ||
            g_ptr_array_find((GPtrArray *)functions, other, NULL))
            continue;
        narrow = MAX(narrow, has_other_subsystem(other->function, function) ? 1 : 2);
    }
    return narrow;
}

/* Linux drivers/vfio/pci/vfio_pci.c, parameter `ids`: vendor:device[:subvendor[:subdevice]]. */
static char *id_of(const PciFunction *function, bool narrow)
{
    g_autofree char *id =
        g_strdup_printf("%04x:%04x", (guint)function->vendor, (guint)function->device);
    return narrow ? g_strdup_printf("%s:%04x:%04x", id, (guint)function->subsystem_vendor,
                                    (guint)function->subsystem_device)
                  : g_steal_pointer(&id);
}

static bool is_known(const PciFunction *function)
{
    return function->vendor != UNKNOWN && function->device != UNKNOWN;
}

char *binding_ids(const Path *path, const GPtrArray *functions)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < functions->len; i++) {
        const PciFunction *function = device_at(functions, i)->function;
        int narrow = is_known(function) ? narrowness(path, functions, function) : 2;
        if (narrow > 1)
            return NULL;
        g_autofree char *id = id_of(function, narrow == 1);
        if (!g_ptr_array_find_with_equal_func(ids, id, g_str_equal, NULL))
            g_ptr_array_add(ids, g_steal_pointer(&id));
    }
    g_ptr_array_add(ids, NULL);
    return g_strjoinv(",", (char **)ids->pdata);
}

/* Rules that are there already are gone on with: one that is left behind would go on taking what it
 * names. */
BindingForm binding_form(const Path *path, const DeviceVerdict **ret_twin)
{
    const GPtrArray *functions = path->target.functions;
    char *const *overrides = path->facts->setup.modules.overrides;
    g_autofree char *ids = binding_ids(path, functions);

    if (ret_twin != NULL)
        *ret_twin = ids == NULL ? lookup_twin(path, functions) : NULL;
    for (guint i = 0; i < functions->len; i++)
        if (!is_known(device_at(functions, i)->function))
            return BINDING_UNKNOWN;
    if (ids == NULL || (overrides != NULL && overrides[0] != NULL) ||
        path->facts->distribution.immutable == TRI_YES)
        return BINDING_ADDRESS;
    return path->facts->kernel.vfio_built_in == TRI_YES ? BINDING_ARGUMENT : BINDING_ID;
}

/* Drivers that would take a function when the host starts must wait for vfio-pci. */
static void append_softdeps(const Path *path, GString *content)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const GPtrArray *functions = path->target.functions;

    for (guint i = 0; i < functions->len; i++) {
        const DeviceVerdict *device = device_at(functions, i);
        for (guint j = 0; device->claims != NULL && j < device->claims->len; j++) {
            char *claim = g_ptr_array_index(device->claims, j);
            if (strcmp(claim, "vfio-pci") != 0 && g_hash_table_add(seen, claim))
                g_string_append_printf(content, "softdep %s pre: vfio-pci\n", claim);
        }
    }
}

char *binding_options(const Path *path, const char *ids)
{
    g_autoptr(GString) content = g_string_new(NULL);

    g_string_append_printf(content, "options vfio-pci ids=%s\n", ids);
    append_softdeps(path, content);
    return g_strdup(content->str);
}

/* "/sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0", as the bridges in front of it say; NULL
 * where one is unknown, or the root bus is none of the firmware's (behind Intel's VMD). */
static char *place_of(const PciFunction *function, const Facts *facts)
{
    g_autofree char *below = g_strdup("");
    guint domain, bus, bridges = 0;

    for (const PciFunction *at = function; at->parent != NULL; bridges++) {
        g_autofree char *longer = g_strdup_printf("/%s%s", at->address, below);
        g_free(below);
        below = g_steal_pointer(&longer);
        if (*at->parent == '\0' && sscanf(at->address, "%4x:%2x:", &domain, &bus) == 2)
            return g_strdup_printf("/sys/devices/pci%04x:%02x%s", domain, bus, below);
        at = facts_pci_function(facts, at->parent);
        if (at == NULL || bridges == BRIDGES_MAX)
            break;
    }
    return NULL;
}

static void append_function(const PciFunction *function, const Facts *facts, GString *content)
{
    const char *address = function->address;
    g_autofree char *place = place_of(function, facts);
    bool vga = function->class_code != UNKNOWN && function->class_code >> 8 == CLASS_VGA;

    if (place != NULL)
        g_string_append_printf(content, "TEST==\"%s\", \\\n  ", place);
    g_string_append_printf(content,
                           "ATTR{[pci/%s]vendor}==\"0x%04x\", ATTR{[pci/%s]device}==\"0x%04x\", "
                           "\\\n  ",
                           address, (guint)function->vendor, address, (guint)function->device);
    if (vga && function->boot_vga == TRI_NO)
        g_string_append_printf(content, "ATTR{[pci/%s]boot_vga}==\"0\", ", address);
    g_string_append_printf(content, "ATTR{[pci/%s]driver_override}=\"vfio-pci\"\n", address);
}

static const char HEAD[] =
    "# Made by rootstock: functions that vfio-pci takes when the host starts. Where one has "
    "moved,\n"
    "# nothing is taken. The kernel argument rootstock.vfio=0 has nothing taken for one start.\n"
    "ACTION!=\"add\", GOTO=\"rootstock_vfio_end\"\n"
    "IMPORT{cmdline}=\"rootstock.vfio\"\n"
    "ENV{rootstock.vfio}==\"0\", GOTO=\"rootstock_vfio_end\"\n"
    "\n"
    "# Whichever device this is, its driver may be that of these too: it is loaded after this.\n"
    "ENV{MODALIAS}!=\"?*\", GOTO=\"rootstock_vfio_end\"\n";

/* Where vfio-pci is loaded already, setting a function aside does not have the kernel offer it. */
static const char TAIL[] = "ATTR{driver_override}==\"vfio-pci\", \\\n"
                           "  ATTR{[subsystem/pci]drivers_probe}=\"$kernel\", "
                           "RUN{builtin}+=\"kmod load vfio-pci\"\n"
                           "\n"
                           "LABEL=\"rootstock_vfio_end\"\n";

char *binding_rules(const GPtrArray *functions, const Facts *facts)
{
    g_autoptr(GString) content = g_string_new(HEAD);

    for (guint i = 0; i < functions->len; i++)
        append_function(device_at(functions, i)->function, facts, content);
    g_string_append(content, "\n# It is one of them: vfio-pci is loaded, or asked.\n"
                             "SUBSYSTEM==\"pci\", KERNEL==\"");
    for (guint i = 0; i < functions->len; i++)
        g_string_append_printf(content, "%s%s", i > 0 ? "|" : "",
                               device_at(functions, i)->function->address);
    g_string_append_printf(content, "\", %s", TAIL);
    return g_strdup(content->str);
}
