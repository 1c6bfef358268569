/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/initramfs.h"

#include "apply/host.h"

#include <string.h>

/* initramfs-tools(7): modules to load at boot, one a line, in order. There is no folder of drop-ins
 * for it. */
#define MODULES_FILE "/etc/initramfs-tools/modules"

static const char *const REBUILD[] = {"update-initramfs", "-u", "-k", "all", NULL};

char *initramfs_image_named(const Resolver *resolver, const char *prefix, const char *version,
                            const char *suffix)
{
    g_autofree char *path = g_strconcat(prefix, version, suffix, NULL);
    return os_exists(resolver->host->root, path) ? g_steal_pointer(&path) : NULL;
}

static bool makes(const Resolver *resolver)
{
    return os_exists(resolver->host->root, "etc/initramfs-tools/initramfs.conf");
}

static char *file(const Resolver *resolver)
{
    return g_strdup(MODULES_FILE);
}

static bool names_module(const char *text, const char *module)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit_set(g_strstrip(lines[i]), " \t", 2);
        if (words[0] != NULL && strcmp(words[0], module) == 0)
            return true;
    }
    return false;
}

static char *edit(const char *before, char *const *modules, GError **error)
{
    GString *text = g_string_new(before);
    if (text->len > 0 && text->str[text->len - 1] != '\n')
        g_string_append_c(text, '\n');
    gsize length = text->len;
    for (guint i = 0; modules[i] != NULL; i++)
        if (!names_module(text->str, modules[i]))
            g_string_append_printf(text, "%s\n", modules[i]);
    if (text->len == length)
        g_string_assign(text, before != NULL ? before : "");
    return g_string_free(text, FALSE);
}

static char *image(const Resolver *resolver, const char *version)
{
    return initramfs_image_named(resolver, "/boot/initrd.img-", version, "");
}

/* update-initramfs(8) keeps a digest of each image that it made below /var/lib/initramfs-tools, and
 * leaves an image alone that is not what it made; so those digests go with the images. Hooks copy
 * images to the ESP (kernel-install, kernelstub). */
const InitramfsTool INITRAMFS_TOOLS = {
    .name = "initramfs-tools",
    .makes = makes,
    .file = file,
    .edit = edit,
    .rebuild = REBUILD,
    .outputs = "/boot/initrd.img-* /var/lib/initramfs-tools/*"
               " /efi/*/*/initrd* /boot/efi/*/*/initrd*",
    .list = "lsinitramfs",
    .shows_files = true,
    .udev = true, /* the hook of udev's package copies all rules of /etc */
    .image = image,
};
