/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "apply/resolve.h"

#include <glib.h>
#include <stdbool.h>

/* What the files share that make a plan: the host, and the plan as far as it is made. A file's text
 * is what it will be when the changes so far are made. */
typedef struct {
    const ApplyHost *host;
    const HostTraits *traits;
    Plan *plan;
} Resolver;

/* RET_TEXT is NULL when there is no such file. */
bool resolver_read(const Resolver *resolver, const char *path, char **ret_text, GError **error);

/* Whether the distribution is ID or like it. */
bool resolver_is(const Resolver *resolver, const char *id);

/* A new change of GOAL's step. */
Change *resolver_change(const Goal *goal, ChangeKind kind, const char *target);

/* What a boot loader is to do with one argument. */
typedef struct {
    const Goal *goal;
    const char *argument;
    bool drop; /* take it out */
} ArgumentEdit;

/* LINE with the argument in it, or without it. */
char *argument_edit(const ArgumentEdit *edit, const char *line);

/* Whether LINE is as it is to be. */
bool argument_is_so(const ArgumentEdit *edit, const char *line);

/* A text with command lines in it, with the argument put in or taken out. NULL with an error. */
typedef char *(*TextEdit)(const char *text, const ArgumentEdit *edit, GError **error);

/* Adds the edit of the file PATH to CHANGE if TEXT_EDIT changes it. A file that is not there is
 * passed over. */
bool resolver_edit(const Resolver *resolver, const char *path, TextEdit text_edit,
                   const ArgumentEdit *edit, Change *change, GError **error);

/* What keeps the kernel's arguments. */
typedef struct {
    const char *name;
    /* Whether it does on this host. */
    bool (*keeps)(const Resolver *resolver);
    /* Adds its command lines of the next start to LINES. */
    bool (*lines)(const Resolver *resolver, GPtrArray *lines, GError **error);
    /* Adds to CHANGE the edits, or the command, that have the argument from then on. */
    bool (*edit)(const Resolver *resolver, const ArgumentEdit *edit, Change *change,
                 GError **error);
    /* Adds the commands that put the files into force to COMMANDS (of Change *), the first to be
     * run first; NULL: none is needed. */
    void (*commands)(const Resolver *resolver, const ArgumentEdit *edit, GPtrArray *commands);
} BootLoader;

/* NULL with an error that says what to do by hand. */
const BootLoader *boot_loader_find(const Resolver *resolver, GError **error);

extern const BootLoader BOOT_GRUB_DEBIAN, BOOT_GRUB_MKCONFIG, BOOT_GRUB_BLS, BOOT_SYSTEMD,
    BOOT_SDBOOTUTIL, BOOT_PROXMOX, BOOT_PROXMOX_GRUB, BOOT_KERNELSTUB, BOOT_REFIND, BOOT_RPM_OSTREE,
    BOOT_UKI_MKINITCPIO, BOOT_UKI_DRACUT, BOOT_UKI_KERNEL_INSTALL;

/* Whether this kernel was started by the boot loader KIND (BootLoaderFacts.kind). */
bool resolver_started_by(const Resolver *resolver, const char *kind);

/* A command that makes OUTPUTS (patterns, with a space between) anew. The caller owns it. */
Change *resolver_command(const Goal *goal, ChangeRank rank, const char *target,
                         const char *const *argv, const char *outputs);

/* Changes for one goal, added to the plan. */
bool resolve_kernel_argument(Resolver *resolver, const Goal *goal, GError **error);
bool resolve_early_modules(Resolver *resolver, const Goal *goal, GError **error);

bool resolve_bridge(Resolver *resolver, const Goal *goal, GError **error);

/* Packages by purpose or name, with a space between. */
bool resolve_packages(Resolver *resolver, const Goal *goal, GError **error);

/* Has the initramfs hold PATH: it is made anew where the file is CHANGED, or was not to be in it so
 * far. */
bool resolve_initramfs(Resolver *resolver, const Goal *goal, const char *path, bool changed,
                       GError **error);

/* The same where rpm-ostree makes it (boot-ostree.c). */
bool ostree_makes_initramfs(const Resolver *resolver);
bool resolve_ostree_initramfs(Resolver *resolver, const Goal *goal, const char *path, bool changed,
                              GError **error);
