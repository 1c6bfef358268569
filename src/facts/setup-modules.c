/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "facts/setup-parts.h"

#include <string.h>

/* Lines of modprobe.d beyond this many are not kept. */
#define MOST_OPTIONS 64

/* What a line of modprobe.d is about, as modprobe.d(5) names modules; `-` and `_` are the same. */
static const char *const SUBJECTS[] = {
    "kvm",  "kvm_amd", "kvm_intel", "vfio",   "vfio_pci", "vfio_iommu_type1", "amdgpu",
    "i915", "nouveau", "nvidia",    "radeon", "xe",       "snd_hda_intel",    "xhci_pci"};

static void underscores(char *name)
{
    g_strdelimit(name, "-", '_');
}

static bool is_subject(const char *word)
{
    g_autofree char *name = g_strdup(word);
    underscores(name);
    for (guint i = 0; i < G_N_ELEMENTS(SUBJECTS); i++) {
        if (strcmp(name, SUBJECTS[i]) == 0)
            return true;
    }
    return false;
}

/* modprobe.d(5): "options MODULE ...", "softdep MODULE ...", "blacklist MODULE", "install MODULE
 * ..." */
static bool concerns(const char *line)
{
    static const char *const COMMANDS[] = {"options", "softdep", "blacklist", "install", NULL};
    g_auto(GStrv) words = g_strsplit_set(line, " \t", -1);
    guint given = 0;

    for (guint i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0')
            continue;
        if (given == 0 && !g_strv_contains(COMMANDS, words[i]))
            return false;
        if (given == 1)
            return is_subject(words[i]);
        given++;
    }
    return false;
}

static void add_file(const OsRoot *root, const char *path, GPtrArray *options)
{
    g_autofree char *text = os_read_text(root, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL && options->len < MOST_OPTIONS; i++) {
        const char *line = g_strstrip(lines[i]);
        if (concerns(line))
            g_ptr_array_add(options, g_strdup_printf("%s: %s", path, line));
    }
}

/* A file of one name counts in the first of the folders that has it. */
static GStrv read_options(const OsRoot *root)
{
    static const char *const FOLDERS[] = {"etc/modprobe.d", "run/modprobe.d", "usr/lib/modprobe.d",
                                          "lib/modprobe.d"};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) options = g_ptr_array_new();

    for (guint i = 0; i < G_N_ELEMENTS(FOLDERS); i++) {
        g_auto(GStrv) names = os_list(root, FOLDERS[i]);
        for (guint j = 0; names != NULL && names[j] != NULL; j++) {
            if (!g_str_has_suffix(names[j], ".conf") || !g_hash_table_add(seen, g_strdup(names[j])))
                continue;
            g_autofree char *path = g_build_filename(FOLDERS[i], names[j], NULL);
            add_file(root, path, options);
        }
    }
    g_ptr_array_add(options, NULL);
    GStrv list = (GStrv)g_ptr_array_steal(options, NULL);
    if (list[0] == NULL && !os_exists(root, "etc/modprobe.d") &&
        !os_exists(root, "usr/lib/modprobe.d") && !os_exists(root, "lib/modprobe.d"))
        g_clear_pointer(&list, g_strfreev);
    return list;
}

/* Each leaves a sign of its own. */
static const struct {
    const char *tool, *sign;
} TOOLS[] = {
    {"initramfs-tools", "usr/share/initramfs-tools/hooks"},
    {"dracut", "usr/lib/dracut"},
    {"mkinitcpio", "etc/mkinitcpio.conf"},
    {"booster", "usr/bin/booster"},
};

static GStrv find_tools(const OsRoot *root)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (!os_exists(root, "usr"))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(TOOLS); i++) {
        if (os_exists(root, TOOLS[i].sign))
            g_strv_builder_add(builder, TOOLS[i].tool);
    }
    return g_strv_builder_end(builder);
}

static void add_modules(GStrvBuilder *builder, GHashTable *seen, const char *words)
{
    g_auto(GStrv) names = g_strsplit_set(words, " \t,", -1);

    for (guint i = 0; names[i] != NULL; i++) {
        underscores(names[i]);
        if (*names[i] != '\0' && g_hash_table_add(seen, g_strdup(names[i])))
            g_strv_builder_add(builder, names[i]);
    }
}

/* The text between OPEN and CLOSE after `KEY=`, `KEY+=` or `KEY: `; NULL when LINE assigns nothing
 * to KEY. */
static char *assigned(const char *line, const char *key, const char *open, const char *close)
{
    if (!g_str_has_prefix(line, key))
        return NULL;
    line += strlen(key);
    line += strspn(line, " \t+=:");
    if (*line != '\0' && strchr(open, *line) != NULL)
        line++;
    return g_strndup(line, strcspn(line, close));
}

/* The modules that one configuration file names. */
static void add_early(const OsRoot *root, const char *path, GStrvBuilder *builder, GHashTable *seen)
{
    static const struct {
        const char *key, *open, *close;
    } KEYS[] = {
        {"MODULES", "(", ")"},                 /* mkinitcpio.conf(5) */
        {"force_drivers", "\"'", "\"'"},       /* dracut.conf(5) */
        {"modules_force_load", "\"'", "\"'#"}, /* booster(1) */
    };
    g_autofree char *text = os_read_text(root, path, NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        for (guint j = 0; j < G_N_ELEMENTS(KEYS); j++) {
            g_autofree char *words = assigned(line, KEYS[j].key, KEYS[j].open, KEYS[j].close);
            if (words != NULL)
                add_modules(builder, seen, words);
        }
    }
}

/* initramfs.conf(5): one module a line, with its parameters. */
static void add_early_lines(const OsRoot *root, GStrvBuilder *builder, GHashTable *seen)
{
    g_autofree char *text = os_read_text(root, "etc/initramfs-tools/modules", NULL);
    g_auto(GStrv) lines = g_strsplit(text != NULL ? text : "", "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]);
        line[strcspn(line, "# \t")] = '\0';
        add_modules(builder, seen, line);
    }
}

static void add_early_folder(const OsRoot *root, const char *folder, GStrvBuilder *builder,
                             GHashTable *seen)
{
    g_auto(GStrv) names = os_list(root, folder);
    for (guint i = 0; names != NULL && names[i] != NULL; i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);
        if (g_str_has_suffix(names[i], ".conf"))
            add_early(root, path, builder, seen);
    }
}

static GStrv read_early(const OsRoot *root)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!os_exists(root, "etc"))
        return NULL;
    add_early_lines(root, builder, seen);
    add_early(root, "etc/mkinitcpio.conf", builder, seen);
    add_early_folder(root, "etc/mkinitcpio.conf.d", builder, seen);
    add_early(root, "etc/dracut.conf", builder, seen);
    add_early_folder(root, "etc/dracut.conf.d", builder, seen);
    add_early(root, "etc/booster.yaml", builder, seen);
    return g_strv_builder_end(builder);
}

/* The parameter is a list with commas; it is there while the module is loaded. */
static GStrv read_vfio_ids(const OsRoot *root)
{
    g_autofree char *line = os_read_line(root, "sys/module/vfio_pci/parameters/ids");
    if (line != NULL && strcmp(line, "(null)") != 0)
        return g_strsplit(line, ",", -1);
    return os_exists(root, "sys/module") ? g_new0(char *, 1) : NULL;
}

void setup_read_modules(const OsRoot *root, ModuleSetup *modules)
{
    modules->options = read_options(root);
    modules->vfio_ids = read_vfio_ids(root);
    modules->initramfs = find_tools(root);
    modules->early = read_early(root);
    modules->overrides = setup_read_overrides(root);
}
