/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/cells.h"
#include "catalog/tables.h"

#include <string.h>

const char *const FIRMWARE_OPTION_COLUMNS[] = {"id",    "title", "wanted", "amd",
                                               "intel", "why",   "source", NULL};
const char *const FIRMWARE_VENDOR_COLUMNS[] = {"vendor", "name", "of",     "pattern",
                                               "setup",  "key",  "source", NULL};

static char *const NO_NAMES[] = {NULL};

enum {
    OPTION_ID,
    OPTION_TITLE,
    OPTION_WANTED,
    OPTION_AMD,
    OPTION_INTEL,
    OPTION_WHY,
    OPTION_SOURCE,
};

enum {
    VENDOR_ID,
    VENDOR_NAME,
    VENDOR_OF,
    VENDOR_PATTERN,
    VENDOR_SETUP,
    VENDOR_KEY,
    VENDOR_SOURCE,
};

void catalog_firmware_option_free(FirmwareOption *option)
{
    if (option == NULL)
        return;
    g_free(option->id);
    g_free(option->title);
    g_free(option->wanted);
    g_strfreev(option->amd);
    g_strfreev(option->intel);
    g_strfreev(option->either);
    g_free(option->why);
    g_free(option->source);
    g_free(option);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirmwareOption, catalog_firmware_option_free)

void catalog_firmware_vendor_free(FirmwareVendor *vendor)
{
    if (vendor == NULL)
        return;
    g_free(vendor->id);
    g_free(vendor->name);
    g_free(vendor->pattern);
    g_free(vendor->key);
    g_free(vendor->source);
    g_free(vendor);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FirmwareVendor, catalog_firmware_vendor_free)

/* The generic names of an option; '-': the platform has none, which is NULL. */
static bool read_names(const Row *row, guint column, GStrv *ret_names, GError **error)
{
    const char *text;
    if (!row_text(row, column, &text, error))
        return false;
    if (strcmp(text, "-") == 0)
        return true;
    return row_list(row, column, ";", ret_names, error);
}

static GStrv first_names(const FirmwareOption *option)
{
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (option->amd != NULL)
        g_strv_builder_add(builder, option->amd[0]);
    if (option->intel != NULL &&
        (option->amd == NULL || strcmp(option->amd[0], option->intel[0]) != 0))
        g_strv_builder_add(builder, option->intel[0]);
    return g_strv_builder_end(builder);
}

static bool read_option(FirmwareOption *option, const Row *row, GError **error)
{
    static const char *const WANTED[] = {"on", "off", "any", NULL};
    const char *id, *title, *wanted, *why, *source;

    if (!row_id(row, OPTION_ID, &id, error) || !row_text(row, OPTION_TITLE, &title, error) ||
        !row_one_of(row, OPTION_WANTED, WANTED, &wanted, error) ||
        !read_names(row, OPTION_AMD, &option->amd, error) ||
        !read_names(row, OPTION_INTEL, &option->intel, error) ||
        !row_text(row, OPTION_WHY, &why, error) || !row_text(row, OPTION_SOURCE, &source, error))
        return false;
    option->id = g_strdup(id);
    option->title = g_strdup(title);
    option->wanted = g_strdup(wanted);
    option->why = g_strdup(why);
    option->source = g_strdup(source);
    option->either = first_names(option);
    if (!g_str_has_suffix(why, "."))
        return row_fail(row, error, "'why' must be whole sentences.");
    if (option->amd == NULL && option->intel == NULL)
        return row_fail(row, error, "no platform has the option '%s'.", id);
    return true;
}

bool catalog_read_firmware_options(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, FIRMWARE_OPTION_COLUMNS};
        g_autoptr(FirmwareOption) option = g_new0(FirmwareOption, 1);

        if (!read_option(option, &row, error))
            return false;
        if (catalog_firmware_option(catalog, option->id) != NULL)
            return row_fail(&row, error, "option '%s' is there twice.", option->id);
        g_ptr_array_add(catalog->firmware_options, g_steal_pointer(&option));
    }
    return true;
}

static bool read_vendor(FirmwareVendor *vendor, const Row *row, GError **error)
{
    static const char *const OF[] = {"board", "firmware", NULL};
    const char *id, *name, *of, *pattern, *source;

    if (!row_id(row, VENDOR_ID, &id, error) || !row_text(row, VENDOR_NAME, &name, error) ||
        !row_one_of(row, VENDOR_OF, OF, &of, error) ||
        !row_text(row, VENDOR_PATTERN, &pattern, error) ||
        !row_yes_no(row, VENDOR_SETUP, &vendor->has_setup, error) ||
        !row_text(row, VENDOR_SOURCE, &source, error))
        return false;
    vendor->id = g_strdup(id);
    vendor->name = g_strdup(name);
    vendor->of_firmware = strcmp(of, "firmware") == 0;
    vendor->pattern = g_strdup(pattern);
    vendor->key = g_strdup(table_cell(row->table, row->row, VENDOR_KEY));
    vendor->source = g_strdup(source);
    return true;
}

bool catalog_read_firmware_vendors(Catalog *catalog, const Table *table, GError **error)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const Row row = {table, i, FIRMWARE_VENDOR_COLUMNS};
        g_autoptr(FirmwareVendor) vendor = g_new0(FirmwareVendor, 1);

        if (!read_vendor(vendor, &row, error))
            return false;
        for (guint j = 0; j < catalog->firmware_vendors->len; j++) {
            const FirmwareVendor *other = g_ptr_array_index(catalog->firmware_vendors, j);
            if (g_ascii_strcasecmp(other->pattern, vendor->pattern) == 0)
                return row_fail(&row, error, "pattern '%s' is there twice.", vendor->pattern);
        }
        g_ptr_array_add(catalog->firmware_vendors, g_steal_pointer(&vendor));
    }
    return true;
}

const FirmwareOption *catalog_firmware_option(const Catalog *catalog, const char *id)
{
    for (guint i = 0; i < catalog->firmware_options->len; i++) {
        const FirmwareOption *option = g_ptr_array_index(catalog->firmware_options, i);
        if (strcmp(option->id, id) == 0)
            return option;
    }
    return NULL;
}

char *const *catalog_firmware_names(const FirmwareOption *option, FirmwarePlatform platform)
{
    char *const *names = platform == PLATFORM_AMD     ? option->amd
                         : platform == PLATFORM_INTEL ? option->intel
                                                      : option->either;

    return names != NULL ? names : NO_NAMES;
}

static const FirmwareVendor *vendor_of(const Catalog *catalog, const char *text, bool firmware)
{
    for (guint i = 0; text != NULL && i < catalog->firmware_vendors->len; i++) {
        const FirmwareVendor *vendor = g_ptr_array_index(catalog->firmware_vendors, i);
        gsize length = strlen(vendor->pattern);
        if (vendor->of_firmware == firmware &&
            g_ascii_strncasecmp(text, vendor->pattern, length) == 0 &&
            !g_ascii_isalnum(text[length]))
            return vendor;
    }
    return NULL;
}

const FirmwareVendor *catalog_firmware_vendor(const Catalog *catalog, const char *board,
                                              const char *system, const char *firmware)
{
    const FirmwareVendor *vendor = vendor_of(catalog, board, false);

    if (vendor == NULL)
        vendor = vendor_of(catalog, system, false);
    if (vendor == NULL)
        vendor = vendor_of(catalog, firmware, true);
    return vendor;
}
