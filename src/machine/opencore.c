/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "machine/choices.h"

#include <string.h>

/* What the machine file says of the boot loader. */

bool read_tri(const char *value, Tri *ret_tri, GError **error)
{
    bool yes = strcmp(value, "yes") == 0;
    if (!yes && strcmp(value, "no") != 0)
        return fail(error, ERROR_INPUT, "'%s' is neither 'yes' nor 'no'.", value);
    *ret_tri = tri(yes);
    return true;
}

bool read_opencore_log(Reader *reader, const char *value, GError **error)
{
    return read_tri(value, &reader->choices->opencore.log, error);
}

bool read_opencore_verbose(Reader *reader, const char *value, GError **error)
{
    return read_tri(value, &reader->choices->opencore.verbose, error);
}

bool read_opencore_protection(Reader *reader, const char *value, GError **error)
{
    return read_tri(value, &reader->choices->opencore.protection, error);
}

bool read_opencore_memory_map(Reader *reader, const char *value, GError **error)
{
    return read_tri(value, &reader->choices->opencore.memory_map, error);
}

bool read_opencore_picker(Reader *reader, const char *value, GError **error)
{
    bool graphical = strcmp(value, "graphical") == 0;
    if (!graphical && strcmp(value, "text") != 0)
        return fail(error, ERROR_INPUT, "'%s' is neither 'text' nor 'graphical'.", value);
    reader->choices->opencore.graphical = tri(graphical);
    return true;
}

/* WIDTHxHEIGHT, or Max: OpenCore's Configuration.tex, UEFI Output Resolution. */
bool read_opencore_resolution(Reader *reader, const char *value, GError **error)
{
    guint64 width, height;
    g_auto(GStrv) parts = g_strsplit(value, "x", 2);
    bool numbers = parts[0] != NULL && parts[1] != NULL &&
                   g_ascii_string_to_unsigned(parts[0], 10, 640, 16384, &width, NULL) &&
                   g_ascii_string_to_unsigned(parts[1], 10, 480, 16384, &height, NULL);
    if (!numbers && strcmp(value, "Max") != 0)
        return fail(error, ERROR_INPUT,
                    "'%s' is no resolution; write one such as 1920x1080, or Max.", value);
    reader->choices->opencore.resolution = g_strdup(value);
    return true;
}

/* Printable ASCII without white space, at most MAX letters of it. */
static bool is_word(const char *value, gsize max)
{
    gsize length = strlen(value);
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isgraph(value[i]))
            return false;
    return length > 0 && length <= max;
}

/* LANGUAGE-REGION:KEYBOARD: OpenCore's Configuration.tex, Recommended Variables. */
bool read_opencore_language(Reader *reader, const char *value, GError **error)
{
    const char *colon = strchr(value, ':');
    guint64 keyboard;
    if (!is_word(value, 64) || colon == NULL || colon == value ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &keyboard, NULL))
        return fail(error, ERROR_INPUT,
                    "'%s' is no language; write it with the number of the keyboard's layout, such "
                    "as en-US:0 or de-DE:3.",
                    value);
    reader->choices->opencore.language = g_strdup(value);
    return true;
}

bool read_opencore_layout(Reader *reader, const char *value, GError **error)
{
    guint64 layout;
    if (!g_ascii_string_to_unsigned(value, 10, 1, 65535, &layout, NULL))
        return fail(error, ERROR_INPUT,
                    "'%s' is no layout of AppleALC; write a number from 1 on, as its list of "
                    "codecs has it.",
                    value);
    reader->choices->opencore.layout = (int)layout;
    return true;
}

/* Names of files of the boot loader, separated by ';'. */
static bool read_names(const char *value, GStrv *ret_names, GError **error)
{
    g_auto(GStrv) names = g_strsplit(value, ";", -1);
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    for (char **name = names; *name != NULL; name++) {
        g_strstrip(*name);
        if (**name == '\0' && name[1] == NULL && name != names)
            break; /* a ';' at the end */
        if (!is_word(*name, 64) || strchr(*name, '/') != NULL)
            return fail(error, ERROR_INPUT,
                        "'%s' is no name of a kext or driver; write names such as VMHide.kext, "
                        "with ';' between them. `rootstock opencore list` has them.",
                        *name);
        g_strv_builder_add(builder, *name);
    }
    *ret_names = g_strv_builder_end(builder);
    return true;
}

bool read_opencore_add(Reader *reader, const char *value, GError **error)
{
    return read_names(value, &reader->choices->opencore.add, error);
}

bool read_opencore_leave_out(Reader *reader, const char *value, GError **error)
{
    return read_names(value, &reader->choices->opencore.leave_out, error);
}

/* LEAST to MOST capital letters and digits. */
static bool read_serial(const char *value, gsize least, gsize most, const char *what, char **ret,
                        GError **error)
{
    gsize length = strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    if (value[length] != '\0' || length < least || length > most)
        return fail(error, ERROR_INPUT,
                    "'%s' is no %s: it has %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT
                    " capital letters and digits.",
                    value, what, least, most);
    *ret = g_strdup(value);
    return true;
}

/* 11 or 12 characters, 10 from late 2021 on; 13 or 17 of the board: OpenCorePkg
 * Utilities/macserial/FORMAT.md. */
bool read_opencore_serial(Reader *reader, const char *value, GError **error)
{
    return read_serial(value, 10, 12, "serial number of a Mac", &reader->choices->opencore.serial,
                       error);
}

bool read_opencore_board_serial(Reader *reader, const char *value, GError **error)
{
    return read_serial(value, 13, 17, "serial number of a Mac's board (MLB)",
                       &reader->choices->opencore.board_serial, error);
}

bool read_opencore_rom(Reader *reader, const char *value, GError **error)
{
    if (strspn(value, "0123456789abcdefABCDEF") != 12 || value[12] != '\0')
        return fail(error, ERROR_INPUT, "'%s' is no ROM of a Mac: it has 12 hexadecimal digits.",
                    value);
    reader->choices->opencore.rom = g_ascii_strup(value, -1);
    return true;
}

bool read_opencore_recovery(Reader *reader, const char *value, GError **error)
{
    if (!g_path_is_absolute(value))
        return fail(error, ERROR_INPUT,
                    "'%s' is no absolute path of a folder with a recovery of macOS; write one that "
                    "begins with '/'.",
                    value);
    reader->choices->opencore.recovery = g_strdup(value);
    return true;
}

static MachineSetting *setting_new(const char *path, const char *value)
{
    MachineSetting *setting = g_new0(MachineSetting, 1);
    *setting = (MachineSetting){g_strdup(path), g_strdup(value)};
    return setting;
}

static void setting_free(MachineSetting *setting)
{
    g_free(setting->path);
    g_free(setting->value);
    g_free(setting);
}

GPtrArray *settings_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)setting_free);
}

const char *setting_equals(const char *line)
{
    bool quoted = false;
    for (; *line != '\0'; line++) {
        if (*line == '\\' && quoted && line[1] != '\0')
            line++;
        else if (*line == '"')
            quoted = !quoted;
        else if (*line == '=' && !quoted)
            return line;
    }
    return NULL;
}

/* Key paths have dots and brackets in them, and are easier to read with blanks around. */
char *setting_line(const char *group, const char *key, const char *value)
{
    bool config = strcmp(group, "config") == 0;
    return g_strdup_printf(config ? "%s = %s\n" : "%s=%s\n", key, value);
}

/* `UEFI.Drivers[+]` is another element each time. */
static bool is_new_element(const char *path)
{
    return g_str_has_suffix(path, "[+]");
}

bool read_setting(GPtrArray *settings, const char *line, const char *where, GError **error)
{
    const char *equals = setting_equals(line);
    if (equals == NULL || equals == line)
        return fail(error, ERROR_INPUT,
                    "%s: '%s' sets nothing of config.plist; write KEY.PATH = value, such as "
                    "Misc.Boot.Timeout = 10.",
                    where, line);
    g_autofree char *path = g_strchomp(g_strndup(line, (gsize)(equals - line)));
    g_autofree char *value = g_strchug(g_strdup(equals + 1));
    for (guint i = 0; i < settings->len; i++) {
        const MachineSetting *other = g_ptr_array_index(settings, i);
        if (strcmp(other->path, path) == 0 && !is_new_element(path))
            return fail(error, ERROR_INPUT, "%s: '%s' is in section [config] twice. Keep one.",
                        where, path);
    }
    g_ptr_array_add(settings, setting_new(path, value));
    return true;
}

void machine_opencore_copy(MachineOpenCore *to, const MachineOpenCore *from)
{
    *to = *from;
    to->resolution = g_strdup(from->resolution);
    to->language = g_strdup(from->language);
    to->add = g_strdupv(from->add);
    to->leave_out = g_strdupv(from->leave_out);
    to->serial = g_strdup(from->serial);
    to->board_serial = g_strdup(from->board_serial);
    to->rom = g_strdup(from->rom);
    to->recovery = g_strdup(from->recovery);
    to->config = settings_new();
    for (guint i = 0; from->config != NULL && i < from->config->len; i++) {
        const MachineSetting *setting = g_ptr_array_index(from->config, i);
        g_ptr_array_add(to->config, setting_new(setting->path, setting->value));
    }
}

void machine_opencore_clear(MachineOpenCore *opencore)
{
    g_free(opencore->resolution);
    g_free(opencore->language);
    g_strfreev(opencore->add);
    g_strfreev(opencore->leave_out);
    g_free(opencore->serial);
    g_free(opencore->board_serial);
    g_free(opencore->rom);
    g_free(opencore->recovery);
    g_clear_pointer(&opencore->config, g_ptr_array_unref);
    *opencore = (MachineOpenCore){0};
}

void format_list(GString *text, const char *key, char *const *values)
{
    if (values == NULL || values[0] == NULL)
        return;
    g_autofree char *list = g_strjoinv(";", (char **)values);
    g_string_append_printf(text, "%s=%s\n", key, list);
}

static void format_text(GString *text, const char *key, const char *value)
{
    if (value != NULL)
        g_string_append_printf(text, "%s=%s\n", key, value);
}

static void format_tri(GString *text, const char *key, Tri value, const char *yes, const char *no)
{
    if (value != TRI_UNKNOWN)
        format_text(text, key, value == TRI_YES ? yes : no);
}

static void format_settings(GString *text, const GPtrArray *settings)
{
    if (settings == NULL || settings->len == 0)
        return;
    g_string_append(text, "\n[config]\n");
    for (guint i = 0; i < settings->len; i++) {
        const MachineSetting *setting = g_ptr_array_index(settings, i);
        g_autofree char *line = setting_line("config", setting->path, setting->value);
        g_string_append(text, line);
    }
}

void format_opencore(GString *text, const MachineOpenCore *opencore)
{
    g_autoptr(GString) keys = g_string_new(NULL);

    format_tri(keys, "log", opencore->log, "yes", "no");
    format_tri(keys, "verbose", opencore->verbose, "yes", "no");
    format_tri(keys, "picker", opencore->graphical, "graphical", "text");
    format_tri(keys, "protection", opencore->protection, "yes", "no");
    format_tri(keys, "memory-map", opencore->memory_map, "yes", "no");
    format_text(keys, "resolution", opencore->resolution);
    format_text(keys, "language", opencore->language);
    if (opencore->layout > 0)
        g_string_append_printf(keys, "layout=%d\n", opencore->layout);
    format_list(keys, "add", opencore->add);
    format_list(keys, "leave-out", opencore->leave_out);
    format_text(keys, "serial", opencore->serial);
    format_text(keys, "board-serial", opencore->board_serial);
    format_text(keys, "rom", opencore->rom);
    format_text(keys, "recovery", opencore->recovery);
    if (keys->len > 0)
        g_string_append_printf(text, "\n[opencore]\n%s", keys->str);
    format_settings(text, opencore->config);
}
