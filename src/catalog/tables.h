/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/table.h"
#include "catalog/catalog.h"
#include "catalog/cells.h"
#include "catalog/devices.h"

/*
 * From rows to values: one reader a subject. Each adds what a table says to a catalog, and fails
 * with ERROR_INPUT, the table's name and the line at the first row that is malformed or contradicts
 * what was read before. The releases come first, as the other tables name them.
 */
extern const char *const RELEASE_COLUMNS[];
extern const char *const FAMILY_COLUMNS[];
extern const char *const DEVICE_COLUMNS[];
extern const char *const MAKER_COLUMNS[];
extern const char *const PROCESSOR_COLUMNS[];
extern const char *const PROCESSOR_MODEL_COLUMNS[];
extern const char *const TOPOLOGY_COLUMNS[];
extern const char *const FIRMWARE_OPTION_COLUMNS[];
extern const char *const FIRMWARE_VENDOR_COLUMNS[];
extern const char *const FIRMWARE_SETTING_COLUMNS[];
extern const char *const KNOWN_DEVICE_COLUMNS[];
extern const char *const CODEC_COLUMNS[];
extern const char *const RESET_COLUMNS[];

/* An empty catalog. */
Catalog *catalog_new(void);

bool catalog_read_releases(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_families(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_devices(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_makers(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_processors(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_processor_models(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_topologies(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_pci_devices(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_usb_devices(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_codecs(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_resets(Catalog *catalog, const Table *table, GError **error);

/* Options and vendors come before the settings, which name them. */
bool catalog_read_firmware_options(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_firmware_vendors(Catalog *catalog, const Table *table, GError **error);
bool catalog_read_firmware_settings(Catalog *catalog, const Table *table, GError **error);

/* Frees one element of a list. */
void catalog_release_free(Release *release);
void catalog_family_free(GraphicsFamily *family);
void catalog_maker_free(GraphicsMaker *maker);
void catalog_processor_free(Processor *processor);
void catalog_processor_model_free(ProcessorModel *model);
void catalog_topology_free(Topology *topology);
void catalog_firmware_option_free(FirmwareOption *option);
void catalog_firmware_vendor_free(FirmwareVendor *vendor);
void catalog_firmware_setting_free(FirmwareSetting *setting);
void catalog_codec_free(KnownCodec *codec);
void catalog_reset_free(KnownReset *reset);

/* No lines yet. */
KnownDevices *known_devices_new(void);
void known_devices_free(KnownDevices *devices);

/* A family by its id, or NULL. */
const GraphicsFamily *catalog_family(const Catalog *catalog, const char *id);

/* The releases of columns FIRST and LAST, in order; both NULL where both say 'none'. */
bool catalog_read_range(const Catalog *catalog, const Row *row, guint first, guint last,
                        const Release **ret_first, const Release **ret_last, GError **error);

/* Four hexadecimal digits in lower case at the start of TEXT. */
bool catalog_parse_id(const char *text, int *ret_id);
