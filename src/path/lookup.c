/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/lookup.h"

#include <string.h>

bool path_passes_card(const Path *path)
{
    return path->target.graphics == GRAPHICS_DUAL || path->target.graphics == GRAPHICS_SINGLE;
}

bool path_passes_device(const Path *path)
{
    return path->target.functions->len > 0;
}

const ReleaseVerdict *lookup_release(const Path *path)
{
    return path->target.release != NULL ? verdict_release(path->verdict, path->target.release)
                                        : NULL;
}

char *lookup_card_name(const DeviceVerdict *device)
{
    const PciFunction *function = device->function;

    if (device->family != NULL)
        return g_strdup_printf("%s %s", device->family->vendor, device->family->name);
    if (function->device_name != NULL)
        return g_strdup(function->device_name);
    if (function->vendor != UNKNOWN && function->device != UNKNOWN)
        return g_strdup_printf("%04x:%04x", (guint)function->vendor, (guint)function->device);
    return g_strdup("a device that is not named");
}

char *lookup_card(const DeviceVerdict *device)
{
    g_autofree char *name = lookup_card_name(device);
    return g_strdup_printf("%s (%s)", device->function->address, name);
}

static const DeviceVerdict *device_at(const GPtrArray *functions, guint index)
{
    return g_ptr_array_index(functions, index);
}

char *lookup_addresses(const GPtrArray *functions)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < functions->len; i++)
        g_string_append_printf(text, "%s%s",
                               i == 0                    ? ""
                               : i + 1 == functions->len ? " and "
                                                         : ", ",
                               device_at(functions, i)->function->address);
    return g_string_free(text, FALSE);
}

/* Appends WORD to a list with commas unless it is in it. */
static void append_once(GString *list, const char *word)
{
    g_auto(GStrv) words = g_strsplit(list->str, ",", -1);
    if (!g_strv_contains((const char *const *)words, word))
        g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", word);
}

char *lookup_drivers(const GPtrArray *functions)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < functions->len; i++) {
        const char *driver = device_at(functions, i)->function->driver;
        if (driver != NULL && *driver != '\0' && strcmp(driver, "vfio-pci") != 0)
            append_once(text, driver);
    }
    g_auto(GStrv) drivers = g_strsplit(text->str, ",", -1);
    return g_strjoinv(", ", drivers);
}

static bool same_id(const PciFunction *a, const PciFunction *b)
{
    return a->vendor != UNKNOWN && a->device != UNKNOWN && a->vendor == b->vendor &&
           a->device == b->device;
}

static bool has_id_of(const GPtrArray *functions, const DeviceVerdict *device)
{
    for (guint i = 0; i < functions->len; i++) {
        if (same_id(device_at(functions, i)->function, device->function))
            return true;
    }
    return false;
}

const DeviceVerdict *lookup_twin(const Path *path, const GPtrArray *functions)
{
    const GPtrArray *devices = path->verdict->devices;

    for (guint i = 0; devices != NULL && i < devices->len; i++) {
        const DeviceVerdict *device = device_at(devices, i);
        if (!g_ptr_array_find((GPtrArray *)functions, device, NULL) && has_id_of(functions, device))
            return device;
    }
    return NULL;
}

static bool is_obstacle_of_display(const HostObstacle *obstacle)
{
    return strcmp(obstacle->id, "displays") == 0 || strcmp(obstacle->id, "boot-display") == 0;
}

void lookup_append_reason(GString *text, const char *reason)
{
    g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "", reason);
}

char *lookup_against(const Path *path)
{
    GString *text = g_string_new(NULL);
    const DeviceVerdict *gpu = path->target.gpu;
    bool single = path->target.graphics == GRAPHICS_SINGLE;

    for (guint i = 0; gpu != NULL && i < gpu->against->len; i++) {
        const char *against = g_ptr_array_index(gpu->against, i);
        if (!single || verdict_subject(path->verdict, against) != AGAINST_DISPLAY)
            lookup_append_reason(text, against);
    }
    for (guint i = 0; gpu != NULL && i < gpu->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(gpu->obstacles, i);
        if (obstacle->answer != ANSWER_YES && (!single || !is_obstacle_of_display(obstacle)))
            lookup_append_reason(text, obstacle->text);
    }
    return g_string_free(text, FALSE);
}

char *lookup_advice(const Path *path, const char *otherwise)
{
    const GPtrArray *advice = path->verdict->situation.advice;
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; path->machine == NULL && i < advice->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               (const char *)g_ptr_array_index(advice, i));
    return g_strdup(text->len > 0 ? text->str : otherwise);
}

Answer lookup_passable(const Path *path)
{
    const DeviceVerdict *gpu = path->target.gpu;
    if (gpu == NULL)
        return ANSWER_UNKNOWN;
    g_autofree char *against = lookup_against(path);
    return *against == '\0' ? ANSWER_YES : gpu->passable;
}

static void append_range(GString *text, const Release *first, const Release *last)
{
    g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", first->version);
    if (first != last)
        g_string_append_printf(text, " to %s", last->version);
}

char *lookup_releases(const Path *path, bool (*wanted)(const Path *path, const ReleaseVerdict *))
{
    GString *text = g_string_new(NULL);
    const Release *first = NULL, *last = NULL;

    for (guint i = 0; i < path->verdict->releases->len; i++) {
        const ReleaseVerdict *release = g_ptr_array_index(path->verdict->releases, i);
        if (wanted(path, release)) {
            first = first != NULL ? first : release->release;
            last = release->release;
        } else if (first != NULL) {
            append_range(text, first, last);
            first = NULL;
        }
    }
    if (first != NULL)
        append_range(text, first, last);
    return text->len > 0 ? g_string_free(text, FALSE)
                         : (g_string_free(text, TRUE), g_strdup("none"));
}

bool lookup_processor_runs(const Path *path, const ReleaseVerdict *release)
{
    return release->cpu.answer == ANSWER_YES || release->cpu.answer == ANSWER_LIMITED;
}

const char *lookup_module_option(const Facts *facts, const char *module, const char *option)
{
    char *const *lines = facts->setup.modules.options;

    for (; lines != NULL && *lines != NULL; lines++) {
        if (strstr(*lines, module) != NULL && strstr(*lines, option) != NULL)
            return *lines;
    }
    return NULL;
}

Tri lookup_is_notebook(const Path *path)
{
    if (strcmp(path->verdict->situation.kind, "notebook") == 0 ||
        host_is_notebook(&path->facts->firmware))
        return TRI_YES;
    return path->facts->firmware.chassis == UNKNOWN ? TRI_UNKNOWN : TRI_NO;
}

bool lookup_is_intel(const Facts *facts)
{
    return g_strcmp0(facts->cpu.vendor, "GenuineIntel") == 0;
}

bool lookup_is_amd(const Facts *facts)
{
    return g_strcmp0(facts->cpu.vendor, "AuthenticAMD") == 0;
}

bool lookup_has_modular_libvirt(char *const *units)
{
    return lookup_has(units, "virtqemud.socket") && !lookup_has(units, "libvirtd.socket");
}

const DeviceVerdict *lookup_role(const GPtrArray *functions, Role role, bool cards)
{
    for (guint i = 0; i < functions->len; i++) {
        const DeviceVerdict *device = device_at(functions, i);
        if (device->role == role && (cards || device->card == NULL))
            return device;
    }
    return NULL;
}

bool lookup_has(char *const *list, const char *word)
{
    return list != NULL && g_strv_contains((const char *const *)list, word);
}
