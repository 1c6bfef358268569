/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the firmware set-up: whose board it is, what that maker calls an option, and that
 * the tables keep to their form. */
#include "base/error.h"
#include "catalog/catalog.h"
#include "catalog/tables.h"

#include <string.h>

static Catalog *catalog;

/* Makers as SMBIOS has them on boards and computers that people have. */
static void boards_have_their_makers(void)
{
    static const struct {
        const char *board, *system, *firmware, *vendor; /* vendor NULL: none is known */
    } CASES[] = {
        {"ASUSTeK COMPUTER INC.", "ASUS", "American Megatrends Inc.", "asus"},
        {"ASUSTeK Computer INC.", "System manufacturer", NULL, "asus"},
        {"ASUSTeK", NULL, NULL, "asus"},
        {NULL, "ASUSTeK COMPUTER INC.", "American Megatrends International, LLC.", "asus"},
        {"ASRock", "ASRock", "American Megatrends International, LLC.", "asrock"},
        {"ASRock", NULL, "American Megatrends Inc.", "asrock"},
        {"ASRockRack", "ASRockRack", "American Megatrends Inc.", "asrock"},
        {"ASRock Industrial", NULL, NULL, "asrock"},
        {"Gigabyte Technology Co., Ltd.", "Gigabyte Technology Co., Ltd.",
         "American Megatrends International, LLC.", "gigabyte"},
        {"Gigabyte", NULL, NULL, "gigabyte"},
        {"GIGABYTE", "GIGABYTE", "AMI", "gigabyte"},
        {"Giga-Byte Technology Co., Ltd.", NULL, "Award Software International, Inc.", "gigabyte"},
        {"Micro-Star International Co., Ltd.", "Micro-Star International Co., Ltd.",
         "American Megatrends International, LLC.", "msi"},
        {"Micro-Star International Co., Ltd", "MSI", NULL, "msi"},
        {"MICRO-STAR INTERNATIONAL CO.,LTD", "MICRO-STAR INTERNATIONAL CO.,LTD", NULL, "msi"},
        {"MSI", "MSI", "American Megatrends Inc.", "msi"},
        {"Dell Inc.", "Dell Inc.", "Dell Inc.", "dell"},
        {NULL, "Dell Inc.", "Dell Inc.", "dell"},
        {"Hewlett-Packard", "Hewlett-Packard", "Hewlett-Packard", "hp"},
        {"HP", "HP", "HP", "hp"},
        {"HP", "HP", "AMI", "hp"},
        {"HPE", "HPE", "HPE", "hpe"},
        {"LENOVO", "LENOVO", "LENOVO", "lenovo"},
        {"Lenovo", NULL, NULL, "lenovo"},
        {"Supermicro", "Supermicro", "American Megatrends Inc.", "supermicro"},
        {"Super Micro Computer, Inc.", NULL, NULL, "supermicro"},
        {"Intel Corporation", "Intel(R) Client Systems", "Intel Corp.", "intel"},
        {"Intel corporation", "Intel corporation", "Intel Corp.", "intel"},
        {"Acer", "Acer", "INSYDE Corp.", "acer"},
        {"BIOSTAR Group", "BIOSTAR Group", "American Megatrends Inc.", "biostar"},
        {"EVGA", "EVGA", "American Megatrends Inc.", "evga"},
        {"FUJITSU", "FUJITSU", "FUJITSU // American Megatrends Inc.", "fujitsu"},
        {"FUJITSU SIEMENS", NULL, NULL, "fujitsu"},
        {"Framework", "Framework", "INSYDE Corp.", "framework"},
        {"Apple Inc.", "Apple Inc.", "Apple Inc.", "apple"},
        {"PC Engines", "PC Engines", "coreboot", NULL},
        {"Google", "Google", "coreboot", NULL},
        {"TUXEDO", "TUXEDO", "INSYDE Corp.", "insyde"},
        {"AZW", "AZW", "American Megatrends International, LLC.", "ami"},
        {"System76", "System76", "Phoenix Technologies LTD", "phoenix"},
        {"HPX", NULL, NULL, NULL},       /* no HP */
        {"Dellinger", NULL, NULL, NULL}, /* no Dell */
        {NULL, NULL, NULL, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const FirmwareVendor *vendor =
            catalog_firmware_vendor(catalog, CASES[i].board, CASES[i].system, CASES[i].firmware);
        g_test_message("%s", CASES[i].board);
        g_assert_cmpstr(vendor != NULL ? vendor->id : NULL, ==, CASES[i].vendor);
    }
}

static GPtrArray *settings_of(const char *option, const char *vendor, FirmwarePlatform platform,
                              const char *board)
{
    return catalog_firmware_settings_of(catalog, catalog_firmware_option(catalog, option),
                                        catalog_firmware_vendor(catalog, vendor, NULL, NULL),
                                        platform, board);
}

static void assert_place(const char *option, const char *vendor, FirmwarePlatform platform,
                         const char *board, const char *path, const char *name)
{
    g_autoptr(GPtrArray) settings = settings_of(option, vendor, platform, board);
    g_assert_cmpuint(settings->len, >, 0);
    const FirmwareSetting *first = g_ptr_array_index(settings, 0);
    g_assert_cmpstr(first->path, ==, path);
    g_assert_cmpstr(first->name, ==, name);
}

static void makers_have_their_names(void)
{
    assert_place("iommu", "ASUSTeK", PLATFORM_INTEL, NULL,
                 "Advanced > System Agent (SA) Configuration", "VT-d");
    assert_place("iommu", "ASRock", PLATFORM_AMD, "B450 Steel Legend",
                 "Advanced > AMD CBS > NBIO Common Options > NB Configuration", "IOMMU");
    assert_place("iommu", "Micro-Star", PLATFORM_INTEL, NULL, "OC > CPU Features",
                 "Intel VT-D Tech");
    assert_place("virtualization", "HP", PLATFORM_UNKNOWN, NULL, "Advanced > System Options",
                 "Virtualization Technology (VTx)");
    assert_place("primary-display", "LENOVO", PLATFORM_INTEL, NULL, "Devices > Video Setup",
                 "Select Active Video");
}

/* The place on boards with the same chipset comes first. */
static void boards_of_the_chipset_come_first(void)
{
    assert_place("iommu", "Gigabyte", PLATFORM_INTEL, "Z790 AORUS ELITE AX",
                 "Settings > Miscellaneous", "VT-d");
    assert_place("iommu", "Gigabyte", PLATFORM_INTEL, "Z390 AORUS PRO WIFI-CF", "Chipset", "VT-d");
    assert_place("virtualization", "Gigabyte", PLATFORM_AMD, "B450M DS3H-CF",
                 "M.I.T. > Advanced Frequency Settings > Advanced CPU Core Settings", "SVM Mode");
}

/* Those that the issue asks for have names of their own for what every host needs. */
static void no_maker_is_forgotten(void)
{
    static const char *const BOTH[] = {"ASUS", "ASRock", "Gigabyte", "MSI", "HP", "LENOVO"};
    static const char *const NEEDED[] = {"virtualization", "iommu"};

    for (guint i = 0; i < G_N_ELEMENTS(BOTH) * G_N_ELEMENTS(NEEDED); i++) {
        const char *vendor = BOTH[i / G_N_ELEMENTS(NEEDED)];
        const char *option = NEEDED[i % G_N_ELEMENTS(NEEDED)];
        g_autoptr(GPtrArray) amd = settings_of(option, vendor, PLATFORM_AMD, NULL);
        g_autoptr(GPtrArray) intel = settings_of(option, vendor, PLATFORM_INTEL, NULL);
        g_test_message("%s %s", vendor, option);
        g_assert_cmpuint(amd->len, >, 0);
        g_assert_cmpuint(intel->len, >, 0);
    }
    g_autoptr(GPtrArray) dell = settings_of("iommu", "Dell", PLATFORM_INTEL, NULL);
    g_autoptr(GPtrArray) super = settings_of("iommu", "Supermicro", PLATFORM_INTEL, NULL);
    g_assert_cmpuint(dell->len, >, 0);
    g_assert_cmpuint(super->len, >, 0);
}

/* Where no table has the maker's name there is the technology's own, and nothing is made up. */
static void other_makers_get_the_technology(void)
{
    g_autoptr(GPtrArray) settings = settings_of("vmd", "Supermicro", PLATFORM_INTEL, NULL);
    const FirmwareOption *vmd = catalog_firmware_option(catalog, "vmd");

    g_assert_cmpuint(settings->len, ==, 0);
    g_assert_cmpstr(catalog_firmware_names(vmd, PLATFORM_INTEL)[0], ==, "Intel VMD");
    g_assert_null(catalog_firmware_names(vmd, PLATFORM_AMD)[0]);
    g_assert_cmpstr(catalog_firmware_names(vmd, PLATFORM_UNKNOWN)[0], ==, "Intel VMD");
    g_assert_null(catalog_firmware_option(catalog, "turbo"));
}

#define OPTIONS "id|title|wanted|amd|intel|why|source\n"
#define VENDORS "vendor|name|of|pattern|setup|key|source\n"
#define SETTINGS "option|vendor|platform|name|path|values|boards|source\n"
#define OPTION "o|O|on|A; B|-|Why.|s\n"
#define VENDOR "v|V|board|Vee|yes||s\n"
#define SETTING "o|v|amd|N|P > Q|On, Off|B|s\n"

static bool read_texts(const char *options, const char *vendors, const char *settings,
                       GError **error)
{
    g_autoptr(Catalog) read = catalog_new();
    g_autofree char *o = g_strconcat(OPTIONS, options, NULL);
    g_autofree char *v = g_strconcat(VENDORS, vendors, NULL);
    g_autofree char *s = g_strconcat(SETTINGS, settings, NULL);
    g_autoptr(Table) first = table_parse(o, "options", FIRMWARE_OPTION_COLUMNS, error);
    g_autoptr(Table) second = table_parse(v, "vendors", FIRMWARE_VENDOR_COLUMNS, error);
    g_autoptr(Table) third = table_parse(s, "settings", FIRMWARE_SETTING_COLUMNS, error);

    return catalog_read_firmware_options(read, first, error) &&
           catalog_read_firmware_vendors(read, second, error) &&
           catalog_read_firmware_settings(read, third, error);
}

static void broken_tables_are_refused(void)
{
    static const struct {
        const char *options, *vendors, *settings, *message; /* NULL: they are good */
    } CASES[] = {
        {OPTION, VENDOR, SETTING, NULL},
        {OPTION OPTION, VENDOR, "", "option 'o' is there twice"},
        {"o|O|on|A|-|Why|s\n", VENDOR, "", "'why' must be whole sentences"},
        {"o|O|yes|A|-|Why.|s\n", VENDOR, "", "'wanted' says 'yes'"},
        {"o|O|on|-|-|Why.|s\n", VENDOR, "", "no platform has the option"},
        {"o|O|on|A;;B|-|Why.|s\n", VENDOR, "", "'amd' has an empty part"},
        {"o|O|on|A||Why.|s\n", VENDOR, "", "'intel' is empty"},
        {"o|O|on|A|-|Why.|\n", VENDOR, "", "'source' is empty"},
        {OPTION, VENDOR VENDOR, "", "pattern 'Vee' is there twice"},
        {OPTION, "v|V|maker|Vee|yes||s\n", "", "'of' says 'maker'"},
        {OPTION, "v|V|board||yes||s\n", "", "'pattern' is empty"},
        {OPTION, "v|V|board|Vee|yes||\n", "", "'source' is empty"},
        {OPTION, VENDOR, SETTING SETTING, "'N' of v is there twice"},
        {OPTION, VENDOR, "p|v|amd|N||On|B|s\n", "no option is called 'p'"},
        {OPTION, VENDOR, "o|w|amd|N||On|B|s\n", "no vendor is called 'w'"},
        {OPTION, VENDOR, "o|v|intel|N||On|B|s\n", "platform 'intel' has no option 'o'"},
        {OPTION, VENDOR, "o|v|arm|N||On|B|s\n", "'platform' says 'arm'"},
        {OPTION, VENDOR, "o|v|amd|||On|B|s\n", "'name' is empty"},
        {OPTION, VENDOR, "o|v|amd|N|||B|s\n", "'values' is empty"},
        {OPTION, VENDOR, "o|v|amd|N||On|B|\n", "'source' is empty"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        bool good = read_texts(CASES[i].options, CASES[i].vendors, CASES[i].settings, &error);
        g_test_message("case %u: %s", i, error == NULL ? "good" : error->message);
        g_assert_cmpint(good, ==, CASES[i].message == NULL);
        if (!good) {
            g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
            g_assert_nonnull(strstr(error->message, CASES[i].message));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    catalog = catalog_load(NULL);
    g_assert_nonnull(catalog);
    g_test_add_func("/firmware/makers", boards_have_their_makers);
    g_test_add_func("/firmware/names", makers_have_their_names);
    g_test_add_func("/firmware/chipsets", boards_of_the_chipset_come_first);
    g_test_add_func("/firmware/complete", no_maker_is_forgotten);
    g_test_add_func("/firmware/generic", other_makers_get_the_technology);
    g_test_add_func("/firmware/broken-tables", broken_tables_are_refused);
    int status = g_test_run();
    catalog_free(catalog);
    return status;
}
