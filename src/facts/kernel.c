/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/collectors.h"

#include <string.h>

/* Whether the list of modules FILE of kernel RELEASE has vfio-pci; unknown when there is no list.
 */
static Tri listed(const OsRoot *root, const char *release, const char *file)
{
    static const char *const FOLDERS[] = {"lib/modules", "usr/lib/modules",
                                          "run/booted-system/kernel-modules/lib/modules"};

    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_autofree char *path = g_build_filename(FOLDERS[i], release, file, NULL);
        g_autofree char *text = os_read_text(root, path, NULL);
        if (text != NULL)
            return tri(strstr(text, "/vfio-pci.ko") != NULL);
    }
    return TRI_UNKNOWN;
}

static Tri find_built_in(const OsRoot *root, const char *release)
{
    return release == NULL || strchr(release, '/') != NULL
               ? TRI_UNKNOWN
               : listed(root, release, "modules.builtin");
}

/* Loaded, built in or installed (kernel Documentation/kbuild/kbuild.rst: modules.builtin;
 * depmod(8): modules.dep). No only when both lists were read. */
static Tri find_vfio(const OsRoot *root, const char *release, Tri built_in)
{
    if (os_exists(root, "sys/bus/pci/drivers/vfio-pci") || os_exists(root, "sys/module/vfio_pci"))
        return TRI_YES;
    if (release == NULL || strchr(release, '/') != NULL)
        return TRI_UNKNOWN;
    Tri module = listed(root, release, "modules.dep");
    if (module == TRI_YES)
        return TRI_YES;
    if (built_in == TRI_YES)
        return TRI_YES;
    return module == TRI_NO && built_in == TRI_NO ? TRI_NO : TRI_UNKNOWN;
}

/* "none [integrity] confidentiality": the one in brackets is in force. */
static char *read_lockdown(const OsRoot *root)
{
    g_autofree char *line = os_read_line(root, "sys/kernel/security/lockdown");
    const char *begin = line != NULL ? strchr(line, '[') : NULL;
    const char *end = begin != NULL ? strchr(begin, ']') : NULL;
    return end != NULL ? g_strndup(begin + 1, (gsize)(end - begin - 1)) : NULL;
}

void facts_collect_kernel(const OsRoot *root, const FactsOptions *options, Facts *facts)
{
    KernelFacts *kernel = &facts->kernel;

    kernel->release = os_read_line(root, "proc/sys/kernel/osrelease");
    kernel->command_line = os_read_line(root, "proc/cmdline");
    kernel->vfio_built_in = find_built_in(root, kernel->release);
    kernel->vfio_pci = find_vfio(root, kernel->release, kernel->vfio_built_in);
    kernel->lockdown = read_lockdown(root);
    if (options->private_too) {
        kernel->host_name = os_read_line(root, "proc/sys/kernel/hostname");
        if (kernel->host_name == NULL)
            kernel->host_name = os_read_line(root, "etc/hostname");
    }
}
