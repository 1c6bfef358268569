/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/rules.h"

#include <string.h>

/*
 * Which driver has a function now, and which would have it when the host starts again: a card that
 * was freed by hand is the host's once more after a restart, unless vfio-pci comes first.
 */

bool is_for_guests(const char *driver)
{
    return g_strcmp0(driver, "vfio-pci") == 0 || g_strcmp0(driver, "pci-stub") == 0;
}

/* Whether the command line keeps MODULE from being loaded by itself (kernel-parameters.rst:
 * module_blacklist; modprobe(8): modprobe.blacklist; dracut.cmdline(7): rd.driver.blacklist). */
static bool is_blacklisted(const KernelFacts *kernel, const char *module)
{
    static const char *const LISTS[] = {"modprobe.blacklist", "module_blacklist",
                                        "rd.driver.blacklist"};

    for (guint i = 0; i < G_N_ELEMENTS(LISTS); i++) {
        g_autofree char *value = kernel_argument(kernel, LISTS[i]);
        if (list_has(value, module))
            return true;
    }
    return false;
}

/* Whether vfio-pci is told to take the function ("vfio-pci.ids=1002:73ff,..."), by the ids of its
 * subsystem too ("1002:73ff:1da2:e448"). */
static bool is_for_vfio(const Facts *facts, const PciFunction *function)
{
    g_autofree char *ids = kernel_argument(&facts->kernel, "vfio-pci.ids");

    if (ids == NULL || function->vendor == UNKNOWN || function->device == UNKNOWN)
        return false;
    g_autofree char *id =
        g_strdup_printf("%04x:%04x", (guint)function->vendor, (guint)function->device);
    g_autofree char *narrow = g_strdup_printf("%s:%04x:%04x", id, (guint)function->subsystem_vendor,
                                              (guint)function->subsystem_device);
    g_autofree char *lower = g_ascii_strdown(ids, -1);
    return list_has(lower, id) || list_has(lower, narrow);
}

/* The modules that the kernel would load for the function, and a driver of the host that is built
 * in. NULL: unknown. */
static GPtrArray *find_claims(Verdict *verdict, const Facts *facts, const PciFunction *function)
{
    const char *driver = function->driver;
    bool built_in = driver != NULL && driver[0] != '\0' && !is_for_guests(driver);
    GPtrArray *claims;

    if (is_for_vfio(facts, function)) {
        claims = g_ptr_array_new();
        g_ptr_array_add(claims, (gpointer) "vfio-pci");
        return claims;
    }
    if (function->modules == NULL && !built_in)
        return NULL;
    claims = g_ptr_array_new();
    for (char **module = function->modules; module != NULL && *module != NULL; module++) {
        if (!is_for_guests(*module) && !is_blacklisted(&facts->kernel, *module))
            g_ptr_array_add(claims, (gpointer)say(verdict, "%s", *module));
    }
    /* a driver is not always called as its module is: xhci_hcd is of xhci_pci */
    if (claims->len == 0 && built_in && !is_blacklisted(&facts->kernel, driver))
        g_ptr_array_add(claims, (gpointer)say(verdict, "%s", driver));
    return claims;
}

void drivers_find(Verdict *verdict, const Facts *facts)
{
    for (guint i = 0; i < verdict->devices->len; i++) {
        DeviceVerdict *device = g_ptr_array_index(verdict->devices, i);
        const char *driver = device->function->driver;

        if (driver != NULL)
            device->held = tri(driver[0] != '\0' && !is_for_guests(driver));
        device->claims = find_claims(verdict, facts, device->function);
    }
}
