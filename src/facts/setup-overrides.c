/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/facts.h"
#include "facts/setup-parts.h"

#include <string.h>

/* Functions beyond this many are not kept. */
#define MOST_OVERRIDES 256

typedef struct {
    GStrvBuilder *builder;
    GHashTable *seen;
} Overrides;

static void add(Overrides *overrides, const char *text)
{
    g_autofree char *address = pci_address_full(text);
    if (address == NULL || g_hash_table_size(overrides->seen) >= MOST_OVERRIDES ||
        g_hash_table_contains(overrides->seen, address))
        return;
    g_strv_builder_add(overrides->builder, address);
    g_hash_table_add(overrides->seen, g_steal_pointer(&address));
}

/* What stands between BEFORE and one of AFTER, each time: names with `|` between. */
static void add_between(Overrides *overrides, const char *line, const char *before,
                        const char *after)
{
    for (const char *at = line; (at = strstr(at, before)) != NULL;) {
        at += strlen(before);
        g_autofree char *value = g_strndup(at, strcspn(at, after));
        g_auto(GStrv) names = g_strsplit(value, "|", -1);
        for (guint i = 0; names[i] != NULL; i++)
            add(overrides, names[i]);
    }
}

/* udev(7): KERNEL=="0000:01:00.0" is the device of the event, [pci/0000:01:00.0]driver_override an
 * attribute of another one; a line goes on behind a `\`. */
static void add_rules(const OsRoot *root, const char *path, Overrides *overrides)
{
    g_autofree char *text = os_read_text(root, path, NULL);
    g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", "\\\n", -1);
    g_autofree char *joined = g_strjoinv(" ", parts);
    g_auto(GStrv) lines = g_strsplit(joined, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        if (*line == '#' || strstr(line, "driver_override}=\"vfio-pci\"") == NULL)
            continue;
        add_between(overrides, line, "KERNEL==\"", "\"");
        add_between(overrides, line, "[pci/", "]");
    }
}

/* driverctl(8): a file for each function, "pci-0000:01:00.0" or "0000:01:00.0", with the name of
 * its driver in it. */
static void add_driverctl(const OsRoot *root, const char *folder, const char *name,
                          Overrides *overrides)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *driver = os_read_line(root, path);
    if (g_strcmp0(driver, "vfio-pci") == 0)
        add(overrides, g_str_has_prefix(name, "pci-") ? name + strlen("pci-") : name);
}

GStrv setup_read_overrides(const OsRoot *root)
{
    static const char RULES[] = "etc/udev/rules.d", DRIVERCTL[] = "etc/driverctl.d";
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Overrides overrides = {builder, seen};

    if (!os_exists(root, "etc"))
        return NULL;
    g_auto(GStrv) rules = os_list(root, RULES);
    for (guint i = 0; rules != NULL && rules[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(RULES, rules[i], NULL);
        if (g_str_has_suffix(rules[i], ".rules"))
            add_rules(root, path, &overrides);
    }
    g_auto(GStrv) files = os_list(root, DRIVERCTL);
    for (guint i = 0; files != NULL && files[i] != NULL; i++)
        add_driverctl(root, DRIVERCTL, files[i], &overrides);
    return g_strv_builder_end(builder);
}
