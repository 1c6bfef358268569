/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "apply/initramfs.h"
#include "apply/boot-entries.h"
#include "apply/host.h"
#include "apply/resolver.h"
#include "base/error.h"

#include <string.h>

static const InitramfsTool *const TOOLS[] = {
    &INITRAMFS_BOOSTER,    &INITRAMFS_MKINITCPIO, &INITRAMFS_TOOLS,
    &INITRAMFS_SDBOOTUTIL, &INITRAMFS_DRACUT,
};

const InitramfsTool *initramfs_tool(const Resolver *resolver, GError **error)
{
    bool images = ostree_makes_initramfs(resolver);
    for (guint i = 0; !images && i < G_N_ELEMENTS(TOOLS); i++)
        if (TOOLS[i]->makes(resolver))
            return TOOLS[i];
    return fail_null(error, ERROR_REFUSED,
                     images ? "rpm-ostree brings the initramfs with the system, so no modules are "
                              "put into it. Have one made on this host by hand (`rpm-ostree "
                              "initramfs --enable`)."
                            : "It is not known what makes this host's initramfs (initramfs-tools, "
                              "dracut, sdbootutil, mkinitcpio, booster), so it is not changed. Put "
                              "into it by hand what it is to hold, and make it anew.");
}

static bool same_module(const char *a, const char *b, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if ((a[i] == '-' ? '_' : a[i]) != (b[i] == '-' ? '_' : b[i]))
            return false;
    return true;
}

/* The name of the file of MODULE ("vfio_pci" is in "vfio-pci.ko.xz") as far as ".ko", in a list of
 * files, as modules.dep and modules.builtin are (depmod(8)); NULL when it is not in it. */
static char *module_file(const char *list, const char *module)
{
    gsize length = strlen(module);
    g_auto(GStrv) lines = g_strsplit(list != NULL ? list : "", "\n", -1);
    for (guint i = 0; lines[i] != NULL; i++) {
        lines[i][strcspn(lines[i], ":")] = '\0';
        const char *slash = strrchr(lines[i], '/');
        const char *name = slash != NULL ? slash + 1 : lines[i];
        if (strlen(name) > length && g_str_has_prefix(name + length, ".ko") &&
            same_module(name, module, length))
            return g_strdup_printf("/%.*s.ko", (int)length, name);
    }
    return NULL;
}

static char *read_list(const Resolver *resolver, const char *version, const char *name)
{
    g_autofree char *path = g_build_filename("/lib/modules", version, name, NULL);
    return os_read_text(resolver->host->root, path, NULL);
}

/* TEXT is to be in the list of IMAGE's files. */
static void expect(const InitramfsTool *tool, const char *image, const char *text, Change *command)
{
    const char *const with_verb[] = {tool->list, tool->verb, image, NULL};
    const char *const alone[] = {tool->list, image, NULL};
    change_add_effect_program(command, tool->verb != NULL ? with_verb : alone, text, false);
}

/* Each module that the kernel does not have built in is to be in its image. */
static void expect_modules(const Resolver *resolver, const InitramfsTool *tool,
                           char *const *modules, Change *command)
{
    g_auto(GStrv) versions = os_list(resolver->host->root, "lib/modules");
    for (guint i = 0; versions != NULL && versions[i] != NULL; i++) {
        g_autofree char *image = tool->image(resolver, versions[i]);
        g_autofree char *files = read_list(resolver, versions[i], "modules.dep");
        if (image == NULL)
            continue;
        for (guint j = 0; modules[j] != NULL; j++) {
            g_autofree char *file = module_file(files, modules[j]);
            if (file != NULL)
                expect(tool, image, file, command);
        }
    }
}

/* initramfs-tools puts the rules of /etc where the distribution's are. */
static void expect_file(const Resolver *resolver, const InitramfsTool *tool, const char *path,
                        Change *command)
{
    g_auto(GStrv) versions = os_list(resolver->host->root, "lib/modules");
    const char *name = goal_is_rules(path) ? strstr(path, "udev/") : path + strspn(path, "/");
    for (guint i = 0; versions != NULL && versions[i] != NULL; i++) {
        g_autofree char *image = tool->image(resolver, versions[i]);
        if (image != NULL)
            expect(tool, image, name, command);
    }
}

Change *initramfs_command(const Goal *goal, const InitramfsTool *tool)
{
    Change *command =
        resolver_command(goal, RANK_INITRAMFS, "initramfs", tool->rebuild, tool->outputs);
    command->tool = g_strdup(tool->name);
    command->why = g_strdup("The initramfs holds the modules and settings that are needed before "
                            "the root file system is there.");
    return command;
}

/* Proxmox's boot partitions have copies, which no hook of its own brings up to date. */
static bool add_rebuild(Resolver *resolver, Change *command, const Goal *goal, GError **error)
{
    return plan_add(resolver->plan, command, error) &&
           (!os_exists(resolver->host->root, "etc/kernel/proxmox-boot-uuids") ||
            plan_add(resolver->plan, proxmox_refresh(goal), error));
}

/* Has the tool's configuration name the rules PATH; RET_CHANGED becomes true where it did not. */
static bool include_rules(Resolver *resolver, const Goal *goal, const InitramfsTool *tool,
                          const char *path, bool *ret_changed, GError **error)
{
    g_autofree char *before = NULL;
    if (tool->rules_file == NULL)
        return true;
    if (!resolver_read(resolver, tool->rules_file, &before, error))
        return false;
    g_autofree char *after = tool->include(before, path);
    if (g_strcmp0(before, after) == 0)
        return true;
    Change *change = change_new(goal->step, CHANGE_FILE, tool->rules_file);
    change->why = g_strdup_printf("%s puts no rules of one's own into the initramfs unless it is "
                                  "told to.",
                                  tool->name);
    change->restart = true;
    change_set_states(change, before, after);
    change_add_edit(change, tool->rules_file, before, after);
    *ret_changed = true;
    return plan_add(resolver->plan, change, error);
}

bool resolve_initramfs(Resolver *resolver, const Goal *goal, const char *path, bool changed,
                       GError **error)
{
    if (ostree_makes_initramfs(resolver))
        return resolve_ostree_initramfs(resolver, goal, path, changed, error);
    const InitramfsTool *tool = initramfs_tool(resolver, error);
    if (tool == NULL)
        return false;
    if (goal_is_rules(path) && !tool->udev)
        return true;
    if (goal_is_rules(path) && !include_rules(resolver, goal, tool, path, &changed, error))
        return false;
    if (!changed)
        return true;
    Change *command = initramfs_command(goal, tool);
    if (tool->shows_files)
        expect_file(resolver, tool, path, command);
    return add_rebuild(resolver, command, goal, error);
}

/* Those of NAMES that some kernel of the host has as a module: one that every kernel has built in
 * needs no loading, and a tool may fail for a name that it does not know. */
static GStrv loadable(const Resolver *resolver, char *const *names)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) versions = os_list(resolver->host->root, "lib/modules");
    for (guint i = 0; names[i] != NULL; i++) {
        bool found = false;
        for (guint j = 0; versions != NULL && versions[j] != NULL && !found; j++) {
            g_autofree char *files = read_list(resolver, versions[j], "modules.dep");
            g_autofree char *file = module_file(files, names[i]);
            found = file != NULL;
        }
        if (found)
            g_strv_builder_add(builder, names[i]);
    }
    return g_strv_builder_end(builder);
}

bool resolve_early_modules(Resolver *resolver, const Goal *goal, GError **error)
{
    const InitramfsTool *tool = initramfs_tool(resolver, error);
    g_auto(GStrv) names = g_strsplit(goal->target, " ", -1);
    g_auto(GStrv) modules = loadable(resolver, names);
    g_autofree char *path = NULL;
    g_autofree char *before = NULL;
    if (tool == NULL || modules[0] == NULL)
        return tool != NULL;
    path = tool->file(resolver);
    if (!resolver_read(resolver, path, &before, error))
        return false;
    g_autofree char *after = tool->edit(before, modules, error);
    if (after == NULL) {
        g_prefix_error(error, "In '%s': ", path);
        return false;
    }
    if (g_strcmp0(before, after) == 0)
        return true;
    g_autofree char *target = g_strjoinv(" ", modules);
    Change *change = resolver_change(goal, tool->own_file ? CHANGE_FILE : CHANGE_SETTING, path);
    change_set_states(change, tool->own_file ? before : NULL, tool->own_file ? after : target);
    change_add_edit(change, path, before, after);
    if (!plan_add(resolver->plan, change, error))
        return false;
    Change *command = initramfs_command(goal, tool);
    expect_modules(resolver, tool, modules, command);
    return add_rebuild(resolver, command, goal, error);
}
