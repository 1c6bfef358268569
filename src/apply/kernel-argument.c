/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/resolver.h"

#include "base/error.h"
#include "plan/arguments.h"

#include <string.h>
#include <unistd.h>

/* The order says who is asked first: what writes a boot loader's files for the distribution comes
 * before the boot loader, whose files it would write over. */
static const BootLoader *const LOADERS[] = {
    &BOOT_RPM_OSTREE, &BOOT_KERNELSTUB,     &BOOT_PROXMOX,     &BOOT_PROXMOX_GRUB,
    &BOOT_SDBOOTUTIL, &BOOT_UKI_MKINITCPIO, &BOOT_UKI_DRACUT,  &BOOT_UKI_KERNEL_INSTALL,
    &BOOT_SYSTEMD,    &BOOT_GRUB_BLS,       &BOOT_GRUB_DEBIAN, &BOOT_GRUB_MKCONFIG,
    &BOOT_REFIND,
};

/* Systems whose boot loader's files are made from a text that is not changed here: by the ID of
 * os-release, or by a file that is there. */
static const struct {
    const char *id, *file, *how;
} DECLARED[] = {
    {"nixos", NULL,
     "Put it into boot.kernelParams in /etc/nixos/configuration.nix and run `sudo nixos-rebuild "
     "boot`"},
    {"guix", NULL,
     "Put it into kernel-arguments of the operating-system declaration and run `sudo guix system "
     "reconfigure`"},
    {NULL, "etc/sdboot-manage.conf",
     "Put it into LINUX_OPTIONS in /etc/sdboot-manage.conf and run `sudo sdboot-manage gen`"},
    {NULL, "usr/sbin/transactional-update",
     "Put it into GRUB_CMDLINE_LINUX_DEFAULT in /etc/default/grub, or into /etc/kernel/cmdline "
     "where "
     "there is one, and run `sudo transactional-update bootloader`"},
};

static bool is_declared(const Resolver *resolver, const char *id, const char *file)
{
    return (id != NULL && resolver_is(resolver, id)) ||
           (file != NULL && os_exists(resolver->host->root, file));
}

bool resolver_started_by(const Resolver *resolver, const char *kind)
{
    return g_strcmp0(resolver->traits->boot_loader, kind) == 0;
}

static const char *or_unknown(const char *text)
{
    return text != NULL ? text : "unknown";
}

const BootLoader *boot_loader_find(const Resolver *resolver, GError **error)
{
    const HostTraits *traits = resolver->traits;
    for (guint i = 0; i < G_N_ELEMENTS(DECLARED); i++)
        if (is_declared(resolver, DECLARED[i].id, DECLARED[i].file))
            return fail_null(error, ERROR_REFUSED,
                             "This system makes its boot loader's files from a text that is not "
                             "changed here. %s.",
                             DECLARED[i].how);
    for (guint i = 0; i < G_N_ELEMENTS(LOADERS); i++)
        if (LOADERS[i]->keeps(resolver))
            return LOADERS[i];
    return fail_null(
        error, ERROR_REFUSED,
        "It is not known where this host keeps its kernel's arguments (boot loader: "
        "%s), so they are not changed. %s%sAdd them by hand where your boot loader has "
        "them, and restart.",
        or_unknown(traits->boot_loader), traits->evidence != NULL ? traits->evidence : "",
        traits->evidence != NULL ? " " : "");
}

char *argument_edit(const ArgumentEdit *edit, const char *line)
{
    return edit->drop ? arguments_drop(line, edit->argument) : arguments_set(line, edit->argument);
}

/* Whether each of the arguments of LINE with its key is what is wanted, and there is one: a line
 * that is put together from several files may have it twice. */
static bool has_nothing_else(const char *line, const char *argument)
{
    g_autofree char *there = arguments_with_key(line, argument);
    g_auto(GStrv) words = arguments_of(there != NULL ? there : "");

    for (guint i = 0; words[i] != NULL; i++)
        if (!arguments_have(words[i], argument))
            return false;
    return words[0] != NULL;
}

bool argument_is_so(const ArgumentEdit *edit, const char *line)
{
    if (!edit->drop)
        return has_nothing_else(line, edit->argument);
    g_autofree char *changed = argument_edit(edit, line);
    return strcmp(changed, line) == 0;
}

bool resolver_edit(const Resolver *resolver, const char *path, TextEdit text_edit,
                   const ArgumentEdit *edit, Change *change, GError **error)
{
    g_autofree char *text = NULL;
    if (!resolver_read(resolver, path, &text, error))
        return false;
    if (text == NULL)
        return true;
    g_autofree char *changed = text_edit(text, edit, error);
    if (changed == NULL) {
        g_prefix_error(error, "In '%s': ", path);
        return false;
    }
    if (strcmp(text, changed) != 0)
        change_add_edit(change, path, text, changed);
    return true;
}

static GPtrArray *lines_of(const Resolver *resolver, const BootLoader *loader, GError **error)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    return loader->lines(resolver, lines, error) ? g_steal_pointer(&lines) : NULL;
}

/* What stands on the first of LINES that is not as it is to be, or else on the first. */
static char *state_before(const GPtrArray *lines, const ArgumentEdit *edit)
{
    for (guint i = 0; i < lines->len; i++)
        if (!argument_is_so(edit, lines->pdata[i]))
            return arguments_with_key(lines->pdata[i], edit->argument);
    return lines->len > 0 ? arguments_with_key(lines->pdata[0], edit->argument) : NULL;
}

static bool all_so(const GPtrArray *lines, const ArgumentEdit *edit)
{
    for (guint i = 0; i < lines->len; i++)
        if (!argument_is_so(edit, lines->pdata[i]))
            return false;
    return true;
}

static bool add_changes(Resolver *resolver, const BootLoader *loader, const ArgumentEdit *edit,
                        const GPtrArray *lines, GError **error)
{
    g_autofree char *key = argument_key(edit->argument);
    g_autofree char *before = state_before(lines, edit);
    g_autofree char *made = argument_edit(edit, before != NULL ? before : "");
    const char *after = *made != '\0' ? made : NULL;
    g_autoptr(Change) change = resolver_change(edit->goal, CHANGE_KERNEL_ARGUMENT, key);
    change->tool = g_strdup(loader->name);
    change_set_states(change, before, after);
    if (!loader->edit(resolver, edit, change, error))
        return false;
    bool changes = change->edits->len > 0 || change->command != NULL;
    if (!changes && all_so(lines, edit))
        return true;
    if (changes && !plan_add(resolver->plan, g_steal_pointer(&change), error))
        return false;
    g_autoptr(GPtrArray) commands = g_ptr_array_new();
    if (loader->commands != NULL)
        loader->commands(resolver, edit, commands);
    for (guint i = 0; i < commands->len; i++)
        if (!plan_add(resolver->plan, commands->pdata[i], error))
            return false;
    return true;
}

bool resolve_kernel_argument(Resolver *resolver, const Goal *goal, GError **error)
{
    ArgumentEdit edit = {goal, goal->target, goal->kind == GOAL_NO_KERNEL_ARGUMENT};
    if (!argument_check(goal->target, error))
        return false;
    const BootLoader *loader = boot_loader_find(resolver, error);
    g_autoptr(GPtrArray) lines = loader != NULL ? lines_of(resolver, loader, error) : NULL;
    return lines != NULL && add_changes(resolver, loader, &edit, lines, error);
}

GStrv apply_kernel_lines(const ApplyHost *host, const HostTraits *traits, GError **error)
{
    g_autoptr(Plan) plan = plan_new();
    Resolver resolver = {.host = host, .traits = traits, .plan = plan};
    const BootLoader *loader = boot_loader_find(&resolver, error);
    g_autoptr(GPtrArray) lines = loader != NULL ? lines_of(&resolver, loader, error) : NULL;
    if (lines == NULL)
        return NULL;
    g_ptr_array_add(lines, NULL);
    return (GStrv)g_ptr_array_steal(lines, NULL);
}

const char *apply_boot_loader(const ApplyHost *host, const HostTraits *traits, GError **error)
{
    g_autoptr(Plan) plan = plan_new();
    Resolver resolver = {.host = host, .traits = traits, .plan = plan};
    const BootLoader *loader = boot_loader_find(&resolver, error);
    return loader != NULL ? loader->name : NULL;
}
