/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/resolver.h"

#include <glib.h>
#include <stdbool.h>

/* What makes the initramfs. */
typedef struct {
    const char *name;
    bool (*makes)(const Resolver *resolver);

    /* The file that names modules to load before all others. The caller owns it. */
    char *(*file)(const Resolver *resolver);
    bool own_file; /* it is of our own, and nobody else's is changed */

    /* BEFORE (NULL: not there) with MODULES in it, in their order; the same text when they are. */
    char *(*edit)(const char *before, char *const *modules, GError **error);

    /* Whether udev runs in it; its rules are then in it: by themselves, or where there is a
     * RULES_FILE, of our own, by that. INCLUDE gives the text of that with PATH in it; BEFORE as
     * above. */
    bool udev;
    const char *rules_file;
    char *(*include)(const char *before, const char *path);

    const char *const *rebuild; /* the command for all kernels */
    const char *outputs;        /* what it writes: patterns, with a space between */
    const char *list;           /* the program that lists an image's files */
    const char *verb;           /* its first argument; NULL: none */
    bool shows_files;           /* files of /etc are in that list by their path */

    /* The image of the kernel VERSION, NULL when it has none; `*` for any letters of a name that
     * is another each time it is made. The caller owns it. */
    char *(*image)(const Resolver *resolver, const char *version);
} InitramfsTool;

extern const InitramfsTool INITRAMFS_TOOLS, INITRAMFS_DRACUT, INITRAMFS_SDBOOTUTIL,
    INITRAMFS_MKINITCPIO, INITRAMFS_BOOSTER;

/* The host's; NULL with an error. */
const InitramfsTool *initramfs_tool(const Resolver *resolver, GError **error);

/* "PREFIX VERSION SUFFIX" as a path, if there is such a file. */
char *initramfs_image_named(const Resolver *resolver, const char *prefix, const char *version,
                            const char *suffix);

/* The command that makes the images anew. */
Change *initramfs_command(const Goal *goal, const InitramfsTool *tool);

/* Where unified kernel images are: patterns, with a space between (UAPI.1, Type 2). */
#define UNIFIED_IMAGES "/boot/EFI/Linux/*.efi /efi/EFI/Linux/*.efi /boot/efi/EFI/Linux/*.efi"

/* The argument is to be seen in the images; their section .cmdline is plain text (UAPI.5). */
void images_expect(const Resolver *resolver, const ArgumentEdit *argument, Change *command);
