/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* vfio-pci takes what the guest gets before the host's own drivers do. */

#define VFIO_FILE "/etc/modprobe.d/rootstock-vfio.conf"

/* What is bound when the host starts: the card, and all else that a machine gets, so that the host
 * does not take a disk's file systems or a network card first. */
static const GPtrArray *functions_of(const Path *path)
{
    return path->target.functions;
}

/* Answers where nothing is bound when the host starts; false where something is to be. */
static bool not_bound_early(const Path *path, PathStep *step)
{
    switch (path->target.graphics) {
    case GRAPHICS_UNKNOWN:
        step_unknown(step, "The devices of this host are unknown.");
        return true;
    case GRAPHICS_NONE:
        if (functions_of(path)->len > 0)
            return false;
        step_not_needed(step, "No device of this host goes to the guest.");
        return true;
    case GRAPHICS_SINGLE:
        step_not_needed(step, "The host shows its picture on the card until the guest starts: see "
                              "the step gpu-single.");
        return true;
    case GRAPHICS_DUAL:
        break;
    }
    return false;
}

/* Drivers that would take a function when the host starts must wait for vfio-pci. */
static void append_softdeps(const Path *path, GString *content)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    const GPtrArray *functions = functions_of(path);

    for (guint i = 0; i < functions->len; i++) {
        const DeviceVerdict *device = g_ptr_array_index(functions, i);
        for (guint j = 0; device->claims != NULL && j < device->claims->len; j++) {
            char *claim = g_ptr_array_index(device->claims, j);
            if (strcmp(claim, "vfio-pci") != 0 && g_hash_table_add(seen, claim))
                g_string_append_printf(content, "softdep %s pre: vfio-pci\n", claim);
        }
    }
}

/* Whether the configuration has vfio-pci take the first function at the next start too. */
static Tri stays_bound(const Path *path)
{
    const DeviceVerdict *first = g_ptr_array_index(functions_of(path), 0);
    bool told = first->claims != NULL && first->claims->len == 1 &&
                strcmp(g_ptr_array_index(first->claims, 0), "vfio-pci") == 0;

    if (told || lookup_module_option(path->facts, "vfio", "ids=") != NULL)
        return TRI_YES;
    return first->claims == NULL || path->facts->setup.modules.options == NULL ? TRI_UNKNOWN
                                                                               : TRI_NO;
}

static void want_binding(const Path *path, PathStep *step, const char *ids)
{
    g_autoptr(GString) content = g_string_new(NULL);

    g_string_append_printf(content, "options vfio-pci ids=%s\n", ids);
    append_softdeps(path, content);
    step_wants(
        step,
        goal_file(step_id(step->step), VFIO_FILE, content->str,
                  "vfio-pci takes these functions, and their own drivers are loaded after it."));
}

static void judge_binding(const Path *path, PathStep *step)
{
    const GPtrArray *functions = functions_of(path);

    if (not_bound_early(path, step))
        return;
    g_autofree char *all = lookup_addresses(functions);
    g_autofree char *ids = lookup_ids(functions);
    g_autofree char *drivers = lookup_drivers(functions);
    const DeviceVerdict *twin = lookup_twin(path, functions);
    Tri bound = lookup_all_bound(functions);

    if (bound == TRI_YES) {
        step_done(step, "%s %s bound to vfio-pci.", all, functions->len > 1 ? "are" : "is");
        if (stays_bound(path) == TRI_NO)
            step_because(step, "Nothing says so for the next start of the host: neither the "
                               "kernel's command line nor a file of modprobe.d names its id.");
    } else if (bound == TRI_UNKNOWN) {
        step_unknown(step, "Which drivers have %s is unknown. `lspci -nnk` says it.", all);
    } else {
        step_saw(step, "%s %s: %s.", functions->len > 1 ? "Drivers of" : "The driver of", all,
                 *drivers != '\0' ? drivers : "none");
        if (twin != NULL || ids == NULL) {
            step_because(step, "%s has the same id, so that ids would take both.",
                         twin != NULL ? twin->function->address : "Another card");
            step_for_person(step, "Bind by address: see the text of this step.");
            return;
        }
        step_todo(step, "The host's own drivers take %s at the start.",
                  functions->len > 1 ? "them" : "it");
        want_binding(path, step, ids);
    }
}

static void judge_early(const Path *path, PathStep *step)
{
    char *const *early = path->facts->setup.modules.early;

    if (not_bound_early(path, step))
        return;
    Tri bound = lookup_all_bound(functions_of(path));
    if (bound == TRI_YES) {
        step_done(step, "vfio-pci has what the guest gets, and no driver of the host.");
    } else if (bound == TRI_UNKNOWN) {
        step_unknown(step,
                     "Which drivers have what the guest gets is unknown. `lspci -nnk` says it.");
    } else {
        if (lookup_has(early, "vfio_pci"))
            step_saw(step, "The configuration of the initial RAM file system loads vfio_pci; the "
                           "system that runs was not started so, or was too late.");
        step_todo(step, "The initial RAM file system may load the host's own drivers before "
                        "vfio-pci.");
        step_wants(step, goal_early_modules(step_id(step->step), "vfio_pci",
                                            "vfio-pci is there before any graphics driver."));
    }
}

const Step STEPS_BINDING[] = {
    {"vfio-binding",
     SECTION_BINDING,
     "The guest's devices bound to vfio-pci",
     judge_binding,
     {"vfio-driver", "iommu-enabled", "iommu-groups", NULL}},
    {"vfio-early",
     SECTION_BINDING,
     "vfio-pci early enough",
     judge_early,
     {"vfio-driver", "iommu-enabled", "iommu-groups", NULL}},
    {0},
};
