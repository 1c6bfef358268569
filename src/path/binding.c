/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/binding.h"
#include "path/lookup.h"
#include "path/steps.h"

#include <string.h>

/* vfio-pci takes what the guest gets before the host's own drivers do. */

enum { BASE_DISPLAY = 0x03, BASE_SOUND = 0x0403 };

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

/* A driver that is built into the kernel has its functions before any module can. libvirt takes
 * them when the guest starts, which does no harm unless a picture or sound is on them. */
static bool is_left_to_libvirt(const PciFunction *function)
{
    int class = function->class_code;
    return function->driver_built_in == TRI_YES && class != UNKNOWN &&
           class >> 16 != BASE_DISPLAY && class >> 8 != BASE_SOUND;
}

/* Splits the functions: those of vfio-pci and of drivers that keep them until the guest starts, and
 * those that are still to be bound. */
typedef struct {
    GPtrArray *bound, *left, *open; /* of const DeviceVerdict * */
    const DeviceVerdict *first;     /* of those that are open, one whose driver is known; or NULL */
} Bound;

static void bound_clear(Bound *bound)
{
    g_ptr_array_unref(bound->bound);
    g_ptr_array_unref(bound->left);
    g_ptr_array_unref(bound->open);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bound, bound_clear)

static void sort_in(Bound *found, const DeviceVerdict *device)
{
    const PciFunction *function = device->function;
    bool bound = g_strcmp0(function->driver, "vfio-pci") == 0;
    bool left = !bound && is_left_to_libvirt(function);

    g_ptr_array_add(bound ? found->bound : left ? found->left : found->open, (gpointer)device);
    if (!bound && !left && function->driver != NULL && found->first == NULL)
        found->first = device;
}

static Bound find_bound(const Path *path)
{
    const GPtrArray *functions = functions_of(path);
    Bound found = {g_ptr_array_new(), g_ptr_array_new(), g_ptr_array_new(), NULL};

    for (guint i = 0; i < functions->len; i++)
        sort_in(&found, g_ptr_array_index(functions, i));
    return found;
}

/* Where the configuration has vfio-pci take the function at the next start, in words; NULL: nowhere
 * that is known of. The caller owns it. */
static char *told_where(const Path *path, const DeviceVerdict *device)
{
    const PciFunction *function = device->function;
    const char *line = lookup_module_option(path->facts, "vfio", "ids=");
    g_autofree char *id =
        g_strdup_printf("%04x:%04x", (guint)function->vendor, (guint)function->device);

    if (lookup_has(path->facts->setup.modules.overrides, function->address))
        return g_strdup("a rule of udev");
    if (device->claims != NULL && device->claims->len == 1 &&
        strcmp(g_ptr_array_index(device->claims, 0), "vfio-pci") == 0)
        return g_strdup("the kernel's command line");
    return line != NULL && strstr(line, id) != NULL ? g_strdup(line) : NULL;
}

/* Whether it is known that nothing has vfio-pci take DEVICE at the next start too. */
static bool is_told_nothing(const Path *path, const DeviceVerdict *device)
{
    const ModuleSetup *modules = &path->facts->setup.modules;
    g_autofree char *where = told_where(path, device);
    return where == NULL && device->claims != NULL && modules->options != NULL &&
           modules->overrides != NULL;
}

/* The modules that would have DEVICE, of those that the initramfs loads in front of udev.
 * initramfs-tools loads its own after it. */
static const char *early_claim(const Path *path, const DeviceVerdict *device)
{
    const ModuleSetup *modules = &path->facts->setup.modules;
    if (lookup_has(modules->initramfs, "initramfs-tools"))
        return NULL;
    for (guint i = 0; device->claims != NULL && i < device->claims->len; i++) {
        const char *claim = g_ptr_array_index(device->claims, i);
        if (lookup_has(modules->early, claim))
            return claim;
    }
    return NULL;
}

/* Why vfio-pci does not have what it was told to take in WHERE. While the IOMMU is off, without
 * which it takes nothing, the step is blocked. */
static void say_what_failed(const Path *path, PathStep *step, const DeviceVerdict *device,
                            const char *where)
{
    const PciFunction *function = device->function;
    const char *address = function->address, *early = early_claim(path, device);
    bool aside = g_strcmp0(function->driver_override, "vfio-pci") == 0;
    bool taken = function->driver != NULL && *function->driver != '\0';

    if (taken && function->driver_built_in == TRI_YES)
        step_because(step, "%s is built into the kernel, and has %s before a module can.",
                     function->driver, address);
    else if (taken && early != NULL)
        step_because(step,
                     "The initial RAM file system loads %s before all else: see the step "
                     "vfio-early.",
                     early);
    else if (taken && aside)
        step_because(step,
                     "%s is set aside for vfio-pci, but %s had it already: the initial RAM file "
                     "system that was started does not have the rule. Have it made anew, as the "
                     "text of this step says.",
                     address, function->driver);
    else if (aside)
        step_because(step,
                     "%s is set aside for vfio-pci, which did not take it: `sudo dmesg | grep "
                     "vfio` says why.",
                     address);
    else
        step_because(step,
                     "%s is asked for in %s. That counts from the next start of the host; if it "
                     "was started since, %s.",
                     address, where,
                     lookup_has(path->facts->setup.modules.overrides, address)
                         ? "the rule does not fit this place any more: make the plan anew"
                         : "the initial RAM file system does not say so: have it made anew");
}

static const char *are(const GPtrArray *functions)
{
    return functions->len > 1 ? "are" : "is";
}

static void say_bound(const Path *path, PathStep *step, const Bound *found)
{
    g_autofree char *bound = lookup_addresses(found->bound);
    g_autofree char *left = lookup_addresses(found->left);
    g_autofree char *drivers = lookup_drivers(found->left);

    if (found->left->len == 0)
        step_done(step, "%s %s bound to vfio-pci.", bound, are(found->bound));
    else
        step_done(step,
                  "%s%s%s%s (%s) %s left to the host until the guest starts: built into the "
                  "kernel, %s cannot wait for vfio-pci, and libvirt takes what it has.",
                  bound, found->bound->len > 0 ? " " : "",
                  found->bound->len > 0 ? (found->bound->len > 1 ? "are bound to vfio-pci; "
                                                                 : "is bound to vfio-pci; ")
                                        : "",
                  left, drivers, are(found->left), drivers);
    for (guint i = 0; i < found->bound->len; i++)
        if (is_told_nothing(path, g_ptr_array_index(found->bound, i)))
            step_because(step, "Nothing says so for the next start of the host: neither the "
                               "kernel's command line nor a file of modprobe.d nor a rule of udev "
                               "names it.");
}

static void want_rules(const Path *path, PathStep *step)
{
    const char *line = lookup_module_option(path->facts, BINDING_OPTIONS_FILE + 1, "ids=");
    g_autofree char *rules = binding_rules(functions_of(path), path->facts);

    step_wants(step, goal_file(step_id(step->step), BINDING_RULES_FILE, rules,
                               "vfio-pci takes these functions by their place, and nothing else "
                               "that has the same ids."));
    if (line != NULL)
        step_wants(step, goal_file(step_id(step->step), BINDING_OPTIONS_FILE,
                                   "# Functions are bound by address: " BINDING_RULES_FILE "\n",
                                   "Ids are no longer what vfio-pci goes by."));
}

static void want_binding(const Path *path, PathStep *step, BindingForm form)
{
    g_autofree char *ids = binding_ids(path, functions_of(path));

    if (form == BINDING_ADDRESS) {
        want_rules(path, step);
    } else if (form == BINDING_ARGUMENT) {
        g_autofree char *argument = g_strconcat("vfio-pci.ids=", ids, NULL);
        step_wants(step, goal_kernel_argument(step_id(step->step), argument,
                                              "vfio-pci is built into this kernel, which reads no "
                                              "modprobe.d for it, and takes these functions."));
    } else {
        g_autofree char *content = binding_options(path, ids);
        step_wants(step,
                   goal_file(step_id(step->step), BINDING_OPTIONS_FILE, content,
                             "vfio-pci takes these functions, and their own drivers are loaded "
                             "after it."));
    }
}

static void say_open(const Path *path, PathStep *step, const Bound *found)
{
    const GPtrArray *functions = functions_of(path);
    const DeviceVerdict *twin = NULL;
    g_autofree char *open = lookup_addresses(found->open);
    g_autofree char *drivers = lookup_drivers(found->open);
    g_autofree char *where = told_where(path, found->first);
    BindingForm form = binding_form(path, &twin);

    step_saw(step, "%s %s: %s.", found->open->len > 1 ? "Drivers of" : "The driver of", open,
             *drivers != '\0' ? drivers : "none");
    if (form == BINDING_UNKNOWN) {
        step_unknown(step, "The ids of %s are unknown. `lspci -nn` says them.", open);
        return;
    }
    step_todo(step, "The host's own drivers take %s at the start.",
              functions->len > 1 ? "them" : "it");
    if (where != NULL)
        say_what_failed(path, step, found->first, where);
    else if (twin != NULL)
        step_because(step,
                     "%s has the same id and stays with the host, so that %s bound by address.",
                     twin->function->address, functions->len > 1 ? "all are" : "it is");
    want_binding(path, step, form);
}

static void judge_binding(const Path *path, PathStep *step)
{
    if (not_bound_early(path, step))
        return;
    g_auto(Bound) found = find_bound(path);
    g_autofree char *all = lookup_addresses(functions_of(path));

    if (found.open->len == 0)
        say_bound(path, step, &found);
    else if (found.first == NULL)
        step_unknown(step, "Which drivers have %s is unknown. `lspci -nnk` says it.", all);
    else
        say_open(path, step, &found);
}

/* A driver that is loaded in front of udev is in front of the rule too. */
static void judge_early_rules(const Path *path, PathStep *step, const Bound *found)
{
    for (guint i = 0; i < found->open->len; i++) {
        const char *early = early_claim(path, g_ptr_array_index(found->open, i));
        if (early == NULL)
            continue;
        step_saw(step, "The initial RAM file system loads %s before all else.", early);
        step_for_person(step,
                        "Take %s out of the modules that it loads first, as the text of this step "
                        "says. udev loads it a moment later, for the devices that stay with the "
                        "host.",
                        early);
        return;
    }
    step_not_needed(step, "The rule of the step vfio-binding sets the devices aside before a "
                          "driver is loaded for any, however late vfio-pci comes.");
}

static void judge_early(const Path *path, PathStep *step)
{
    char *const *early = path->facts->setup.modules.early;

    if (not_bound_early(path, step))
        return;
    g_auto(Bound) found = find_bound(path);
    BindingForm form = binding_form(path, NULL);
    if (found.open->len == 0) {
        step_done(step, "vfio-pci has what the guest gets, and no driver of the host%s.",
                  found.left->len > 0 ? " that can wait" : "");
    } else if (found.first == NULL) {
        step_unknown(step,
                     "Which drivers have what the guest gets is unknown. `lspci -nnk` says it.");
    } else if (form == BINDING_ADDRESS) {
        judge_early_rules(path, step, &found);
    } else if (form == BINDING_ARGUMENT) {
        step_not_needed(step, "vfio-pci is built into the kernel, and there before any module.");
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
