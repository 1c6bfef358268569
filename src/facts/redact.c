/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/redact.h"

#include "facts/setup-parts.h"

#include <string.h>

#define HEX "[0-9A-Fa-f]"
#define NOT_AFTER_HEX "(?<![0-9A-Fa-f])"
#define NOT_BEFORE_HEX "(?![0-9A-Fa-f])"

static const struct {
    const char *pattern, *replacement;
} RULES[] = {
    /* UUIDs, and the ids of FAT and NTFS after UUID=. Dashes are doubled in names of device-mapper,
     * and escaped as \x2d in names of systemd. */
    {NOT_AFTER_HEX HEX "{8}((?:-|--|\\\\x2d)" HEX "{4}){3}(?:-|--|\\\\x2d)" HEX
                       "{12}" NOT_BEFORE_HEX,
     "REDACTED"},
    {"(UUID=|/by-(?:uuid|partuuid|id)/)[^\\s,:\"']+", "\\1REDACTED"},
    {"\\b((?:systemd\\.)?hostname=)[^\\s]+", "\\1REDACTED"},
    {NOT_AFTER_HEX "(?:" HEX "{2}[:-]){5,7}" HEX "{2}" NOT_BEFORE_HEX, "REDACTED"},
    /* names of network interfaces (systemd.net-naming-scheme(7)) */
    {"\\b(en|ib|sl|wl|ww)x" HEX "{12}\\b", "\\1xREDACTED"},
    /* a machine id */
    {NOT_AFTER_HEX HEX "{32}" NOT_BEFORE_HEX, "REDACTED"},
};

/* Compiled at the first use; they live as long as the program. */
static GRegex *const *compiled_rules(void)
{
    static GRegex *compiled[G_N_ELEMENTS(RULES)];
    static gsize ready;

    if (g_once_init_enter(&ready)) {
        for (guint i = 0; i < G_N_ELEMENTS(RULES); i++)
            compiled[i] = g_regex_new(RULES[i].pattern, G_REGEX_OPTIMIZE, 0, NULL);
        g_once_init_leave(&ready, 1);
    }
    return compiled;
}

char *redact_text(const char *text)
{
    GRegex *const *rules = compiled_rules();
    char *result = g_utf8_make_valid(text, -1);

    for (guint i = 0; i < G_N_ELEMENTS(RULES); i++) {
        char *replaced = g_regex_replace(rules[i], result, -1, 0, RULES[i].replacement, 0, NULL);
        if (replaced == NULL) /* the pattern gave up on this text: then nothing of it is kept */
            replaced = g_strdup("REDACTED");
        g_free(result);
        result = replaced;
    }
    return result;
}

static void redact(char **text)
{
    if (*text == NULL)
        return;
    char *before = *text;
    *text = redact_text(before);
    g_free(before);
}

static void redact_list(GStrv texts)
{
    for (; texts != NULL && *texts != NULL; texts++)
        redact(texts);
}

static void rename_below(const GPtrArray *network, const char *before, const char *after)
{
    for (guint i = 0; i < network->len; i++) {
        const NetInterface *interface = g_ptr_array_index(network, i);
        for (char **name = interface->below; name != NULL && *name != NULL; name++) {
            if (strcmp(*name, before) == 0) {
                g_free(*name);
                *name = g_strdup(after);
            }
        }
    }
}

static void redact_network(GPtrArray *network)
{
    for (guint i = 0; network != NULL && i < network->len; i++) {
        NetInterface *interface = g_ptr_array_index(network, i);
        g_autofree char *redacted = redact_text(interface->name);
        if (strcmp(redacted, interface->name) == 0)
            continue;
        char *name = g_strdup_printf("REDACTED-%u", i + 1);
        rename_below(network, interface->name, name);
        g_free(interface->name);
        interface->name = name;
    }
}

/* What a device calls itself can be what its owner calls it. */
static void redact_usb(const GPtrArray *usb)
{
    for (guint i = 0; usb != NULL && i < usb->len; i++) {
        UsbDevice *device = g_ptr_array_index(usb, i);
        redact(&device->manufacturer);
        redact(&device->product);
    }
}

/* A pattern for HOST as a whole word, dashes doubled as device-mapper does; NULL for names that are
 * too short to find, or that tell nothing. */
static GRegex *host_pattern(const char *host, const char *distribution)
{
    if (host == NULL || strlen(host) < 3 || strcmp(host, "localhost") == 0 ||
        g_strcmp0(host, distribution) == 0)
        return NULL;
    g_autofree char *valid = g_utf8_make_valid(host, -1);
    g_autofree char *escaped = g_regex_escape_string(valid, -1);
    g_auto(GStrv) parts = g_strsplit(escaped, "-", -1);
    g_autofree char *dashed = g_strjoinv("--?", parts);
    g_autofree char *pattern = g_strconcat("(?<![A-Za-z0-9])", dashed, "(?![A-Za-z0-9])", NULL);
    return g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
}

static void redact_host(const GRegex *pattern, char **text)
{
    if (*text == NULL)
        return;
    char *replaced = g_regex_replace_literal(pattern, *text, -1, 0, "REDACTED", 0, NULL);
    if (replaced == NULL)
        return;
    g_free(*text);
    *text = replaced;
}

/* Volume groups and pools are often called after the host. Only arguments that name such things are
 * looked at, so that a host called "iommu" keeps its intel_iommu=on. */
static void redact_host_in_arguments(const GRegex *pattern, char **command_line)
{
    static const char *const PREFIXES[] = {"root=", "resume=", "rd.", "ip=", "cryptdevice="};

    if (*command_line == NULL)
        return;
    g_auto(GStrv) words = g_strsplit(*command_line, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        for (guint i = 0; i < G_N_ELEMENTS(PREFIXES); i++) {
            if (g_str_has_prefix(*word, PREFIXES[i]))
                redact_host(pattern, word);
        }
    }
    g_free(*command_line);
    *command_line = g_strjoinv(" ", words);
}

static void redact_host_everywhere(const GRegex *pattern, Facts *facts)
{
    const GPtrArray *devices = facts->storage.devices;

    redact_host_in_arguments(pattern, &facts->kernel.command_line);
    for (char **text = facts->storage.unplaced; text != NULL && *text != NULL; text++)
        redact_host(pattern, text);
    for (guint i = 0; devices != NULL && i < devices->len; i++)
        redact_host(pattern, &((BlockDevice *)g_ptr_array_index(devices, i))->label);
    for (guint i = 0; facts->usb != NULL && i < facts->usb->len; i++)
        redact_host(pattern, &((UsbDevice *)g_ptr_array_index(facts->usb, i))->product);
}

static void redact_input(GStrv names)
{
    for (; names != NULL && *names != NULL; names++) {
        char *before = *names;
        *names = setup_input_without_serial(before);
        g_free(before);
    }
}

static void redact_setup(SetupFacts *setup)
{
    redact_list(setup->modules.options);
    redact_list(setup->bridges);
    redact_input(setup->keyboards);
    redact_input(setup->mice);
}

static void redact_storage(StorageFacts *storage)
{
    redact_list(storage->unplaced);
    for (guint i = 0; storage->devices != NULL && i < storage->devices->len; i++) {
        BlockDevice *device = g_ptr_array_index(storage->devices, i);
        redact(&device->label);
        redact_list(device->mounts);
    }
}

void facts_redact(Facts *facts, const char *host)
{
    g_autoptr(GRegex) pattern = host_pattern(host, facts->distribution.id);

    redact(&facts->kernel.command_line);
    redact(&facts->boot_loader.evidence);
    redact_list(facts->boot_loader.others);
    redact_storage(&facts->storage);
    redact_network(facts->network);
    redact_usb(facts->usb);
    redact_setup(&facts->setup);
    if (pattern != NULL)
        redact_host_everywhere(pattern, facts);
}
