/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"

#include "base/table.h"
#include "catalog/tables.h"

typedef bool Reader(Catalog *catalog, const Table *table, GError **error);

Catalog *catalog_new(void)
{
    Catalog *catalog = g_new0(Catalog, 1);
    catalog->releases = g_ptr_array_new_with_free_func((GDestroyNotify)catalog_release_free);
    catalog->families = g_ptr_array_new_with_free_func((GDestroyNotify)catalog_family_free);
    catalog->processors = g_ptr_array_new_with_free_func((GDestroyNotify)catalog_processor_free);
    catalog->processor_models =
        g_ptr_array_new_with_free_func((GDestroyNotify)catalog_processor_model_free);
    catalog->topologies = g_ptr_array_new_with_free_func((GDestroyNotify)catalog_topology_free);
    catalog->makers = g_ptr_array_new_with_free_func((GDestroyNotify)catalog_maker_free);
    catalog->firmware_options =
        g_ptr_array_new_with_free_func((GDestroyNotify)catalog_firmware_option_free);
    catalog->firmware_vendors =
        g_ptr_array_new_with_free_func((GDestroyNotify)catalog_firmware_vendor_free);
    catalog->firmware_settings =
        g_ptr_array_new_with_free_func((GDestroyNotify)catalog_firmware_setting_free);
    catalog->devices = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    catalog->pci_devices = known_devices_new();
    catalog->usb_devices = known_devices_new();
    catalog->codecs = g_ptr_array_new_with_free_func((GDestroyNotify)catalog_codec_free);
    catalog->resets = g_ptr_array_new_with_free_func((GDestroyNotify)catalog_reset_free);
    return catalog;
}

static bool read_table(Catalog *catalog, const char *name, const char *const *columns,
                       Reader *reader, GError **error)
{
    g_autoptr(Table) table = table_load(name, columns, error);
    return table != NULL && reader(catalog, table, error);
}

/* Devices that are no graphics cards. */
static bool read_others(Catalog *catalog, GError **error)
{
    static const char *const PCI_TABLES[] = {
        "devices-storage.table",  "devices-usb.table",   "devices-network.table",
        "devices-wireless.table", "devices-audio.table", "devices-emulated.table",
    };

    for (guint i = 0; i < G_N_ELEMENTS(PCI_TABLES); i++) {
        if (!read_table(catalog, PCI_TABLES[i], KNOWN_DEVICE_COLUMNS, catalog_read_pci_devices,
                        error))
            return false;
    }
    return read_table(catalog, "usb-devices.table", KNOWN_DEVICE_COLUMNS, catalog_read_usb_devices,
                      error) &&
           read_table(catalog, "audio-codecs.table", CODEC_COLUMNS, catalog_read_codecs, error) &&
           read_table(catalog, "pci-resets.table", RESET_COLUMNS, catalog_read_resets, error);
}

Catalog *catalog_load(GError **error)
{
    g_autoptr(Catalog) catalog = catalog_new();

    if (!read_table(catalog, "releases.table", RELEASE_COLUMNS, catalog_read_releases, error) ||
        !read_table(catalog, "graphics-families.table", FAMILY_COLUMNS, catalog_read_families,
                    error) ||
        !read_table(catalog, "graphics-devices.table", DEVICE_COLUMNS, catalog_read_devices,
                    error) ||
        !read_table(catalog, "graphics-makers.table", MAKER_COLUMNS, catalog_read_makers, error) ||
        !read_table(catalog, "processors.table", PROCESSOR_COLUMNS, catalog_read_processors,
                    error) ||
        !read_table(catalog, "processor-models.table", PROCESSOR_MODEL_COLUMNS,
                    catalog_read_processor_models, error) ||
        !read_table(catalog, "topologies.table", TOPOLOGY_COLUMNS, catalog_read_topologies,
                    error) ||
        !read_table(catalog, "firmware-options.table", FIRMWARE_OPTION_COLUMNS,
                    catalog_read_firmware_options, error) ||
        !read_table(catalog, "firmware-vendors.table", FIRMWARE_VENDOR_COLUMNS,
                    catalog_read_firmware_vendors, error) ||
        !read_table(catalog, "firmware-setup.table", FIRMWARE_SETTING_COLUMNS,
                    catalog_read_firmware_settings, error) ||
        !read_others(catalog, error))
        return NULL;
    return g_steal_pointer(&catalog);
}

void catalog_free(Catalog *catalog)
{
    if (catalog == NULL)
        return;
    g_ptr_array_unref(catalog->releases);
    g_ptr_array_unref(catalog->families);
    g_ptr_array_unref(catalog->processors);
    g_ptr_array_unref(catalog->processor_models);
    g_ptr_array_unref(catalog->topologies);
    g_ptr_array_unref(catalog->makers);
    g_ptr_array_unref(catalog->firmware_settings);
    g_ptr_array_unref(catalog->firmware_vendors);
    g_ptr_array_unref(catalog->firmware_options);
    g_hash_table_unref(catalog->devices);
    known_devices_free(catalog->pci_devices);
    known_devices_free(catalog->usb_devices);
    g_ptr_array_unref(catalog->codecs);
    g_ptr_array_unref(catalog->resets);
    g_free(catalog);
}
