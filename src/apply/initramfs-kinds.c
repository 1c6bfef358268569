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

/* NEW on a line of its own behind BEFORE, which begins as OUR files begin. */
static char *with_line(const char *before, const char *new)
{
    static const char OUR[] =
        "# Made by rootstock: files that the initial RAM file system holds.\n";
    if (before != NULL && strstr(before, new) != NULL)
        return g_strdup(before);
    return g_strconcat(before != NULL ? before : OUR, new, "\n", NULL);
}

/* dracut.conf(5): files that do not end in .conf are not read. force_drivers are loaded before
 * udev starts, and so before any display driver; the spaces at the ends keep names apart. Where
 * sdbootutil or rpm-ostree makes the images, they are not where dracut would put them. */
static bool dracut_makes(const Resolver *resolver)
{
    return host_has_program(resolver->host, "dracut") &&
           !host_has_program(resolver->host, "sdbootutil");
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

/* dracut has a list of the rules that it takes. */
static char *dracut_include(const char *before, const char *path)
{
    g_autofree char *line = g_strdup_printf("install_items+=\" %s \"", path);
    return with_line(before, line);
}

/* Fedora and openSUSE name images differently. */
static char *dracut_image(const Resolver *resolver, const char *version)
{
    char *image = initramfs_image_named(resolver, "/boot/initramfs-", version, ".img");
    return image != NULL ? image : initramfs_image_named(resolver, "/boot/initrd-", version, "");
}

#define DRACUT_RULES_FILE "/etc/dracut.conf.d/rootstock-files.conf"

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
    .udev = true,
    .rules_file = DRACUT_RULES_FILE,
    .include = dracut_include,
    .image = dracut_image,
};

/* openSUSE's tool has dracut make each image, puts it on the ESP under a name that has its digest,
 * and writes the entry anew for it (https://github.com/openSUSE/sdbootutil, install_kernel). It
 * also foretells the TPM what will be started; so its images are never put back from a copy, which
 * it would not know of, and an undo has it make them from what the configuration then is. */
static bool sdbootutil_makes(const Resolver *resolver)
{
    return host_has_program(resolver->host, "sdbootutil");
}

static char *sdbootutil_image(const Resolver *resolver, const char *version)
{
    static const char *const ESPS[] = {"/boot/efi", "/efi", "/boot"};
    for (guint i = 0; i < G_N_ELEMENTS(ESPS); i++) {
        g_autofree char *pattern = g_strdup_printf("%s/*/%s/initrd-*", ESPS[i], version);
        g_auto(GStrv) images = host_match(resolver->host->root, pattern);
        if (images[0] != NULL)
            return g_steal_pointer(&pattern);
    }
    return NULL;
}

static const char *const SDBOOTUTIL[] = {"sdbootutil", "mkinitrd", NULL};

const InitramfsTool INITRAMFS_SDBOOTUTIL = {
    .name = "sdbootutil",
    .makes = sdbootutil_makes,
    .file = dracut_file,
    .own_file = true,
    .edit = dracut_edit,
    .rebuild = SDBOOTUTIL,
    .list = "lsinitrd",
    .shows_files = true,
    .udev = true,
    .rules_file = DRACUT_RULES_FILE,
    .include = dracut_include,
    .image = sdbootutil_image,
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

/* The hooks udev and systemd take the distribution's rules alone. */
static char *mkinitcpio_include(const char *before, const char *path)
{
    g_autofree char *line = g_strdup_printf("FILES+=(%s)", path);
    return with_line(before, line);
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
    .udev = true,
    .rules_file = "/etc/mkinitcpio.conf.d/zz-rootstock-files.conf",
    .include = mkinitcpio_include,
    .image = mkinitcpio_image,
};

/* booster.yaml: modules_force_load is a list with commas
 * (https://github.com/anatol/booster, docs/manpage.md). booster's init has neither udev nor a
 * shell, and no display drivers unless it is told to: rules count in the root file system. */
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
