/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/packages.h"

#include <stdbool.h>
#include <string.h>

/* Without epoch ("1:"), the packager's suffix ("+dfsg", "~rc1") and revision ("-7"). */
static char *upstream_version(const char *version)
{
    const char *colon = strchr(version, ':');
    version = colon != NULL ? colon + 1 : version;
    gsize length = strspn(version, "0123456789.");
    return length > 0 ? g_strndup(version, length) : NULL;
}

/* The value of FIELD in the paragraph that ends at END. */
static char *paragraph_field(const char *paragraph, const char *end, const char *field)
{
    gsize length = (gsize)(end - paragraph);
    const char *found = memmem(paragraph, length, field, strlen(field));
    if (found == NULL)
        return NULL;
    found += strlen(field);
    const char *stop = memchr(found, '\n', (gsize)(end - found));
    return g_strndup(found, (gsize)((stop != NULL ? stop : end) - found));
}

/* deb-control(5) paragraphs in var/lib/dpkg/status, separated by empty lines. */
static char *dpkg_version(const OsRoot *root, const char *name)
{
    g_autofree char *text = os_read_text(root, "var/lib/dpkg/status", NULL);
    g_autofree char *first = g_strdup_printf("\nPackage: %s\n", name);
    if (text == NULL)
        return NULL;
    const char *paragraph = strstr(text, first);
    if (paragraph == NULL)
        paragraph = g_str_has_prefix(text, first + 1) ? text : NULL;
    if (paragraph == NULL)
        return NULL;
    const char *end = strstr(paragraph, "\n\n");
    end = end != NULL ? end : paragraph + strlen(paragraph);
    g_autofree char *status = paragraph_field(paragraph, end, "\nStatus: ");
    g_autofree char *version = paragraph_field(paragraph, end, "\nVersion: ");
    if (status == NULL || version == NULL || !g_str_has_suffix(status, " installed"))
        return NULL;
    return upstream_version(version);
}

/* pacman keeps a folder NAME-VERSION-RELEASE for each package. */
static char *pacman_version(const OsRoot *root, const char *name)
{
    g_auto(GStrv) folders = os_list(root, "var/lib/pacman/local");
    gsize length = strlen(name);

    for (guint i = 0; folders != NULL && folders[i] != NULL; i++) {
        const char *folder = folders[i];
        if (strncmp(folder, name, length) == 0 && folder[length] == '-' &&
            g_ascii_isdigit(folder[length + 1]))
            return upstream_version(folder + length + 1);
    }
    return NULL;
}

char *package_version(const OsRoot *root, const char *name)
{
    char *version = dpkg_version(root, name);
    return version != NULL ? version : pacman_version(root, name);
}

/* What a hypervisor is built of, under the names of Debian's family, Arch and Proxmox VE; sorted.
 */
static const char *const WANTED[] = {
    "acpica-tools",
    "dkms",
    "dnsmasq",
    "dnsmasq-base",
    "edk2-ovmf",
    "iasl",
    "libvirt",
    "libvirt-clients",
    "libvirt-daemon",
    "libvirt-daemon-system",
    "mtools",
    "ovmf",
    "pve-edk2-firmware",
    "pve-manager",
    "pve-qemu-kvm",
    "qemu-base",
    "qemu-desktop",
    "qemu-full",
    "qemu-img",
    "qemu-system-x86",
    "qemu-utils",
    "swtpm",
    "vendor-reset-dkms",
    "vendor-reset-dkms-git",
    "virt-install",
    "virt-manager",
    "virtinst",
};

static bool is_wanted(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(WANTED); i++) {
        if (strcmp(WANTED[i], name) == 0)
            return true;
    }
    return false;
}

/* Takes over VERSION. */
static void add_package(GPtrArray *packages, const char *name, char *version)
{
    PackageFacts *package = package_facts_new(name);
    package->version = version;
    g_ptr_array_add(packages, package);
}

/* The paragraph from START to END, which begins with the field Package. */
static void take_paragraph(GPtrArray *packages, const char *start, const char *end)
{
    g_autofree char *name = g_strndup(start, strcspn(start, "\n"));

    if (!is_wanted(name))
        return;
    g_autofree char *status = paragraph_field(start, end, "\nStatus: ");
    g_autofree char *version = paragraph_field(start, end, "\nVersion: ");
    if (status != NULL && version != NULL && g_str_has_suffix(status, " installed"))
        add_package(packages, name, g_steal_pointer(&version));
}

static void take_dpkg(const char *text, GPtrArray *packages)
{
    static const char FIELD[] = "Package: ";
    const char *end;

    for (const char *start = text; *start != '\0'; start = *end == '\0' ? end : end + 2) {
        end = strstr(start, "\n\n");
        end = end != NULL ? end : start + strlen(start);
        if (g_str_has_prefix(start, FIELD))
            take_paragraph(packages, start + strlen(FIELD), end);
    }
}

/* NAME-VERSION-RELEASE; a name may have dashes. */
static void take_pacman(char *const *folders, GPtrArray *packages)
{
    for (; *folders != NULL; folders++) {
        char *release = strrchr(*folders, '-');
        char *version = release != NULL ? g_strrstr_len(*folders, release - *folders, "-") : NULL;
        if (version == NULL)
            continue;
        g_autofree char *name = g_strndup(*folders, (gsize)(version - *folders));
        if (is_wanted(name))
            add_package(packages, name, g_strdup(version + 1));
    }
}

static int compare_packages(gconstpointer left, gconstpointer right)
{
    const PackageFacts *a = *(PackageFacts *const *)left, *b = *(PackageFacts *const *)right;
    return strcmp(a->name, b->name);
}

GPtrArray *packages_installed(const OsRoot *root)
{
    g_autofree char *dpkg = os_read_text(root, "var/lib/dpkg/status", NULL);
    g_auto(GStrv) pacman = os_list(root, "var/lib/pacman/local");

    if (dpkg == NULL && pacman == NULL)
        return NULL;
    GPtrArray *packages = g_ptr_array_new_with_free_func((GDestroyNotify)package_facts_free);
    if (dpkg != NULL)
        take_dpkg(dpkg, packages);
    if (pacman != NULL)
        take_pacman(pacman, packages);
    g_ptr_array_sort(packages, compare_packages);
    return packages;
}
