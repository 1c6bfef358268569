/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "describe/describe.h"

#include <string.h>

/* A group may hold thousands of functions; the JSON documents name them all. */
enum { SHOWN_MOST = 8 };

static bool is_there(const char *text)
{
    return text != NULL && *text != '\0';
}

/* "A B", "A", "B" or NULL. A name that repeats its vendor says it once. */
static char *join_names(const char *vendor, const char *name)
{
    if (!is_there(vendor) || (is_there(name) && g_str_has_prefix(name, vendor)))
        return is_there(name) ? g_strdup(name) : NULL;
    return is_there(name) ? g_strdup_printf("%s %s", vendor, name) : g_strdup(vendor);
}

char *describe_board(const Facts *facts)
{
    const FirmwareFacts *firmware = &facts->firmware;
    char *board = join_names(firmware->board_vendor, firmware->board_name);
    return board != NULL ? board : join_names(firmware->system_vendor, firmware->system_name);
}

char *describe_cpu(const CpuFacts *cpu)
{
    GString *text = g_string_new(is_there(cpu->name) ? cpu->name : "unknown processor");
    if (cpu->packages > 1)
        g_string_append_printf(text, ", %d packages", cpu->packages);
    if (cpu->cores > 0)
        g_string_append_printf(text, ", %d core%s", cpu->cores, cpu->cores == 1 ? "" : "s");
    if (cpu->threads > 0)
        g_string_append_printf(text, ", %d thread%s", cpu->threads, cpu->threads == 1 ? "" : "s");
    return g_string_free(text, FALSE);
}

char *describe_firmware(const Facts *facts)
{
    g_autofree char *board = describe_board(facts);
    const char *kind = facts->firmware.uefi == TRI_YES  ? ", UEFI"
                       : facts->firmware.uefi == TRI_NO ? ", BIOS"
                                                        : "";
    return g_strdup_printf("%s%s", board != NULL ? board : "unknown board", kind);
}

char *describe_system(const Facts *facts)
{
    const DistributionFacts *distribution = &facts->distribution;
    const char *name = is_there(distribution->name) ? distribution->name : distribution->id;
    return g_strdup_printf("%s%s%s", is_there(name) ? name : "unknown distribution",
                           is_there(facts->kernel.release) ? ", Linux " : "",
                           is_there(facts->kernel.release) ? facts->kernel.release : "");
}

char *describe_kvm(const KvmFacts *kvm)
{
    const char *word = kvm->usable == TRI_YES  ? "works"
                       : kvm->usable == TRI_NO ? "does not work"
                                               : "unknown";
    if (kvm->usable == TRI_YES || !is_there(kvm->evidence))
        return g_strdup(word);
    return g_strdup_printf("%s: %s", word, kvm->evidence);
}

const char *describe_address(const char *address)
{
    return g_str_has_prefix(address, "0000:") ? address + strlen("0000:") : address;
}

char *describe_shortly(const char *text)
{
    static const char ADDRESS[] = "(?<![0-9a-f:/])0000:(?=[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7])";
    g_autoptr(GRegex) regex = g_regex_new(ADDRESS, 0, 0, NULL);
    char *shortened = g_regex_replace_literal(regex, text, -1, 0, "", 0, NULL);
    return shortened != NULL ? shortened : g_strdup(text); /* not UTF-8 */
}

char *describe_id(const PciFunction *function)
{
    if (function->vendor == UNKNOWN || function->device == UNKNOWN)
        return NULL;
    return g_strdup_printf("%04x:%04x", (guint)function->vendor, (guint)function->device);
}

/* Vendor names as the market says them; pci.ids has the registered company. */
static char *short_vendor(const char *vendor)
{
    static const struct {
        const char *start, *name;
    } SHORT[] = {{"Advanced Micro Devices", "AMD"}, {"NVIDIA", "NVIDIA"}, {"Intel", "Intel"}};

    for (guint i = 0; i < G_N_ELEMENTS(SHORT); i++) {
        if (vendor != NULL && g_str_has_prefix(vendor, SHORT[i].start))
            return g_strdup(SHORT[i].name);
    }
    return g_strdup(vendor);
}

char *describe_function(const PciFunction *function)
{
    g_autofree char *vendor = short_vendor(function->vendor_name);
    g_autofree char *name = join_names(vendor, function->device_name);
    g_autofree char *id = describe_id(function);

    if (name != NULL && is_there(function->device_name))
        return g_steal_pointer(&name);
    return g_strdup_printf("%s%s%s", name != NULL ? name : "unknown device", id != NULL ? " " : "",
                           id != NULL ? id : "");
}

char *describe_releases(const GraphicsFamily *family)
{
    if (family == NULL)
        return g_strdup("unknown");
    if (family->first == NULL || family->last == NULL)
        return g_strdup("none");
    if (family->first == family->last)
        return g_strdup(family->first->version);
    return g_strdup_printf("%s to %s", family->first->version, family->last->version);
}

static char *list_functions(const GPtrArray *functions)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < functions->len && i < SHOWN_MOST; i++) {
        const PciFunction *function = g_ptr_array_index(functions, i);
        g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ",
                               describe_address(function->address));
    }
    if (functions->len > SHOWN_MOST)
        g_string_append_printf(text, " and %u more", functions->len - SHOWN_MOST);
    return g_string_free(text, FALSE);
}

static bool is_behind(const DeviceVerdict *device, const char *id)
{
    for (guint i = 0; i < device->obstacles->len; i++) {
        const HostObstacle *obstacle = g_ptr_array_index(device->obstacles, i);
        if (strcmp(obstacle->id, id) == 0)
            return true;
    }
    return false;
}

/* "Alone in its group with 03:00.1.", or with "0e:00.1 of another group". What a card has beside it
 * that is no part of it makes it no longer alone: NULL. */
static char *describe_alone(const Verdict *verdict, const DeviceVerdict *card)
{
    g_autoptr(GPtrArray) near = g_ptr_array_new(), far = g_ptr_array_new();
    int group = card->function->iommu_group;

    for (guint i = 0; i < card->with->len; i++) {
        PciFunction *function = g_ptr_array_index(card->with, i);
        const DeviceVerdict *other = g_hash_table_lookup(verdict->by_address, function->address);
        if (other->card != card)
            return NULL;
        g_ptr_array_add(function->iommu_group == group ? near : far, function);
    }
    if (card->role != ROLE_GPU || group == UNKNOWN)
        return NULL;
    g_autofree char *inside = list_functions(near), *outside = list_functions(far);
    return g_strdup_printf("Alone in its group%s%s%s%s%s%s.", near->len > 0 ? " with " : "", inside,
                           far->len > 0 ? "; with " : "", outside,
                           far->len > 0 ? " of another" : "",
                           is_behind(card, "group-listing") ? ", as far as is told" : "");
}

/* NULL: nothing goes with it. */
static char *describe_with(const Verdict *verdict, const DeviceVerdict *device)
{
    char *alone = describe_alone(verdict, device);

    if (alone != NULL || device->with->len == 0)
        return alone;
    g_autofree char *with = list_functions(device->with);
    return g_strdup_printf("With %s.", with);
}

char *describe_against(const char *sentence, const char *address)
{
    gsize length = strlen(address);
    bool own = g_str_has_prefix(sentence, address) && sentence[length] == ' ';
    const char *rest = own ? sentence + length + 1 : sentence;

    g_autofree char *whole = g_strconcat(rest, g_str_has_suffix(rest, ".") ? NULL : ".", NULL);
    char *text = describe_shortly(whole);
    text[0] = g_ascii_toupper(text[0]);
    return text;
}

static const char *describe_reset(const DeviceVerdict *device)
{
    /* other parts of a card are reset with it */
    bool minor = device->role == ROLE_OTHER || device->role == ROLE_BRIDGE || device->card != NULL;

    if (strcmp(device->reset, "none") == 0 &&
        (device->role == ROLE_GPU || (!minor && device->passable != ANSWER_NO)))
        return "Cannot be reset.";
    if (device->function->reset_failed == TRI_YES)
        return "Did not come back after a reset.";
    if (device->role != ROLE_GPU)
        return NULL;
    if (strcmp(device->reset, "bug") == 0)
        return "Has the reset bug.";
    return strcmp(device->reset, "unknown") == 0 ? "Not known whether it can be reset." : NULL;
}

static void add_note(GPtrArray *notes, char *note)
{
    if (note != NULL)
        g_ptr_array_add(notes, note);
}

static void add_against(GPtrArray *notes, const DeviceVerdict *device)
{
    for (guint i = 0; i < device->against->len && i < SHOWN_MOST; i++)
        g_ptr_array_add(notes, describe_against(g_ptr_array_index(device->against, i),
                                                device->function->address));
    if (device->against->len > SHOWN_MOST)
        g_ptr_array_add(notes,
                        g_strdup_printf("And %u more reasons.", device->against->len - SHOWN_MOST));
}

char *describe_device_notes(const Verdict *verdict, const DeviceVerdict *device)
{
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);

    add_against(notes, device);
    add_note(notes, describe_with(verdict, device));
    add_note(notes, g_strdup(describe_reset(device)));
    g_autofree char *macos = describe_macos(&device->macos);
    if (macos != NULL)
        g_ptr_array_add(notes, g_strdup_printf("macOS: %s", macos));
    add_note(notes, describe_obstacle_numbers(verdict, device));
    g_ptr_array_add(notes, NULL);
    return g_strjoinv("\n", (char **)notes->pdata);
}

char *describe_reasons(const GPtrArray *reasons)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < reasons->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "",
                               (const char *)g_ptr_array_index(reasons, i));
    g_autofree char *whole = g_string_free(text, FALSE);
    return describe_shortly(whole);
}
