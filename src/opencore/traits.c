/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "opencore/traits.h"

#include "base/error.h"
#include "opencore/darwin.h"
#include "verdict/verdict.h"

#include <string.h>

struct Traits {
    const Machine *machine;
    GPtrArray *families; /* of const GraphicsFamily *: of the cards that are passed */
};

enum { VENDOR_AMD = 0x1002, VENDOR_NVIDIA = 0x10de, VENDOR_INTEL = 0x8086 };

Traits *traits_new(const Machine *machine, const Catalog *catalog)
{
    Traits *traits = g_new0(Traits, 1);
    traits->machine = machine;
    traits->families = g_ptr_array_new();
    for (guint i = 0; i < machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(machine->devices, i);
        const GraphicsFamily *family = NULL;
        if (device->role == ROLE_GPU)
            family = catalog_graphics(catalog, device->vendor, device->device);
        if (family != NULL)
            g_ptr_array_add(traits->families, (gpointer)family);
    }
    return traits;
}

void traits_free(Traits *traits)
{
    if (traits == NULL)
        return;
    g_ptr_array_unref(traits->families);
    g_free(traits);
}

static bool has_gpu(const Traits *traits, const char *vendor)
{
    static const struct {
        const char *name;
        int id;
    } VENDORS[] = {{"amd", VENDOR_AMD}, {"nvidia", VENDOR_NVIDIA}, {"intel", VENDOR_INTEL}};

    for (guint i = 0; i < traits->machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(traits->machine->devices, i);
        if (device->role != ROLE_GPU)
            continue;
        if (vendor == NULL)
            return true;
        for (guint j = 0; j < G_N_ELEMENTS(VENDORS); j++)
            if (strcmp(vendor, VENDORS[j].name) == 0 && device->vendor == VENDORS[j].id)
                return true;
    }
    return false;
}

static bool has_family(const Traits *traits, const char *pattern)
{
    for (guint i = 0; i < traits->families->len; i++) {
        const GraphicsFamily *family = g_ptr_array_index(traits->families, i);
        if (g_pattern_match_simple(pattern, family->id))
            return true;
    }
    return false;
}

static bool has_device(const Traits *traits, const char *id)
{
    for (guint i = 0; i < traits->machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(traits->machine->devices, i);
        g_autofree char *own =
            g_strdup_printf("%04x:%04x", (guint)device->vendor, (guint)device->device);
        if (strcmp(own, id) == 0)
            return true;
    }
    return false;
}

static bool has_role(const Traits *traits, const char *role)
{
    for (guint i = 0; i < traits->machine->devices->len; i++) {
        const MachineDevice *device = g_ptr_array_index(traits->machine->devices, i);
        if (strcmp(role_name(device->role), role) == 0)
            return true;
    }
    return false;
}

static bool has_option(const Traits *traits, const char *name)
{
    const MachineOpenCore *chosen = &traits->machine->opencore;

    if (strcmp(name, "log") == 0)
        return chosen->log != TRI_NO;
    if (strcmp(name, "verbose") == 0)
        return chosen->verbose == TRI_YES;
    if (strcmp(name, "graphical") == 0)
        return chosen->graphical == TRI_YES;
    if (strcmp(name, "memory-map") == 0)
        return chosen->memory_map == TRI_YES;
    if (strcmp(name, "unprotected") == 0)
        return chosen->protection == TRI_NO;
    return strcmp(name, "layout") == 0 && chosen->layout > 0;
}

static bool asks_for(const Traits *traits, const char *name)
{
    char *const *add = traits->machine->opencore.add;
    return add != NULL && g_strv_contains((const char *const *)add, name);
}

/* What follows PREFIX in WORD, or NULL. */
static const char *after(const char *word, const char *prefix)
{
    return g_str_has_prefix(word, prefix) ? word + strlen(prefix) : NULL;
}

static bool word_holds(const Traits *traits, const char *word)
{
    const char *rest;

    if (strcmp(word, "always") == 0)
        return true;
    if (strcmp(word, "gpu") == 0)
        return has_gpu(traits, NULL);
    if ((rest = after(word, "gpu:")) != NULL)
        return has_gpu(traits, rest);
    if ((rest = after(word, "family:")) != NULL)
        return has_family(traits, rest);
    if ((rest = after(word, "device:")) != NULL)
        return has_device(traits, rest);
    if ((rest = after(word, "role:")) != NULL)
        return has_role(traits, rest);
    if ((rest = after(word, "model:")) != NULL)
        return strcmp(rest, traits->machine->release->mac_model) == 0;
    if ((rest = after(word, "option:")) != NULL)
        return has_option(traits, rest);
    rest = after(word, "add:");
    return rest != NULL && asks_for(traits, rest);
}

static bool condition_holds(const Traits *traits, const char *condition)
{
    g_auto(GStrv) words = g_strsplit(condition, "+", -1);
    for (char **word = words; *word != NULL; word++) {
        bool turned = **word == '!';
        if (word_holds(traits, *word + turned) == turned)
            return false;
    }
    return true;
}

bool traits_hold(const Traits *traits, char *const *conditions)
{
    for (char *const *condition = conditions; *condition != NULL; condition++)
        if (condition_holds(traits, *condition))
            return true;
    return false;
}

bool traits_check(char *const *conditions, GError **error)
{
    static const char *const PREFIXES[] = {
        "gpu:", "family:", "device:", "role:", "model:", "option:", "add:"};

    for (char *const *condition = conditions; *condition != NULL; condition++) {
        g_auto(GStrv) words = g_strsplit(*condition, "+", -1);
        for (char **at = words; *at != NULL; at++) {
            const char *word = *at + (**at == '!');
            bool known = strcmp(word, "always") == 0 || strcmp(word, "gpu") == 0;
            for (guint i = 0; !known && i < G_N_ELEMENTS(PREFIXES); i++)
                known = g_str_has_prefix(word, PREFIXES[i]) && word[strlen(PREFIXES[i])] != '\0';
            if (!known)
                return fail(error, ERROR_INPUT, "'%s' is no condition.", word);
        }
    }
    return true;
}

bool kernel_range_has(const Release *release, const char *first, const char *last)
{
    int from = release->darwin * 10000, to = from + 9999;
    return (*first == '\0' || darwin_parse(first) <= to) &&
           (*last == '\0' || darwin_parse(last) >= from);
}
