/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine/machine.h"

#include "base/error.h"
#include "base/size.h"
#include "facts/facts.h"
#include "machine/choices.h"

#include <string.h>

/*
 * The machine file. GKeyFile reads the values; what it lets pass in silence (a key or section that
 * is there twice, control characters) is looked for first, line by line.
 */

#define FILE_MAX (64 * 1024)

static bool read_os(Reader *reader, const char *value, GError **error)
{
    const Release *release = catalog_release_asked(reader->catalog, value, error);
    if (release == NULL)
        return false;
    reader->choices->os = g_strdup(release->id);
    return true;
}

static bool read_force(Reader *reader, const char *value, GError **error)
{
    Tri force;
    if (!read_tri(value, &force, error))
        return false;
    reader->choices->force = force == TRI_YES;
    return true;
}

static bool read_cores(Reader *reader, const char *value, GError **error)
{
    guint64 cores;
    if (!g_ascii_string_to_unsigned(value, 10, 1, 4096, &cores, NULL))
        return fail(error, ERROR_INPUT,
                    "'%s' is not a number of processors; write a whole number such as 4.", value);
    reader->choices->cores = (int)cores;
    return true;
}

static bool read_size(const char *value, gint64 *ret_size, GError **error)
{
    guint64 bytes;
    if (!size_parse(value, &bytes, error))
        return false;
    if (bytes == 0)
        return fail(error, ERROR_INPUT,
                    "The size may not be 0; write a size such as 16G, or leave the line out for "
                    "the default.");
    *ret_size = (gint64)bytes;
    return true;
}

static bool read_memory(Reader *reader, const char *value, GError **error)
{
    return read_size(value, &reader->choices->memory, error);
}

static bool read_huge_pages(Reader *reader, const char *value, GError **error)
{
    return machine_read_huge_page(value, &reader->choices->huge_page, error);
}

static bool read_disk(Reader *reader, const char *value, GError **error)
{
    return read_size(value, &reader->choices->disk, error);
}

static bool read_addresses(const char *value, GStrv *ret_addresses, GError **error)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit(value, ";", -1);

    for (char **part = parts; *part != NULL; part++) {
        const char *text = g_strstrip(*part);
        if (*text == '\0' && part[1] == NULL && part != parts)
            break; /* a ';' at the end */
        g_autofree char *full = pci_address_full(text);
        if (full == NULL)
            return fail(error, ERROR_INPUT,
                        "'%s' is not a PCI address; write it as `rootstock devices` does, such as "
                        "0000:01:00.0.",
                        text);
        g_strv_builder_add(builder, full);
    }
    *ret_addresses = g_strv_builder_end(builder);
    return true;
}

static bool read_gpus(Reader *reader, const char *value, GError **error)
{
    return read_addresses(value, &reader->choices->gpus, error);
}

static bool read_devices(Reader *reader, const char *value, GError **error)
{
    return read_addresses(value, &reader->choices->devices, error);
}

static const Key KEYS[] = {
    {"machine", "os", read_os},
    {"machine", "force", read_force},
    {"processor", "cores", read_cores},
    {"memory", "size", read_memory},
    {"memory", "huge-pages", read_huge_pages},
    {"disk", "size", read_disk},
    {"devices", "gpu", read_gpus},
    {"devices", "device", read_devices},
    {"network", "kind", read_network_kind},
    {"network", "bridge", read_network_bridge},
    {"network", "interface", read_network_interface},
    {"opencore", "log", read_opencore_log},
    {"opencore", "verbose", read_opencore_verbose},
    {"opencore", "picker", read_opencore_picker},
    {"opencore", "protection", read_opencore_protection},
    {"opencore", "memory-map", read_opencore_memory_map},
    {"opencore", "resolution", read_opencore_resolution},
    {"opencore", "language", read_opencore_language},
    {"opencore", "layout", read_opencore_layout},
    {"opencore", "add", read_opencore_add},
    {"opencore", "leave-out", read_opencore_leave_out},
    {"opencore", "serial", read_opencore_serial},
    {"opencore", "board-serial", read_opencore_board_serial},
    {"opencore", "rom", read_opencore_rom},
    {"opencore", "recovery", read_opencore_recovery},
};

/* The text is UTF-8 without control characters, and not too long for a machine file. */
static bool check_text(const char *text, gsize length, const char *name, GError **error)
{
    const char *end;
    if (length > FILE_MAX)
        return fail(error, ERROR_INPUT,
                    "%s is %" G_GSIZE_FORMAT " bytes long; that is no machine "
                    "file.",
                    name, length);
    if (!g_utf8_validate_len(text, length, &end))
        return fail(error, ERROR_INPUT,
                    "%s is not text: the byte at offset %" G_GSIZE_FORMAT
                    " is not UTF-8. Write the file again as plain text.",
                    name, (gsize)(end - text));
    guint line = 1;
    for (const char *p = text; p < text + length; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '\n')
            line++;
        else if (c != '\t' && g_unichar_iscntrl(c) &&
                 !(c == '\r' && p + 1 < text + length && p[1] == '\n'))
            return fail(error, ERROR_INPUT,
                        "%s, line %u: there is a control character (code %u). Take it out.", name,
                        line, c);
    }
    return true;
}

static const Key *find_key(const char *group, const char *key)
{
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++)
        if (strcmp(KEYS[i].group, group) == 0 && strcmp(KEYS[i].key, key) == 0)
            return &KEYS[i];
    return NULL;
}

/* The section whose keys are those of OpenCore's config.plist. */
static bool is_config(const char *group)
{
    return g_strcmp0(group, "config") == 0;
}

/* The known keys of GROUP (all groups for NULL), for messages. The caller owns it. */
static char *known_names(const char *group)
{
    GString *names = g_string_new(is_config(group) ? "key paths of OpenCore's config.plist" : NULL);
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        const char *name = group == NULL ? KEYS[i].group : KEYS[i].key;
        if (group != NULL && strcmp(KEYS[i].group, group) != 0)
            continue;
        if (group == NULL && i > 0 && strcmp(KEYS[i - 1].group, KEYS[i].group) == 0)
            continue;
        g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "", name);
    }
    if (group == NULL)
        g_string_append(names, ", config");
    return g_string_free(names, FALSE);
}

/* Checks one section header; RET_GROUP gets its name. SEEN holds "group" and "group/key" strings.
 */
static bool check_group(const char *line, const char *where, GHashTable *seen, char **ret_group,
                        GError **error)
{
    gsize length = strlen(line);
    if (line[length - 1] != ']')
        return fail(error, ERROR_INPUT, "%s: '%s' is not a section; write [name].", where, line);
    g_autofree char *group = g_strndup(line + 1, length - 2);
    g_autofree char *keys = known_names(group);
    if (*keys == '\0') {
        g_autofree char *groups = known_names(NULL);
        return fail(error, ERROR_INPUT,
                    "%s: there is no section [%s] in a machine file. The sections are: %s.", where,
                    group, groups);
    }
    if (!g_hash_table_add(seen, g_strdup(group)))
        return fail(error, ERROR_INPUT,
                    "%s: the section [%s] is there twice. Put its keys together.", where, group);
    g_free(*ret_group);
    *ret_group = g_steal_pointer(&group);
    return true;
}

static bool check_key(const char *line, const char *where, const char *group, GHashTable *seen,
                      GError **error)
{
    const char *equals = strchr(line, '=');
    if (equals == NULL)
        return fail(error, ERROR_INPUT,
                    "%s: '%s' is not a line of a machine file; write key=value.", where, line);
    if (group == NULL)
        return fail(error, ERROR_INPUT,
                    "%s: '%s' stands before the first section. Put it below [machine] or the "
                    "section that it belongs to.",
                    where, line);
    g_autofree char *key = g_strndup(line, equals - line);
    g_strchomp(key);
    if (find_key(group, key) == NULL) {
        g_autofree char *keys = known_names(group);
        return fail(error, ERROR_INPUT,
                    "%s: there is no key '%s' in section [%s]. Its keys are: %s.", where, key,
                    group, keys);
    }
    if (!g_hash_table_add(seen, g_strconcat(group, "/", key, NULL)))
        return fail(error, ERROR_INPUT, "%s: the key '%s' is in section [%s] twice. Keep one.",
                    where, key, group);
    return true;
}

/* Checks every line of TEXT. Those of [config] are read into SETTINGS and made blank, since
 * GKeyFile takes no key path for a key. */
static bool check_lines(char *text, const char *name, GPtrArray *settings, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *group = NULL;
    guint number = 0;

    for (char *at = text, *next; at != NULL; at = next) {
        char *end = strchrnul(at, '\n');
        next = *end == '\0' ? NULL : end + 1;
        g_autofree char *line = g_strstrip(g_strndup(at, (gsize)(end - at)));
        g_autofree char *where = g_strdup_printf("%s, line %u", name, ++number);
        bool good = true;
        if (*line == '[') {
            good = check_group(line, where, seen, &group, error);
        } else if (*line != '\0' && *line != '#' && is_config(group)) {
            good = read_setting(settings, line, where, error);
            memset(at, ' ', (gsize)(end - at));
        } else if (*line != '\0' && *line != '#') {
            good = check_key(line, where, group, seen, error);
        }
        if (!good)
            return false;
    }
    return true;
}

static bool read_key(Reader *reader, GKeyFile *file, const Key *key, GError **error)
{
    g_autofree char *value = g_key_file_get_value(file, key->group, key->key, NULL);
    if (value == NULL)
        return true;
    g_autoptr(GError) cause = NULL;
    if (*g_strstrip(value) == '\0')
        fail(&cause, ERROR_INPUT,
             "The value is empty. Write one, or leave the line out for the default.");
    else if (key->read(reader, value, &cause))
        return true;
    return fail(error, error_code(cause), "%s, [%s] %s: %s", reader->name, key->group, key->key,
                cause->message);
}

MachineChoices *machine_choices_parse(const char *text, gsize length, const char *name,
                                      const Catalog *catalog, GError **error)
{
    if (!check_text(text, length, name, error))
        return NULL;
    g_autofree char *copy = g_strndup(text, length);
    g_autoptr(MachineChoices) choices = machine_choices_new();
    choices->opencore.config = settings_new();
    if (!check_lines(copy, name, choices->opencore.config, error))
        return NULL;

    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) cause = NULL;
    if (!g_key_file_load_from_data(file, copy, length, G_KEY_FILE_NONE, &cause))
        return fail_null(error, ERROR_INPUT, "%s is not a machine file: %s", name, cause->message);

    Reader reader = {choices, catalog, name};
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++)
        if (!read_key(&reader, file, &KEYS[i], error))
            return NULL;
    if (choices->os == NULL)
        return fail_null(error, ERROR_INPUT,
                         "%s does not say which release of macOS the machine is for. Write "
                         "os=RELEASE below [machine]; `rootstock releases` lists them.",
                         name);
    return g_steal_pointer(&choices);
}

static void format_size(GString *text, const char *key, gint64 bytes)
{
    if (bytes <= 0)
        return;
    g_autofree char *size = size_exact((guint64)bytes);
    g_string_append_printf(text, "%s=%s\n", key, size);
}

static void format_memory(GString *text, const MachineChoices *choices)
{
    if (choices->memory > 0 || choices->huge_page > 0)
        g_string_append(text, "\n[memory]\n");
    format_size(text, "size", choices->memory);
    format_size(text, "huge-pages", choices->huge_page);
}

char *machine_choices_format(const MachineChoices *choices)
{
    bool any_device = (choices->gpus != NULL && choices->gpus[0] != NULL) ||
                      (choices->devices != NULL && choices->devices[0] != NULL);
    GString *text = g_string_new("# A machine of Rootstock: what was chosen for it. All else has a "
                                 "default;\n# `rootstock show` names each value with its reason.\n"
                                 "[machine]\n");
    if (choices->os != NULL)
        g_string_append_printf(text, "os=%s\n", choices->os);
    if (choices->force)
        g_string_append(text, "force=yes\n");
    if (choices->cores > 0)
        g_string_append_printf(text, "\n[processor]\ncores=%d\n", choices->cores);
    format_memory(text, choices);
    if (choices->disk > 0)
        g_string_append(text, "\n[disk]\n");
    format_size(text, "size", choices->disk);
    if (any_device)
        g_string_append(text, "\n[devices]\n");
    format_list(text, "gpu", choices->gpus);
    format_list(text, "device", choices->devices);
    format_network(text, choices);
    format_opencore(text, &choices->opencore);
    return g_string_free(text, FALSE);
}
