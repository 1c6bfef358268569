/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/pci-modules.h"

#include <libkmod.h>
#include <stddef.h>
#include <string.h>

struct PciModules {
    struct kmod_ctx *context;
    GHashTable *known; /* modalias to GStrv: many functions are of the same kind */
};

/* libkmod follows links by itself, so it gets a path that has none, inside the root. */
static char *module_folder(const OsRoot *root)
{
    g_autofree char *release = os_read_line(root, "proc/sys/kernel/osrelease");
    if (release == NULL || strchr(release, '/') != NULL)
        return NULL;
    g_autofree char *path = g_strdup_printf("lib/modules/%s", release);
    g_autofree char *aliases = g_strdup_printf("%s/modules.alias.bin", path);
    g_autofree char *place = os_resolve(root, path);
    if (place == NULL || !os_exists(root, aliases))
        return NULL;
    return g_build_filename(os_root_path(root), place, NULL);
}

PciModules *pci_modules_open(const OsRoot *root)
{
    static const char *const NO_CONFIGURATION[] = {NULL};
    g_autofree char *folder = module_folder(root);
    if (folder == NULL)
        return NULL;
    /* another root's modules are not to be looked up by this host's modprobe.d */
    struct kmod_ctx *context = kmod_new(folder, os_root_is_live(root) ? NULL : NO_CONFIGURATION);
    if (context == NULL)
        return NULL;
    kmod_set_log_fn(context, NULL, NULL);
    if (kmod_load_resources(context) < 0) {
        kmod_unref(context);
        return NULL;
    }
    PciModules *modules = g_new0(PciModules, 1);
    modules->context = context;
    modules->known =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_strfreev);
    return modules;
}

static GStrv look_up(PciModules *modules, const char *modalias)
{
    struct kmod_list *list = NULL, *item;
    if (kmod_module_new_from_lookup(modules->context, modalias, &list) < 0)
        return NULL;

    g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated(4, g_free, TRUE);
    kmod_list_foreach(item, list)
    {
        struct kmod_module *module = kmod_module_get_module(item);
        const char *name = kmod_module_get_name(module);
        if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
            g_ptr_array_add(names, g_strdup(name));
        kmod_module_unref(module);
    }
    kmod_module_unref_list(list);
    return (GStrv)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

GStrv pci_modules_for(PciModules *modules, const char *modalias)
{
    gpointer found;

    if (modules == NULL || modalias == NULL)
        return NULL;
    if (!g_hash_table_lookup_extended(modules->known, modalias, NULL, &found)) {
        found = look_up(modules, modalias);
        g_hash_table_insert(modules->known, g_strdup(modalias), found);
    }
    return g_strdupv(found);
}

void pci_modules_free(PciModules *modules)
{
    if (modules == NULL)
        return;
    kmod_unref(modules->context);
    g_hash_table_unref(modules->known);
    g_free(modules);
}
