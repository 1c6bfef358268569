/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const FIRMWARE_SETTING_COLUMNS[] = {"option", "vendor", "platform", "name", "path",
                                                "values", "boards", "source",   NULL};

enum {
    OPTION,
    VENDOR,
    PLATFORM,
    NAME,
    PATH,
    VALUES,
    BOARDS,
    SOURCE,
};

void catalog_firmware_setting_free(FirmwareSetting *setting)
{
    if (setting == NULL)
        return;
    g_free(setting->vendor);
    g_free(setting->name);
    g_free(setting->path);
    g_strfreev(setting->values);
    g_free(setting->boards);
    g_free(setting->source);
    g_free(setting);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirmwareSetting, catalog_firmware_setting_free)

static bool has_vendor(const Catalog *catalog, const char *id)
{
    for (guint i = 0; i < catalog->firmware_vendors->len; i++) {
        const FirmwareVendor *vendor = g_ptr_array_index(catalog->firmware_vendors, i);
        if (strcmp(vendor->id, id) == 0)
            return true;
    }
    return false;
}

static bool read_platform(FirmwareSetting *setting, const Row *row, GError **error)
{
    static const char *const PLATFORMS[] = {"any", "amd", "intel", NULL};
    const char *platform;

    if (!row_one_of(row, PLATFORM, PLATFORMS, &platform, error))
        return false;
    setting->platform = strcmp(platform, "amd") == 0     ? PLATFORM_AMD
                        : strcmp(platform, "intel") == 0 ? PLATFORM_INTEL
                                                         : PLATFORM_UNKNOWN;
    if ((setting->platform == PLATFORM_AMD && setting->option->amd == NULL) ||
        (setting->platform == PLATFORM_INTEL && setting->option->intel == NULL))
        return row_fail(row, error, "platform '%s' has no option '%s'.", platform,
                        setting->option->id);
    return true;
}

static bool read_setting(const Catalog *catalog, FirmwareSetting *setting, const Row *row,
                         GError **error)
{
    const char *option, *vendor, *name, *boards, *source;

    if (!row_id(row, OPTION, &option, error) || !row_id(row, VENDOR, &vendor, error) ||
        !row_text(row, NAME, &name, error) ||
        !row_list(row, VALUES, ",", &setting->values, error) ||
        !row_text(row, BOARDS, &boards, error) || !row_text(row, SOURCE, &source, error))
        return false;
    setting->option = catalog_firmware_option(catalog, option);
    if (setting->option == NULL)
        return row_fail(row, error, "no option is called '%s'.", option);
    if (!has_vendor(catalog, vendor))
        return row_fail(row, error, "no vendor is called '%s'.", vendor);
    setting->vendor = g_strdup(vendor);
    setting->name = g_strdup(name);
    setting->path = g_strdup(table_cell(row->table, row->row, PATH));
    setting->boards = g_strdup(boards);
    setting->source = g_strdup(source);
    return read_platform(setting, row, error);
}

static bool is_same(const FirmwareSetting *a, const FirmwareSetting *b)
{
    return a->option == b->option && a->platform == b->platform &&
           strcmp(a->vendor, b->vendor) == 0 && strcmp(a->name, b->name) == 0 &&
           strcmp(a->path, b->path) == 0 && strcmp(a->values[0], b->values[0]) == 0;
}

bool catalog_read_firmware_settings(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, FIRMWARE_SETTING_COLUMNS};
        g_autoptr(FirmwareSetting) setting = g_new0(FirmwareSetting, 1);

        if (!read_setting(catalog, setting, &row, error))
            return false;
        for (guint j = 0; j < catalog->firmware_settings->len; j++) {
            if (is_same(g_ptr_array_index(catalog->firmware_settings, j), setting))
                return row_fail(&row, error, "'%s' of %s is there twice.", setting->name,
                                setting->vendor);
        }
        g_ptr_array_add(catalog->firmware_settings, g_steal_pointer(&setting));
    }
    return true;
}

/* The chipset in the name of a board: a letter and three digits or two ("B550" of "B550M PRO-VDH",
 * "X99"), which the source of a setting names too. NULL: there is none. */
static char *chipset_of(const char *board)
{
    for (const char *c = board; c != NULL && *c != '\0'; c++) {
        gsize digits = strspn(c + 1, "0123456789");
        if (g_ascii_isupper(*c) && (c == board || !g_ascii_isalnum(c[-1])) &&
            (digits == 2 || digits == 3))
            return g_strndup(c, digits + 1);
    }
    return NULL;
}

static bool fits(const FirmwareSetting *setting, const FirmwareOption *option, const char *vendor,
                 FirmwarePlatform platform)
{
    return setting->option == option && strcmp(setting->vendor, vendor) == 0 &&
           (setting->platform == PLATFORM_UNKNOWN || platform == PLATFORM_UNKNOWN ||
            setting->platform == platform);
}

GPtrArray *catalog_firmware_settings_of(const Catalog *catalog, const FirmwareOption *option,
                                        const FirmwareVendor *vendor, FirmwarePlatform platform,
                                        const char *board)
{
    GPtrArray *settings = g_ptr_array_new();
    g_autofree char *chipset = chipset_of(board);
    guint first = 0;

    for (guint i = 0; vendor != NULL && i < catalog->firmware_settings->len; i++) {
        FirmwareSetting *setting = g_ptr_array_index(catalog->firmware_settings, i);
        if (!fits(setting, option, vendor->id, platform))
            continue;
        bool same = chipset != NULL && strstr(setting->boards, chipset) != NULL;
        g_ptr_array_insert(settings, same ? (int)first++ : -1, setting);
    }
    return settings;
}
