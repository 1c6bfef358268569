/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "catalog/devices.h"
#include "catalog/tables.h"

#include <string.h>

/* The tables of devices that are no graphics cards. */

static Catalog *load(void)
{
    g_autoptr(GError) error = NULL;
    Catalog *catalog = catalog_load(&error);
    g_assert_no_error(error);
    return catalog;
}

/* The lines about a PCI device as "yes high-sierra..tahoe; ..."; NULL: no table names it. */
static char *lines_of(const KnownDevices *devices, int vendor, int device, int subsystem_vendor,
                      int subsystem_device)
{
    static const char *const WORDS[] = {"unknown", "no", "limited", "yes"};
    const DeviceIds ids = {vendor, device, subsystem_vendor, subsystem_device};
    g_autoptr(GPtrArray) lines = known_device(devices, &ids);
    GString *text = lines != NULL ? g_string_new(NULL) : NULL;

    for (guint i = 0; lines != NULL && i < lines->len; i++) {
        const KnownDevice *line = g_ptr_array_index(lines, i);
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "", WORDS[line->use]);
        if (line->first != NULL)
            g_string_append_printf(text, " %s..%s", line->first->id, line->last->id);
    }
    return text != NULL ? g_string_free(text, FALSE) : NULL;
}

static void knows_pci_devices(void)
{
    static const struct {
        int vendor, device, subsystem_vendor, subsystem_device;
        const char *lines;
    } CASES[] = {
        {0x144d, 0xa808, 0x144d, 0xa811, "no"},
        {0x144d, 0xa808, 0x144d, 0xa801, "limited high-sierra..tahoe"},
        {0x144d, 0xa808, 0x17aa, 0x0001, "unknown"},
        {0x144d, 0xa808, UNKNOWN, UNKNOWN, "unknown"},
        {0x15b7, 0x5006, UNKNOWN, UNKNOWN, "yes high-sierra..tahoe"},
        {0x8086, 0x467f, UNKNOWN, UNKNOWN, "no"},
        {0x8086, 0x1539, UNKNOWN, UNKNOWN, "limited mavericks..big-sur; limited monterey..tahoe"},
        {0x8086, 0x1533, UNKNOWN, UNKNOWN, "yes high-sierra..monterey; limited ventura..tahoe"},
        {0x8086, 0x15b8, UNKNOWN, UNKNOWN, "limited mavericks..tahoe"},
        {0x8086, 0x15f3, UNKNOWN, UNKNOWN, "limited catalina..sequoia"},
        {0x10ec, 0x8168, UNKNOWN, UNKNOWN, "limited mountain-lion..tahoe"},
        {0x14e4, 0x43a0, 0x106b, 0x0111, "yes mountain-lion..ventura"},
        {0x14e4, 0x43a0, 0x14e4, 0x0619, "limited mountain-lion..ventura"},
        {0x14e4, 0x4331, 0x106b, 0x00d6, "yes mountain-lion..catalina"},
        {0x14e4, 0x4727, UNKNOWN, UNKNOWN, "no"},
        {0x8086, 0x2723, UNKNOWN, UNKNOWN, "limited high-sierra..sonoma"},
        {0x14c3, 0x0616, UNKNOWN, UNKNOWN, "no"},
        {0x1912, 0x0014, UNKNOWN, UNKNOWN, "no"},
        {0x1b73, 0x1100, UNKNOWN, UNKNOWN, "yes sierra..tahoe"},
        {0x1022, 0x149c, UNKNOWN, UNKNOWN, "yes catalina..tahoe"},
        {0x1022, 0x15e0, 0x1028, 0x0a11, "no"},
        {0x1022, 0x15e0, 0x1043, 0x0001, "unknown"},
        {0x1022, 0x7901, UNKNOWN, UNKNOWN, "limited high-sierra..catalina; limited big-sur..tahoe"},
        {0x8086, 0xa348, UNKNOWN, UNKNOWN, "limited sierra..sequoia"},
        /* what a hypervisor emulates */
        {0x1af4, 0x1041, UNKNOWN, UNKNOWN, "unknown"},
        {0x8086, 0x10d3, 0x1af4, 0x1100, "unknown"},
        {0x8086, 0x15b8, 0x1af4, 0x1100, "unknown"},
        {0x8086, 0x15b8, 0x1af4, 0x0001, "limited mavericks..tahoe"},
        /* nothing is guessed */
        {0x8086, 0x10d3, 0x8086, 0x0001, NULL},
        {0x1022, 0xfffe, UNKNOWN, UNKNOWN, NULL},
        {UNKNOWN, 0x149c, UNKNOWN, UNKNOWN, NULL},
        {0x1022, UNKNOWN, UNKNOWN, UNKNOWN, NULL},
        {-2, 0x0c03, UNKNOWN, UNKNOWN, NULL},
    };
    g_autoptr(Catalog) catalog = load();

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *lines = lines_of(catalog->pci_devices, CASES[i].vendor, CASES[i].device,
                                          CASES[i].subsystem_vendor, CASES[i].subsystem_device);
        g_test_message("%04x:%04x", (guint)CASES[i].vendor, (guint)CASES[i].device);
        g_assert_cmpstr(lines, ==, CASES[i].lines);
    }
}

static void knows_bluetooth(void)
{
    g_autoptr(Catalog) catalog = load();
    const KnownDevices *usb = catalog->usb_devices;
    g_autofree char *intel = lines_of(usb, 0x8087, 0x0029, UNKNOWN, UNKNOWN);
    g_autofree char *broadcom = lines_of(usb, 0x0a5c, 0x21e8, UNKNOWN, UNKNOWN);
    g_autofree char *realtek = lines_of(usb, 0x0bda, 0xb00c, UNKNOWN, UNKNOWN);
    g_autofree char *mouse = lines_of(usb, 0x046d, 0xc52b, UNKNOWN, UNKNOWN);

    g_assert_cmpstr(intel, ==, "limited high-sierra..big-sur; limited monterey..sequoia");
    g_assert_cmpstr(broadcom, ==, "limited yosemite..tahoe");
    g_assert_cmpstr(realtek, ==, "unknown");
    g_assert_null(mouse);
    g_assert_nonnull(known_device_of_class(usb, 0xe00101));
    g_assert_null(known_device_of_class(usb, 0x030101));
}

/* Of a class nothing but "unknown" is said, and no device is looked up by it. */
static void classes_are_unknown(void)
{
    static const int CLASSES[] = {0x010802, 0x010601, 0x0c0330, 0x040300};
    g_autoptr(Catalog) catalog = load();

    for (guint i = 0; i < G_N_ELEMENTS(CLASSES); i++) {
        const KnownDevice *line = known_device_of_class(catalog->pci_devices, CLASSES[i]);
        g_assert_nonnull(line);
        g_assert_true(line->by_class);
        g_assert_cmpint(line->use, ==, USE_UNKNOWN);
    }
    g_assert_null(known_device_of_class(catalog->pci_devices, 0x060400));
    g_assert_null(known_device_of_class(catalog->pci_devices, UNKNOWN));
}

static void all_lines_of_an_id(void)
{
    g_autoptr(Catalog) catalog = load();
    g_autoptr(GPtrArray) samsung = known_device_any(catalog->pci_devices, 0x144d, 0xa808);
    g_autoptr(GPtrArray) none = known_device_any(catalog->pci_devices, 0x1af4, 0x1041);

    g_assert_cmpuint(samsung->len, ==, 3);
    g_assert_cmpint(((const KnownDevice *)samsung->pdata[0])->use, ==, USE_NO);
    g_assert_cmpint(((const KnownDevice *)samsung->pdata[2])->use, ==, USE_UNKNOWN);
    g_assert_cmpuint(none->len, ==, 0); /* it is in a range only */
}

static void knows_codecs(void)
{
    g_autoptr(Catalog) catalog = load();
    const KnownCodec *codec = known_codec(catalog, 0x10ec, 0x0892);

    g_assert_cmpstr(codec->name, ==, "ALC892");
    g_assert_cmpint(g_array_index(codec->layouts, int, 0), ==, 1);
    g_assert_cmpuint(codec->layouts->len, >=, 20);
    g_assert_true(known_codec_named(catalog, "ALC892") == codec);
    g_assert_true(known_codec_named(catalog, "Realtek ALC892") == codec);
    g_assert_cmpstr(known_codec(catalog, 0x111d, 0x7605)->name, ==, "92HD81B1X5 or 92HD87B1");
    /* Linux calls two codecs so */
    g_assert_null(known_codec_named(catalog, "ALC1220"));
    g_assert_cmpstr(known_codec(catalog, 0x10ec, 0x1168)->name, ==, "ALCS1220A");
    g_assert_null(known_codec(catalog, 0x8086, 0x280b));
    g_assert_null(known_codec_named(catalog, "ALC"));
}

static void knows_resets(void)
{
    g_autoptr(Catalog) catalog = load();
    const KnownReset *matisse = known_reset(catalog, 0x1022, 0x149c);
    g_assert_cmpint(matisse->linux_major, ==, 5);
    g_assert_cmpint(matisse->linux_minor, ==, 8);
    g_assert_null(known_reset(catalog, 0x1022, 0x145c));
}

#define RELEASES                                                                                   \
    "id|name|version|darwin|cpu_required|cpu_slice|cpu_wanted|cpu_wanted_note|cpu_escape_flags|"   \
    "cpu_escape|needs_tsc|needs_msrs|threads_max|mac_model|cpu_model|disk_bus|nic_model|usb_"      \
    "model|"                                                                                       \
    "video_model|memory_min|disk_min|installer|source\n"                                           \
    "old|N|1|1|pni||||||no|no|24|MacPro1,1|Penryn|sata|virtio|qemu-xhci|vga|1G|1G|disc|s\n"        \
    "new|N|2|2|pni||||||no|no|24|MacPro1,1|Penryn|sata|virtio|qemu-xhci|vga|1G|1G|disc|s\n"
#define DEVICES "name|vendor|devices|subsystems|answer|first|last|needs|advice|source\n"
#define CODECS "vendor|device|maker|name|linux|first|layouts|source\n"
#define RESETS "vendor|device|linux|source\n"

typedef bool Reader(Catalog *catalog, const Table *table, GError **error);

/* MESSAGE: a part of why ROWS are refused; NULL: they are good. */
static void assert_rows(const char *head, const char *rows, const char *const *columns,
                        Reader *reader, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Catalog) catalog = catalog_new();
    g_autofree char *text = g_strconcat(head, rows, NULL);
    g_autoptr(Table) releases = table_parse(RELEASES, "releases", RELEASE_COLUMNS, NULL);
    g_autoptr(Table) table = table_parse(text, "t", columns, NULL);

    g_assert_true(catalog_read_releases(catalog, releases, NULL));
    g_assert_nonnull(table);
    bool good = reader(catalog, table, &error);
    g_test_message("%s: %s", rows, error != NULL ? error->message : "good");
    g_assert_cmpint(good, ==, message == NULL);
    if (message != NULL)
        g_assert_nonnull(strstr(error->message, message));
}

static void broken_devices_are_refused(void)
{
    static const struct {
        const char *rows, *message;
    } CASES[] = {
        {"D|1022|149c 1500-15ff||yes|old|new|||s\n", NULL},
        {"D|1022|149c||yes|old|old|||s\nD|1022|149c||limited|new|new|a kext||s\n", NULL},
        {"D|1022|149c||yes|old|new|||s\nE|1022|1400-14ff||no|none|none||Bad.|s\n", NULL},
        {"D|1022|149c|1028 1043:0001|no|none|none||Bad.|s\nE|1022|149c||yes|old|new|||s\n", NULL},
        {"D|class|0c0330||unknown|none|none||Why.|s\n", NULL},
        {"D|1022|149c||yes|old|new|||s\nE|1022|149c||yes|new|new|||s\n", "is there twice"},
        {"D|1022|149c||yes|new|new|||s\nE|1022|149c||yes|old|old|||s\n", "is there twice"},
        {"D|1022|149c||yes|old|old|||s\nE|1022|149c||no|none|none||Bad.|s\n", "is there twice"},
        {"D|1022|149c|1028|no|none|none||B.|s\nE|1022|149c|1028:0001|no|none|none||B.|s\n",
         "is there twice"},
        {"D|1022|1400-14ff||yes|old|new|||s\nE|1022|14f0-15ff||yes|old|new|||s\n",
         "is there twice"},
        {"D|class|0c0330||unknown|none|none||W.|s\nE|class|0c0330||unknown|none|none||W.|s\n",
         "is there twice"},
        {"|1022|149c||yes|old|new|||s\n", "'name' is empty"},
        {"D|1022|149c||yes|old|new|||\n", "'source' is empty"},
        {"D|102|149c||yes|old|new|||s\n", "no id of four"},
        {"D|1022|149C||yes|old|new|||s\n", "'149C' is no device id"},
        {"D|1022|||yes|old|new|||s\n", "'devices' is empty"},
        {"D|1022|15ff-1500||yes|old|new|||s\n", "is no device id"},
        {"D|1022|149c|1028:1|yes|old|new|||s\n", "'1028:1' is no subsystem"},
        {"D|class|0c03||unknown|none|none||Why.|s\n", "'0c03' is no device id"},
        {"D|class|0c0330|1028|unknown|none|none||Why.|s\n", "is no subsystem"},
        {"D|class|0c0330||yes|old|new|||s\n", "nothing but 'unknown'"},
        {"D|1022|149c||maybe|old|new|||s\n", "'answer' says 'maybe'"},
        {"D|1022|149c||yes|new|old|||s\n", "comes after"},
        {"D|1022|149c||yes|older|new|||s\n", "no release's id"},
        {"D|1022|149c||yes|none|none|||s\n", "'first' must be a release"},
        {"D|1022|149c||yes|old|new|a kext||s\n", "is 'limited'"},
        {"D|1022|149c||limited|old|new|||s\n", "must say what limits it"},
        {"D|1022|149c||limited|old|new|a kext.||s\n", "full stop"},
        {"D|1022|149c||no|none|none||Bad|s\n", "whole sentences"},
        {"D|1022|149c||no|none|none|||s\n", "must say why"},
        {"D|1022|149c||no|old|new||Bad.|s\n", "has no releases"},
        {"D|1022|149c||unknown|none|none|||s\n", "must say why"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        assert_rows(DEVICES, CASES[i].rows, KNOWN_DEVICE_COLUMNS, catalog_read_pci_devices,
                    CASES[i].message);
        assert_rows(DEVICES, CASES[i].rows, KNOWN_DEVICE_COLUMNS, catalog_read_usb_devices,
                    CASES[i].message);
    }
}

static void broken_codecs_and_resets_are_refused(void)
{
    static const struct {
        const char *rows, *message;
    } CODEC_CASES[] =
        {
            {"10ec|0892|Realtek|ALC892||old|0 1 28|s\n", NULL},
            {"10ec|0892|R|A||old|1|s\n10ec|0892|R|B||old|1|s\n", "is there twice"},
            {"10ec|892|R|A||old|1|s\n", "no id of four"},
            {"10ec|0892|R|A||older|1|s\n", "no release's id"},
            {"10ec|0892|R|A||old||s\n", "'layouts' is empty"},
            {"10ec|0892|R|A||old|2 1|s\n", "'1' is no layout-id that comes after 2"},
            {"10ec|0892|R|A||old|x|s\n", "'x' is no layout-id"},
            {"10ec|0892|R|A||old|1|\n", "'source' is empty"},
        },
      RESET_CASES[] = {
          {"1022|149c|5.8|s\n", NULL},
          {"1022|149c|5.8|s\n1022|149c|5.9|s\n", "is there twice"},
          {"1022|149c|5|s\n", "no release of Linux"},
          {"1022|149c|5.x|s\n", "no release of Linux"},
          {"1022|149c|5.8|\n", "'source' is empty"},
      };

    for (guint i = 0; i < G_N_ELEMENTS(CODEC_CASES); i++)
        assert_rows(CODECS, CODEC_CASES[i].rows, CODEC_COLUMNS, catalog_read_codecs,
                    CODEC_CASES[i].message);
    for (guint i = 0; i < G_N_ELEMENTS(RESET_CASES); i++)
        assert_rows(RESETS, RESET_CASES[i].rows, RESET_COLUMNS, catalog_read_resets,
                    RESET_CASES[i].message);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalog/devices/pci", knows_pci_devices);
    g_test_add_func("/catalog/devices/bluetooth", knows_bluetooth);
    g_test_add_func("/catalog/devices/classes", classes_are_unknown);
    g_test_add_func("/catalog/devices/all-of-an-id", all_lines_of_an_id);
    g_test_add_func("/catalog/devices/codecs", knows_codecs);
    g_test_add_func("/catalog/devices/resets", knows_resets);
    g_test_add_func("/catalog/devices/broken", broken_devices_are_refused);
    g_test_add_func("/catalog/devices/broken-codecs-resets", broken_codecs_and_resets_are_refused);
    return g_test_run();
}
