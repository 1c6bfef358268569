/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/values.h"

#include "base/size.h"
#include "path/lookup.h"
#include "path/steps.h"
#include "path/values-card.h"

#include <string.h>

#define HUGE_PAGE (G_GINT64_CONSTANT(2) << 20)

static char *get_cpu(const Path *path, const PathStep *step)
{
    return g_strdup(path->facts->cpu.name);
}

static char *get_threads(const Path *path, const PathStep *step)
{
    int threads = path->facts->cpu.threads;
    return threads != UNKNOWN ? g_strdup_printf("%d", threads) : NULL;
}

static char *get_cores(const Path *path, const PathStep *step)
{
    int cores = path->facts->cpu.cores;
    return cores != UNKNOWN ? g_strdup_printf("%d", cores) : NULL;
}

static char *get_p_list(const Path *path, const PathStep *step)
{
    return g_strdup(path->verdict->processor.p_list);
}

static char *get_kvm_module(const Path *path, const PathStep *step)
{
    return lookup_is_amd(path->facts)     ? g_strdup("kvm_amd")
           : lookup_is_intel(path->facts) ? g_strdup("kvm_intel")
                                          : NULL;
}

static char *get_memory(const Path *path, const PathStep *step)
{
    gint64 total = path->facts->memory.total;
    return total != UNKNOWN ? size_human((guint64)total) : NULL;
}

static char *get_kernel(const Path *path, const PathStep *step)
{
    return g_strdup(path->facts->kernel.release);
}

static char *get_distribution(const Path *path, const PathStep *step)
{
    return g_strdup(path->facts->distribution.name);
}

static char *get_board(const Path *path, const PathStep *step)
{
    const FirmwareFacts *firmware = &path->facts->firmware;
    if (firmware->board_name == NULL)
        return NULL;
    return firmware->board_vendor != NULL
               ? g_strdup_printf("%s %s", firmware->board_vendor, firmware->board_name)
               : g_strdup(firmware->board_name);
}

static char *get_clock(const Path *path, const PathStep *step)
{
    return g_strdup(path->facts->cpu.clocksource);
}

static char *get_release_id(const Path *path, const PathStep *step)
{
    return path->target.release != NULL ? g_strdup(path->target.release->id) : NULL;
}

static char *get_release_name(const Path *path, const PathStep *step)
{
    return path->target.release != NULL ? g_strdup(path->target.release->name) : NULL;
}

static char *get_release_mac(const Path *path, const PathStep *step)
{
    return path->target.release != NULL ? g_strdup(path->target.release->mac_model) : NULL;
}

static char *get_release_installer(const Path *path, const PathStep *step)
{
    return path->target.release != NULL ? g_strdup(path->target.release->installer) : NULL;
}

static char *get_machine(const Path *path, const PathStep *step)
{
    return path->machine != NULL ? g_strdup(path->machine->name) : NULL;
}

static char *get_machine_threads(const Path *path, const PathStep *step)
{
    return path->machine != NULL ? g_strdup_printf("%d", machine_threads(path->machine)) : NULL;
}

static char *get_pages(const Path *path, const PathStep *step)
{
    return path->machine != NULL
               ? g_strdup_printf("%" G_GINT64_FORMAT, path->machine->memory / HUGE_PAGE)
               : NULL;
}

static char *get_folder(const Path *path, const PathStep *step)
{
    return g_strdup(path->facts->setup.store.folder);
}

static char *get_account(const Path *path, const PathStep *step)
{
    return g_strdup(path->facts->software.qemu_user);
}

/* The chip on the board that AppleALC knows; sound of graphics cards needs none of it. */
static const CodecVerdict *board_codec(const Path *path)
{
    const GPtrArray *codecs = path->verdict->codecs;

    for (guint i = 0; codecs != NULL && i < codecs->len; i++) {
        const CodecVerdict *codec = g_ptr_array_index(codecs, i);
        if (codec->known != NULL && codec->controller != NULL &&
            codec->controller->role == ROLE_AUDIO)
            return codec;
    }
    return NULL;
}

static char *get_codec(const Path *path, const PathStep *step)
{
    const CodecVerdict *codec = board_codec(path);
    return codec != NULL ? g_strdup_printf("%s %s", codec->known->maker, codec->known->name) : NULL;
}

static char *get_layouts(const Path *path, const PathStep *step)
{
    const CodecVerdict *codec = board_codec(path);
    GString *text = g_string_new(NULL);

    for (guint i = 0; codec != NULL && i < codec->known->layouts->len; i++)
        g_string_append_printf(text, "%s%d", i > 0 ? ", " : "",
                               g_array_index(codec->known->layouts, int, i));
    if (text->len > 0)
        return g_string_free(text, FALSE);
    g_string_free(text, TRUE);
    return NULL;
}

static char *first_of(char *const *list)
{
    return list != NULL && list[0] != NULL ? g_strdup(list[0]) : NULL;
}

static char *get_keyboard(const Path *path, const PathStep *step)
{
    return first_of(path->facts->setup.keyboards);
}

static char *get_mouse(const Path *path, const PathStep *step)
{
    return first_of(path->facts->setup.mice);
}

static char *get_display_manager(const Path *path, const PathStep *step)
{
    const char *manager = path->facts->setup.screen.display_manager;
    return manager != NULL && *manager != '\0' ? g_strdup(manager) : NULL;
}

static char *get_governor(const Path *path, const PathStep *step)
{
    return g_strdup(path->facts->setup.tuning.governor);
}

static char *get_interface(const Path *path, const PathStep *step)
{
    const GPtrArray *network = path->facts->network;

    for (guint i = 0; network != NULL && i < network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(network, i);
        if (interface->default_route == TRI_YES)
            return g_strdup(interface->name);
    }
    return NULL;
}

static char *get_step(const Path *path, const PathStep *step)
{
    return g_strdup(step_id(step->step));
}

static const SetupVerdict *setup_of(const Path *path, const PathStep *step)
{
    const char *id = step_id(step->step);
    return g_str_has_prefix(id, "firmware-")
               ? verdict_setup(path->verdict, id + strlen("firmware-"))
               : NULL;
}

/* How one comes into the set-up beside the way that every UEFI has. */
static char *get_setup_key(const Path *path, const PathStep *step)
{
    const FirmwareVendor *vendor = path->verdict->setup.vendor;
    return vendor != NULL && *vendor->key != '\0' ? g_strdup(vendor->key) : NULL;
}

static void append_place(GString *text, const FirmwareSetting *setting)
{
    g_autofree char *values = g_strjoinv(" or ", setting->values);
    g_string_append_printf(text, "\n- `%s`%s%s%s: %s (%s)", setting->name,
                           *setting->path != '\0' ? ", under `" : "", setting->path,
                           *setting->path != '\0' ? "`" : "", values, setting->boards);
}

/* What boards of this maker call the option, and where it is, as Markdown. */
static char *get_setup_places(const Path *path, const PathStep *step)
{
    const FirmwareSetup *all = &path->verdict->setup;
    const SetupVerdict *setup = setup_of(path, step);
    GString *text = g_string_new(NULL);

    if (setup == NULL)
        return g_string_free(text, FALSE);
    if (setup->settings->len == 0) {
        g_auto(GStrv) names = setup_names(all, setup);
        g_autofree char *called = g_strjoinv("*, *", names);
        g_string_append_printf(text, "Where it is on this board no table knows. Look for *%s*.",
                               called);
        return g_string_free(text, FALSE);
    }
    g_string_append_printf(text,
                           "Boards by %s have it here; in brackets, those that the source is "
                           "about:\n",
                           all->vendor != NULL ? all->vendor->name : "this maker");
    for (guint i = 0; i < setup->settings->len; i++)
        append_place(text, g_ptr_array_index(setup->settings, i));
    return g_string_free(text, FALSE);
}

/* What the step would change here, as Markdown. */
static char *get_wants(const Path *path, const PathStep *step)
{
    GString *text = g_string_new(NULL);

    if (step->goals->len == 0)
        return g_string_free(text, FALSE);
    g_string_append(text, "On this host it would see to:\n");
    for (guint i = 0; i < step->goals->len; i++) {
        const Goal *goal = g_ptr_array_index(step->goals, i);
        g_autofree char *what = step_goal_describe(goal);
        g_string_append_printf(text, "\n- %s. %s%s", what, goal->why,
                               goal->restart ? " It counts from the next start of the host." : "");
    }
    g_string_append_printf(text,
                           "\n\n`rootstock plan %s` shows how it would be changed, `sudo rootstock "
                           "apply %s` changes it, and `sudo rootstock undo` takes it back.",
                           step_id(step->step), step_id(step->step));
    return g_string_free(text, FALSE);
}

static const struct {
    const char *name;
    const char *word; /* where the host does not tell */
    GetValue *get;
    bool markdown;
} VALUES[] = {
    {"account", "QEMU-ACCOUNT", get_account, false},
    {"binding.rules",
     "ACTION==\"add\", ENV{MODALIAS}==\"?*\", \\\n"
     "  ATTR{[pci/GPU-ADDRESS]vendor}==\"0xVENDOR\", ATTR{[pci/GPU-ADDRESS]device}==\"0xDEVICE\", "
     "\\\n"
     "  ATTR{[pci/GPU-ADDRESS]driver_override}=\"vfio-pci\"\n"
     "ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"GPU-ADDRESS\", \\\n"
     "  ATTR{[subsystem/pci]drivers_probe}=\"$kernel\", RUN{builtin}+=\"kmod load vfio-pci\"",
     value_binding_rules, true},
    {"board", "the board", get_board, false},
    {"clock", "CLOCK-SOURCE", get_clock, false},
    {"codec", "the one that stands there", get_codec, false},
    {"codec.layouts", "those in its list of codecs", get_layouts, false},
    {"cpu", "the processor", get_cpu, false},
    {"cpu.cores", "N", get_cores, false},
    {"cpu.p-list", "LIST", get_p_list, false},
    {"cpu.threads", "N", get_threads, false},
    {"distribution", "the distribution", get_distribution, false},
    {"display-manager", "display-manager.service", get_display_manager, false},
    {"folder", "STORE", get_folder, false},
    {"governor", "GOVERNOR", get_governor, false},
    {"gpu", "GPU-ADDRESS", value_gpu, false},
    {"gpu.driver", "DRIVER", value_gpu_driver, false},
    {"gpu.functions", "the card's functions", value_gpu_functions, false},
    {"gpu.group", "N", value_gpu_group, false},
    {"gpu.ids", "VENDOR:DEVICE", value_gpu_ids, false},
    {"gpu.hostdevs",
     "<hostdev mode='subsystem' type='pci' managed='yes'>\n"
     "  <source>\n"
     "    <address domain='0xDDDD' bus='0xBB' slot='0xSS' function='0xF'/>\n"
     "  </source>\n"
     "</hostdev>",
     value_gpu_hostdevs, true},
    {"gpu.last", "the last release with a driver for it", value_gpu_last, false},
    {"gpu.name", "the card", value_gpu_name, false},
    {"gpu.needs", "what `rootstock check` says", value_gpu_needs, false},
    {"gpu.option", "", value_gpu_option, false},
    {"gpu.releases", "the releases that `rootstock check` names", value_gpu_releases, false},
    {"gpu.short", "GPU-ADDRESS", value_gpu_short, false},
    {"host-gpu", "the host's card", value_host_gpu, false},
    {"interface", "INTERFACE", get_interface, false},
    {"kernel", "VERSION", get_kernel, false},
    {"keyboard", "NAME-event-kbd", get_keyboard, false},
    {"kvm-module", "kvm_intel (or kvm_amd)", get_kvm_module, false},
    {"machine", "NAME", get_machine, false},
    {"machine.threads", "N", get_machine_threads, false},
    {"memory", "N GiB", get_memory, false},
    {"mouse", "NAME-event-mouse", get_mouse, false},
    {"pages", "PAGES", get_pages, false},
    {"release", "RELEASE", get_release_id, false},
    {"release.installer", "Apple's recovery or an install disc", get_release_installer, false},
    {"release.mac", "MODEL", get_release_mac, false},
    {"release.name", "the release", get_release_name, false},
    {"setup.key", "a key such as Del or F2", get_setup_key, false},
    {"setup.places", "", get_setup_places, true},
    {"step", "STEP", get_step, false},
    {"wants", "", get_wants, true},
};

char *path_value(const Path *path, const PathStep *step, const char *name, bool *ret_known,
                 bool *ret_markdown)
{
    for (guint i = 0; i < G_N_ELEMENTS(VALUES); i++) {
        if (strcmp(VALUES[i].name, name) != 0)
            continue;
        char *value = VALUES[i].get(path, step);
        *ret_known = value != NULL;
        *ret_markdown = VALUES[i].markdown;
        return value != NULL ? value : g_strdup(VALUES[i].word);
    }
    return NULL;
}
