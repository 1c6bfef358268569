/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/initramfs.h"

#include "apply/host.h"
#include "base/error.h"
#include "plan/setting.h"

#include <string.h>

/* Where images are, beside /boot: on the ESP, alone or as part of a unified kernel image. */
#define ON_ESP " " UNIFIED_IMAGES " /boot/*/*/initrd* /efi/*/*/initrd* /boot/efi/*/*/initrd*"

static char *joined(char *const *modules, const char *sign)
{
    return g_strjoinv(sign, (char **)modules);
}

/* dracut.conf(5): files that do not end in .conf are not read. force_drivers are loaded before
 * udev starts, and so before any display driver; the spaces at the ends keep names apart. Where
 * sdbootutil or rpm-ostree makes the images, they are not where dracut would put them. */
static bool dracut_makes(const Resolver *resolver)
{
    return host_has_program(resolver->host, "dracut") &&
           !host_has_program(resolver->host, "sdbootutil") &&
           !os_exists(resolver->host->root, "run/ostree-booted");
}

static char *dracut_file(const Resolver *resolver)
{
    return g_strdup("/etc/dracut.conf.d/rootstock-modules.conf");
}

static char *dracut_edit(const char *before, char *const *modules, GError **error)
{
    g_autofree char *names = joined(modules, " ");
    return g_strdup_printf("# Made by rootstock: modules that are loaded before all others.\n"
                           "force_drivers+=\" %s \"\n",
                           names);
}

/* Fedora and openSUSE name images differently. */
static char *dracut_image(const Resolver *resolver, const char *version)
{
    char *image = initramfs_image_named(resolver, "/boot/initramfs-", version, ".img");
    return image != NULL ? image : initramfs_image_named(resolver, "/boot/initrd-", version, "");
}

static const char *const DRACUT[] = {"dracut", "--force", "--regenerate-all", NULL};

const InitramfsTool INITRAMFS_DRACUT = {
    .name = "dracut",
    .makes = dracut_makes,
    .file = dracut_file,
    .own_file = true,
    .edit = dracut_edit,
    .rebuild = DRACUT,
    .outputs = "/boot/initramfs-*.img /boot/initrd-*" ON_ESP,
    .list = "lsinitrd",
    .shows_files = true,
    .image = dracut_image,
};

/* mkinitcpio.conf(5): a drop-in is read after the main file; MODULES are loaded in their order, so
 * ours go in front. */
static bool mkinitcpio_makes(const Resolver *resolver)
{
    return os_exists(resolver->host->root, "etc/mkinitcpio.conf") &&
           host_has_program(resolver->host, "mkinitcpio");
}

static char *mkinitcpio_file(const Resolver *resolver)
{
    return g_strdup("/etc/mkinitcpio.conf.d/zz-rootstock.conf");
}

static char *mkinitcpio_edit(const char *before, char *const *modules, GError **error)
{
    g_autofree char *names = joined(modules, " ");
    return g_strdup_printf("# Made by rootstock: modules that are loaded before all others.\n"
                           "MODULES=(%s \"${MODULES[@]}\")\n",
                           names);
}

/* The package of a kernel, after which Arch names its image. */
static char *package_of(const Resolver *resolver, const char *version)
{
    g_autofree char *path = g_build_filename("/usr/lib/modules", version, "pkgbase", NULL);
    return os_read_line(resolver->host->root, path);
}

static char *arch_image(const Resolver *resolver, const char *version, const char *prefix)
{
    g_autofree char *package = package_of(resolver, version);
    return package != NULL ? initramfs_image_named(resolver, prefix, package, ".img") : NULL;
}

/* The unified kernel image of the package's preset, into which lsinitcpio looks with objcopy. */
static char *preset_image(const Resolver *resolver, const char *version)
{
    g_autofree char *package = package_of(resolver, version);
    g_autofree char *path = g_strdup_printf("/etc/mkinitcpio.d/%s.preset", package);
    g_autofree char *text = NULL;
    if (package == NULL || !host_has_program(resolver->host, "objcopy") ||
        !resolver_read(resolver, path, &text, NULL) || text == NULL)
        return NULL;
    g_autofree char *image = setting_get(text, SETTING_SHELL, "default_uki", NULL);
    return image != NULL && os_exists(resolver->host->root, image) ? g_steal_pointer(&image) : NULL;
}

static char *mkinitcpio_image(const Resolver *resolver, const char *version)
{
    char *image = arch_image(resolver, version, "/boot/initramfs-");
    return image != NULL ? image : preset_image(resolver, version);
}

static const char *const MKINITCPIO[] = {"mkinitcpio", "-P", NULL};

const InitramfsTool INITRAMFS_MKINITCPIO = {
    .name = "mkinitcpio",
    .makes = mkinitcpio_makes,
    .file = mkinitcpio_file,
    .own_file = true,
    .edit = mkinitcpio_edit,
    .rebuild = MKINITCPIO,
    .outputs = "/boot/initramfs-*.img" ON_ESP,
    .list = "lsinitcpio",
    .shows_files = true,
    .image = mkinitcpio_image,
};

/* booster.yaml: modules_force_load is a list with commas
 * (https://github.com/anatol/booster, docs/manpage.md). */
static bool booster_makes(const Resolver *resolver)
{
    g_auto(GStrv) images = host_match(resolver->host->root, "/boot/booster-*.img");
    return images[0] != NULL && host_has_program(resolver->host, "booster");
}

static char *booster_file(const Resolver *resolver)
{
    return g_strdup("/etc/booster.yaml");
}

static bool is_in_list(const char *list, const char *name)
{
    g_auto(GStrv) names = g_strsplit(list, ",", -1);
    for (guint i = 0; names[i] != NULL; i++)
        if (strcmp(g_strstrip(names[i]), name) == 0)
            return true;
    return false;
}

static char *booster_edit(const char *before, char *const *modules, GError **error)
{
    static const char NAME[] = "modules_force_load";
    g_autofree char *old = setting_get(before != NULL ? before : "", SETTING_COLON, NAME, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    bool quoted = old != NULL && (*old == '"' || *old == '\'' || *old == '[');
    if (quoted)
        return fail_null(error, ERROR_REFUSED,
                         "'%s' is not a plain list with commas, so it is not changed. Put the "
                         "modules in by hand.",
                         NAME);
    for (guint i = 0; modules[i] != NULL; i++)
        if (old == NULL || !is_in_list(old, modules[i]))
            g_ptr_array_add(names, modules[i]);
    if (names->len == 0)
        return g_strdup(before);
    if (old != NULL && *old != '\0')
        g_ptr_array_add(names, old);
    g_ptr_array_add(names, NULL);
    g_autofree char *list = g_strjoinv(",", (char **)names->pdata);
    return setting_set(before, SETTING_COLON, NAME, list, error);
}

static char *booster_image(const Resolver *resolver, const char *version)
{
    return arch_image(resolver, version, "/boot/booster-");
}

/* The script of the package, for all kernels. */
static const char *const BOOSTER[] = {"/usr/lib/booster/regenerate_images", NULL};

const InitramfsTool INITRAMFS_BOOSTER = {
    .name = "booster",
    .makes = booster_makes,
    .file = booster_file,
    .edit = booster_edit,
    .rebuild = BOOSTER,
    .outputs = "/boot/booster-*.img /boot/vmlinuz-*",
    .list = "booster",
    .verb = "ls",
    .image = booster_image,
};
