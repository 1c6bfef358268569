/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/boot.h"

#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* Those of data/boot-loaders.table that start a kernel with a command line of their own; the others
 * are tools that write their files for the distribution. */
static const char *const STARTERS[] = {"grub",     "systemd-boot",         "refind", "limine",
                                       "syslinux", "unified kernel image", NULL};

/* A kernel in an image of its own is chosen by another boot loader, which says so (LoaderInfo). */
static bool is_rival(const BootLoaderFacts *loader, const char *other)
{
    bool chooses = strcmp(other, "systemd-boot") == 0 || strcmp(other, "refind") == 0;
    bool image = strcmp(loader->kind, "unified kernel image") == 0;
    return g_strv_contains(STARTERS, other) && !(image && chooses);
}

static char *rivals_of(const BootLoaderFacts *loader)
{
    GString *text = g_string_new(NULL);
    for (char *const *other = loader->others; other != NULL && *other != NULL; other++) {
        if (is_rival(loader, *other))
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", *other);
    }
    return g_string_free(text, FALSE);
}

void boot_judge_loader(const Path *path, PathStep *step)
{
    const BootLoaderFacts *loader = &path->facts->boot_loader;

    if (loader->kind == NULL) {
        if (loader->evidence != NULL)
            step_saw(step, "%s", loader->evidence);
        step_unknown(step, "Which boot loader started this kernel is unknown, and so where its "
                           "arguments are kept. `bootctl status` and `sudo efibootmgr -v` tell.");
        return;
    }
    g_autofree char *rivals = rivals_of(loader);
    step_done(step, "%s started this kernel. %s", loader->kind,
              loader->evidence != NULL ? loader->evidence : "");
    g_strchomp(step->evidence);
    if (*rivals != '\0')
        step_because(step,
                     "There is another boot loader on this host: %s. Its files are not touched, "
                     "and a start by it has none of the arguments that Rootstock gives the kernel: "
                     "keep starting by %s, or start by the other one and run `rootstock apply` "
                     "there.",
                     rivals, loader->kind);
}

const char *boot_kind_of_tool(const char *tool)
{
    static const struct {
        const char *part, *kind;
    } TOOLS[] = {
        {"unified kernel image", "unified kernel image"},
        {"grub", "grub"},
        {"systemd-boot", "systemd-boot"},
        {"sdbootutil", "systemd-boot"},
        {"kernelstub", "systemd-boot"},
        {"rEFInd", "refind"},
    };
    for (guint i = 0; tool != NULL && i < G_N_ELEMENTS(TOOLS); i++) {
        if (strstr(tool, TOOLS[i].part) != NULL)
            return TOOLS[i].kind;
    }
    return NULL;
}
