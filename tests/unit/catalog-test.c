/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalog/catalog.h"

#include "base/error.h"
#include "catalog/tables.h"

#include <string.h>

#define CPU_MAP "/usr/share/libvirt/cpu_map"

static Catalog *load(void)
{
    g_autoptr(GError) error = NULL;
    Catalog *catalog = catalog_load(&error);
    g_assert_no_error(error);
    return catalog;
}

static void has_every_release(void)
{
    static const char *const VERSIONS[] = {"10.4",  "10.5",  "10.6",  "10.7",  "10.8",  "10.9",
                                           "10.10", "10.11", "10.12", "10.13", "10.14", "10.15",
                                           "11",    "12",    "13",    "14",    "15",    "26"};
    g_autoptr(Catalog) catalog = load();

    g_assert_cmpuint(catalog->releases->len, ==, G_N_ELEMENTS(VERSIONS));
    for (guint i = 0; i < G_N_ELEMENTS(VERSIONS); i++) {
        const Release *release = catalog_release(catalog, VERSIONS[i]);
        g_assert_nonnull(release);
        g_assert_cmpint(release->order, ==, (int)i);
        g_assert_cmpint(release->darwin, ==, (int)i + 8);
        g_assert_true(catalog_release(catalog, release->id) == release);
    }
}

static bool requires(const Release *release, const char *flag)
{
    return g_strv_contains((const char *const *)release->cpu_required, flag) ||
           g_strv_contains((const char *const *)release->cpu_slice, flag);
}

/* From these releases on, and not before: Dortania's macos-limits.md, and XNU's x86_64h. */
static void processor_needs_start_where_the_sources_say(void)
{
    static const struct {
        const char *flag, *first;
    } CASES[] = {{"pni", "tiger"},     {"ssse3", "lion"},   {"sse4_1", "sierra"},
                 {"sse4_2", "mojave"}, {"avx2", "ventura"}, {"fma", "ventura"},
                 {"abm", "ventura"}};
    g_autoptr(Catalog) catalog = load();

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        int first = catalog_release(catalog, CASES[i].first)->order;
        for (guint j = 0; j < catalog->releases->len; j++) {
            const Release *release = g_ptr_array_index(catalog->releases, j);
            g_assert_cmpint(requires(release, CASES[i].flag), ==, release->order >= first);
        }
    }
}

static void devices_fit_the_release(void)
{
    g_autoptr(Catalog) catalog = load();

    for (guint i = 0; i < catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(catalog->releases, i);
        bool has_virtio_disk = release->order >= catalog_release(catalog, "catalina")->order;
        g_assert_cmpstr(release->disk_bus, ==, has_virtio_disk ? "virtio" : "sata");
        if (release->order >= catalog_release(catalog, "sonoma")->order)
            g_assert_cmpstr(release->usb_model, ==, "qemu-xhci");
        if (release->order < catalog_release(catalog, "big-sur")->order)
            g_assert_cmpstr(release->nic_model, !=, "virtio");
        bool many = release->order >= catalog_release(catalog, "el-capitan")->order;
        g_assert_cmpint(release->threads_max, ==, many ? 64 : 24);
        /* Macs whose graphics are a card: an iMac expects an integrated GPU. */
        g_assert_true(g_str_has_prefix(release->mac_model, "MacPro") ||
                      g_str_has_prefix(release->mac_model, "iMacPro"));
    }
}

static void libvirt_knows_the_processor_models(void)
{
    if (!g_file_test(CPU_MAP, G_FILE_TEST_IS_DIR)) {
        g_test_skip("libvirt's cpu_map is not installed");
        return;
    }
    g_autoptr(Catalog) catalog = load();
    g_autofree char *features = NULL;
    g_assert_true(g_file_get_contents(CPU_MAP "/x86_features.xml", &features, NULL, NULL));
    for (guint i = 0; i < catalog->processor_models->len; i++) {
        const ProcessorModel *model = g_ptr_array_index(catalog->processor_models, i);
        g_autofree char *path = g_strdup_printf(CPU_MAP "/x86_%s.xml", model->name);
        g_autofree char *signature =
            g_strdup_printf("<signature family='%d' model='%d'/>", model->family, model->model);
        g_autofree char *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_nonnull(strstr(text, signature));
        for (char **feature = model->add_features; *feature != NULL; feature++) {
            g_autofree char *name = g_strdup_printf("<feature name='%s'", *feature);
            g_assert_nonnull(strstr(features, name));
            g_assert_null(strstr(text, name)); /* it would add nothing */
        }
    }
}

/* What XNU's cpuid.c names, in the releases from which it does; sold processors by their numbers.
 */
static void knows_processors(void)
{
    static const struct {
        const char *vendor;
        int family, model;
        const char *generation, *first; /* NULL: no release knows it */
        Tri hybrid;
    } CASES[] = {
        {"GenuineIntel", 6, 23, "Core 2", "tiger", TRI_NO},               /* Q9550 */
        {"GenuineIntel", 6, 62, "Ivy Bridge", "mavericks", TRI_NO},       /* E5-2690 v2 */
        {"GenuineIntel", 6, 79, "Broadwell", NULL, TRI_NO},               /* i7-6950X */
        {"GenuineIntel", 6, 85, "Skylake", "high-sierra", TRI_NO},        /* W-3245 */
        {"GenuineIntel", 6, 158, "Kaby Lake", "sierra", TRI_NO},          /* i7-8700K */
        {"GenuineIntel", 6, 165, "Comet Lake", "catalina", TRI_NO},       /* i9-10900K */
        {"GenuineIntel", 6, 167, "Rocket Lake", NULL, TRI_NO},            /* i9-11900K */
        {"GenuineIntel", 6, 151, "Alder Lake", NULL, TRI_UNKNOWN},        /* i9-12900K, i5-12400 */
        {"GenuineIntel", 6, 154, "Alder Lake", NULL, TRI_YES},            /* i7-1260P */
        {"GenuineIntel", 6, 183, "Raptor Lake", NULL, TRI_UNKNOWN},       /* i9-13900K */
        {"GenuineIntel", 6, 170, "Meteor Lake", NULL, TRI_YES},           /* Ultra 7 155H */
        {"GenuineIntel", 6, 198, "Arrow Lake", NULL, TRI_YES},            /* Ultra 9 285K */
        {"GenuineIntel", 6, 190, "Gracemont", NULL, TRI_NO},              /* N100 */
        {"GenuineIntel", 6, 143, "Xeon of 2023 and later", NULL, TRI_NO}, /* 8488C */
        {"AuthenticAMD", 16, 4, "K10", NULL, TRI_NO},                     /* Phenom II X4 */
        {"AuthenticAMD", 21, 2, "Piledriver", NULL, TRI_NO},              /* FX-8350 */
        {"AuthenticAMD", 23, 113, "Zen 2", NULL, TRI_NO},                 /* 3900X */
        {"AuthenticAMD", 25, 33, "Zen 3", NULL, TRI_NO},                  /* 5800X */
        {"AuthenticAMD", 25, 97, "Zen 4", NULL, TRI_NO},                  /* 7950X */
        {"AuthenticAMD", 26, 68, "Zen 5", NULL, TRI_NO},                  /* 9950X */
    };
    g_autoptr(Catalog) catalog = load();
    const Release *tahoe = catalog_release(catalog, "tahoe");

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const Processor *processor =
            catalog_processor(catalog, CASES[i].vendor, CASES[i].family, CASES[i].model);
        g_test_message("%d/%d", CASES[i].family, CASES[i].model);
        g_assert_nonnull(processor);
        g_assert_cmpstr(processor->generation, ==, CASES[i].generation);
        g_assert_cmpstr(processor->first == NULL ? NULL : processor->first->id, ==, CASES[i].first);
        g_assert_cmpint(processor->hybrid, ==, CASES[i].hybrid);
        g_assert_cmpint(catalog_knows_processor(processor, tahoe), ==, CASES[i].first != NULL);
    }
    g_assert_null(catalog_processor(catalog, "GenuineIntel", 6, UNKNOWN));
    g_assert_null(catalog_processor(catalog, "GenuineIntel", UNKNOWN, 23));
    g_assert_null(catalog_processor(catalog, "CentaurHauls", 6, 15));
    g_assert_null(catalog_processor(catalog, NULL, 6, 23));
    const Processor *merom = catalog_processor(catalog, "GenuineIntel", 6, 15);
    g_assert_true(catalog_knows_processor(merom, catalog_release(catalog, "el-capitan")));
    g_assert_false(catalog_knows_processor(merom, catalog_release(catalog, "sierra")));
}

/* A guest is never shown a processor that its kernel stops on. */
static void releases_know_their_models(void)
{
    g_autoptr(Catalog) catalog = load();
    for (guint i = 0; i < catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(catalog->releases, i);
        const ProcessorModel *model = catalog_processor_model(catalog, release->cpu_model);
        g_assert_nonnull(model);
        g_assert_true(catalog_knows_processor(model->processor, release));
    }
}

static void finds_releases_by_id_and_version(void)
{
    g_autoptr(Catalog) catalog = load();

    g_assert_cmpstr(catalog_release(catalog, "Snow-Leopard")->version, ==, "10.6");
    g_assert_cmpstr(catalog_release(catalog, "26")->id, ==, "tahoe");
    g_assert_null(catalog_release(catalog, "16"));
    g_assert_null(catalog_release(catalog, "10.1"));
    g_assert_null(catalog_release(catalog, ""));
}

static void assert_asked(const char *name, const char *part, const char *other_part)
{
    g_autoptr(Catalog) catalog = load();
    g_autoptr(GError) error = NULL;

    g_assert_null(catalog_release_asked(catalog, name, &error));
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, part));
    g_assert_nonnull(strstr(error->message, other_part));
}

static void unknown_releases_get_help(void)
{
    assert_asked("sonomma", "'sonomma'", "'sonoma'");
    assert_asked("snowleopard", "'snow-leopard'", "10.6");
    assert_asked("windows", "'windows'", "tahoe (26)");
    assert_asked("16", "tiger (10.4)", "tahoe (26)");
    assert_asked("a\n\033[1m", "a\\n\\033[1m", "tahoe");
}

static void knows_graphics_cards(void)
{
    static const struct {
        int vendor, device;
        const char *family, *first, *last;
        bool native;
    } CASES[] = {
        {0x1002, 0x73ff, "navi-23", "monterey", "tahoe", true},
        {0x1002, 0x73ef, "navi-23-spoof", "monterey", "tahoe", false},
        {0x1002, 0x73df, "navi-22", "monterey", "tahoe", false},
        {0x1002, 0x67df, "polaris-10", "high-sierra", "tahoe", true},
        {0x1002, 0x6fdf, "polaris-10-2048", "high-sierra", "tahoe", false},
        {0x1002, 0x699f, "polaris-12", "high-sierra", "tahoe", false},
        {0x1002, 0x6995, "polaris-12", "high-sierra", "tahoe", false},
        {0x1002, 0x694c, "vega-m", "high-sierra", "tahoe", true},
        {0x1002, 0x7300, "gcn-3-fiji", "el-capitan", "monterey", true},
        {0x1002, 0x66af, "vega-20", "mojave", "tahoe", true},
        {0x1002, 0x743f, "navi-24", NULL, NULL, false},
        {0x10de, 0x104d, "fermi", "lion", "high-sierra", false},
        {0x10de, 0x11c0, "kepler-gk106", "mountain-lion", "big-sur", true},
        {0x10de, 0x1b83, "pascal-cut", NULL, NULL, false},
        {0x10de, 0x1c03, "pascal", "sierra", "high-sierra", false},
        {0x8086, 0x3e93, "intel-gt1", NULL, NULL, false},
        {0x8086, 0xa780, "intel-xe", NULL, NULL, false},
        {0x10de, 0x1287, "kepler", "mountain-lion", "big-sur", true},
        {0x10de, 0x1b80, "pascal", "sierra", "high-sierra", false},
        {0x10de, 0x2204, "turing-later", NULL, NULL, false},
        {0x1002, 0x744c, "rdna-3-4", NULL, NULL, false},
        {0x1234, 0x1111, "emulated", NULL, NULL, false},
    };
    g_autoptr(Catalog) catalog = load();

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const GraphicsFamily *family = catalog_graphics(catalog, CASES[i].vendor, CASES[i].device);
        g_assert_nonnull(family);
        g_assert_cmpstr(family->id, ==, CASES[i].family);
        g_assert_cmpstr(family->first == NULL ? NULL : family->first->id, ==, CASES[i].first);
        g_assert_cmpstr(family->last == NULL ? NULL : family->last->id, ==, CASES[i].last);
        g_assert_cmpint(family->native, ==, CASES[i].native);
    }
    g_assert_null(catalog_graphics(catalog, 0x10de, 0x73ff));
    g_assert_null(catalog_graphics(catalog, UNKNOWN, 0x73ff));
    g_assert_null(catalog_graphics(catalog, 0x1002, UNKNOWN));
}

/* A spoofed id is one that macOS takes: of a native family of the same vendor, with no earlier last
 * release. 6649 is given that of a card which is itself spoofed, as the source has it. */
static void spoofed_ids_are_of_cards_that_macos_knows(void)
{
    g_autoptr(Catalog) catalog = load();
    GHashTableIter iter;
    gpointer key, value;
    guint spoofed = 0;

    g_hash_table_iter_init(&iter, catalog->devices);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        const GraphicsDevice *device = value;
        if (device->spoof == UNKNOWN)
            continue;
        guint id = (guint)GPOINTER_TO_SIZE(key);
        const GraphicsFamily *target = catalog_graphics(catalog, (int)(id >> 16), device->spoof);
        g_test_message("%08x is given %04x", id, (guint)device->spoof);
        spoofed++;
        if (id == 0x10026611 || id == 0x10026613 || id == 0x10026617 || id == 0x10026649)
            continue;
        g_assert_nonnull(target);
        g_assert_true(target->native);
        g_assert_cmpint(target->last->order, >=, device->family->last->order);
    }
    g_assert_cmpuint(spoofed, >=, 20);
}

static void revisions_tell_cards_of_one_id_apart(void)
{
    g_autoptr(Catalog) catalog = load();
    const GraphicsFamily *general = catalog_graphics(catalog, 0x1002, 0x67df);

    g_assert_true(catalog_graphics_device(catalog, 0x1002, 0x67df, 0xe7)->family == general);
    g_assert_true(catalog_graphics_device(catalog, 0x1002, 0x67df, UNKNOWN)->family == general);
    const GraphicsFamily *rx590 = catalog_graphics_device(catalog, 0x1002, 0x67df, 0xe1)->family;
    g_assert_cmpstr(rx590->id, ==, "polaris-30");
    g_assert_cmpstr(rx590->first->id, ==, "mojave");
    g_assert_true(catalog_graphics_other(catalog, 0x1002, 0x67df) == rx590);
    g_assert_null(catalog_graphics_other(catalog, 0x1002, 0x73ff));
    g_assert_null(catalog_graphics_device(catalog, 0x1002, 0xfffe, 0xe1));
    g_assert_cmpint(catalog_graphics_device(catalog, 0x1002, 0x73ef, 0xc1)->spoof, ==, 0x73ff);
    g_assert_cmpint(catalog_graphics_device(catalog, 0x1002, 0x73ff, 0xc1)->spoof, ==, UNKNOWN);
}

static void makers_with_bad_firmware_are_known(void)
{
    g_autoptr(Catalog) catalog = load();
    const GraphicsFamily *polaris = catalog_graphics(catalog, 0x1002, 0x67df);
    const GraphicsFamily *navi = catalog_graphics(catalog, 0x1002, 0x731f);

    g_assert_cmpstr(catalog_graphics_maker(catalog, polaris, 0x148c)->maker, ==, "PowerColor");
    g_assert_cmpstr(catalog_graphics_maker(catalog, navi, 0x1462)->last->id, ==, "catalina");
    g_assert_null(catalog_graphics_maker(catalog, navi, 0x148c));
    g_assert_null(catalog_graphics_maker(catalog, polaris, 0x1da2));
    g_assert_null(catalog_graphics_maker(catalog, polaris, UNKNOWN));
    g_assert_null(catalog_graphics_maker(catalog, NULL, 0x148c));
}

static bool sells(const char *release, const char *family, guint *ret_place)
{
    g_autoptr(Catalog) catalog = load();
    g_autoptr(GPtrArray) families =
        catalog_graphics_to_buy(catalog, catalog_release(catalog, release));
    for (guint i = 0; i < families->len; i++) {
        if (strcmp(((const GraphicsFamily *)families->pdata[i])->id, family) != 0)
            continue;
        *ret_place = i;
        return true;
    }
    return false;
}

static void what_to_buy_is_what_does(void)
{
    g_autoptr(Catalog) catalog = load();
    guint navi23, spoofed, other;

    g_assert_true(sells("sequoia", "navi-23", &navi23));
    g_assert_cmpuint(navi23, ==, 0); /* native, and comes back after a guest */
    g_assert_true(sells("sequoia", "navi-22", &spoofed));
    g_assert_true(sells("sequoia", "vega-10", &other));
    g_assert_cmpuint(spoofed, >, other);
    g_assert_false(sells("sequoia", "kepler", &other));
    g_assert_true(sells("big-sur", "kepler", &other));
    g_assert_false(sells("sequoia", "coffee-lake", &other));
    g_assert_false(sells("sequoia", "vega-m", &other));
    g_assert_false(sells("sequoia", "navi-24", &other));
    for (guint i = 0; i < catalog->releases->len; i++) {
        g_autoptr(GPtrArray) all =
            catalog_graphics_to_buy(catalog, g_ptr_array_index(catalog->releases, i));
        g_assert_cmpuint(all->len, >, 0);
    }
}

/* Every family can be met: one that no device is in would never be used. */
static void every_family_has_devices(void)
{
    g_autoptr(Catalog) catalog = load();
    g_autoptr(GHashTable) used = g_hash_table_new(g_direct_hash, g_direct_equal);
    GHashTableIter iter;
    gpointer device;

    g_hash_table_iter_init(&iter, catalog->devices);
    while (g_hash_table_iter_next(&iter, NULL, &device))
        g_hash_table_add(used, (gpointer)((const GraphicsDevice *)device)->family);
    g_assert_cmpuint(g_hash_table_size(used), ==, catalog->families->len);
}

static void topologies_are_layouts_that_start(void)
{
    static const int REFUSED[] = {0, -1, 3, 5, 7, 9, 11, 18, 48, 65, 1000000};
    g_autoptr(Catalog) catalog = load();
    const Release *sonoma = catalog_release(catalog, "sonoma");

    const Topology *six = catalog_topology(catalog, sonoma, 6, NULL);
    g_assert_cmpint(six->sockets, ==, 3);
    g_assert_cmpint(six->cores, ==, 2);
    for (int count = 1; count <= 64; count *= 2) {
        const Topology *topology = catalog_topology(catalog, sonoma, count, NULL);
        g_assert_cmpint(topology->sockets, ==, 1);
        g_assert_cmpint(topology->cores, ==, count);
    }
    for (guint i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(catalog_topology(catalog, sonoma, REFUSED[i], &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    }
}

static void refused_counts_name_the_nearest(void)
{
    g_autoptr(Catalog) catalog = load();
    g_autoptr(GError) seven = NULL;
    g_autoptr(GError) many = NULL;

    g_assert_null(catalog_topology(catalog, catalog_release(catalog, "14"), 7, &seven));
    g_assert_nonnull(strstr(seven->message, "6 and 8"));
    g_assert_null(catalog_topology(catalog, catalog_release(catalog, "10.10"), 32, &many));
    g_assert_nonnull(strstr(many->message, "24"));
}

static void the_largest_count_fits_host_and_release(void)
{
    g_autoptr(Catalog) catalog = load();
    const Release *sonoma = catalog_release(catalog, "sonoma");
    const Release *yosemite = catalog_release(catalog, "yosemite");

    g_assert_cmpint(catalog_topology_at_most(catalog, sonoma, 7)->count, ==, 6);
    g_assert_cmpint(catalog_topology_at_most(catalog, sonoma, 0)->count, ==, 1);
    g_assert_cmpint(catalog_topology_at_most(catalog, sonoma, 500)->count, ==, 64);
    g_assert_cmpint(catalog_topology_at_most(catalog, yosemite, 500)->count, ==, 24);
}

#define RELEASES                                                                                   \
    "id|name|version|darwin|cpu_required|cpu_slice|cpu_wanted|cpu_wanted_note|cpu_escape_flags|"   \
    "cpu_escape|needs_tsc|needs_msrs|threads_max|mac_model|cpu_model|disk_bus|nic_model|usb_"      \
    "model|video_"                                                                                 \
    "model|memory_"                                                                                \
    "min|disk_min|installer|source\n"
#define RELEASE(id, version, darwin, bus, source)                                                  \
    id "|N|" version "|" darwin "|pni||||||no|no|24|MacPro1,1|Penryn|" bus                         \
       "|virtio|qemu-xhci|vga|1G|1G|"                                                              \
       "disc|" source "\n"
#define OLD RELEASE("old", "1", "1", "sata", "s")
#define NEW RELEASE("new", "2", "2", "sata", "s")
#define FAMILIES                                                                                   \
    "id|vendor|name|cards|form|first|last|native|metal|needs|limits|doubt|reset|source\n"
#define FAMILY(range, native, needs, reset)                                                        \
    "f|AMD|F|cards|card|" range "|" native "|no|" needs "|||" reset "|source\n"
#define GOOD_FAMILY FAMILY("old|new", "yes", "", "ok")
#define DEVICES "family|vendor|devices|spoof|source\n"
#define MAKERS "maker|subsystem|families|first|last|trouble|source\n"
#define BAD_FAMILY FAMILY("old|new", "no", "x", "ok")
#define TOPOLOGIES "count|sockets|cores|threads|source\n"

/* Reads the four texts in turn, until one is refused. */
static bool read_texts(const char *releases, const char *families, const char *devices,
                       const char *topologies, GError **error)
{
    g_autoptr(Catalog) catalog = catalog_new();
    g_autoptr(Table) r = table_parse(releases, "releases", RELEASE_COLUMNS, error);
    if (r == NULL || !catalog_read_releases(catalog, r, error))
        return false;
    g_autoptr(Table) f = table_parse(families, "families", FAMILY_COLUMNS, error);
    if (f == NULL || !catalog_read_families(catalog, f, error))
        return false;
    g_autoptr(Table) d = table_parse(devices, "devices", DEVICE_COLUMNS, error);
    if (d == NULL || !catalog_read_devices(catalog, d, error))
        return false;
    g_autoptr(Table) t = table_parse(topologies, "topologies", TOPOLOGY_COLUMNS, error);
    return t != NULL && catalog_read_topologies(catalog, t, error);
}

static void broken_tables_are_refused(void)
{
    static const struct {
        const char *releases, *families, *devices, *topologies;
        const char *message; /* a part; NULL: it is good */
    } CASES[] = {
        {OLD NEW, GOOD_FAMILY, "f|1002|0001 1e00-1e0f||s\n", "1|1|1|1|s\n", NULL},
        {OLD OLD, "", "", "", "Line 3 of table 'releases': release 'old' (1) is there twice"},
        {OLD RELEASE("new", "1", "2", "sata", "s"), "", "", "", "twice"},
        {NEW OLD, "", "", "", "Darwin 1 does not come after 2"},
        {RELEASE("Old", "1", "1", "sata", "s"), "", "", "", "'Old', which is no id"},
        {RELEASE("old", "1", "x", "sata", "s"), "", "", "", "'darwin' says 'x'"},
        {RELEASE("old", "1", "1", "scsi", "s"), "", "", "", "'disk_bus' says 'scsi'"},
        {RELEASE("old", "1", "1", "sata", ""), "", "", "", "'source' is empty"},
        {OLD, FAMILY("old|newer", "yes", "", "ok"), "", "", "'newer', which is no release's id"},
        {OLD NEW, FAMILY("new|old", "yes", "", "ok"), "", "", "'first' (new) comes after"},
        {OLD NEW, FAMILY("old|none", "yes", "", "ok"), "", "", "both be 'none'"},
        {OLD NEW, FAMILY("none|none", "yes", "", "ok"), "", "", "cannot be native"},
        {OLD NEW, FAMILY("old|new", "no", "", "ok"), "", "", "'needs' must say why"},
        {OLD NEW, FAMILY("old|new", "yes", "x.", "ok"), "", "", "ends with a full stop"},
        {OLD NEW, "f|virtual|F|c|virtual|none|none|no|no||||ok|s\n", "", "",
         "'needs' must say what"},
        {OLD NEW, "f|AMD|F|c|card|old|new|yes|no||half||ok|s\n", "", "", "'limits' must be whole"},
        {OLD NEW, "f|AMD|F|c|card|old|new|yes|no|||half|ok|s\n", "", "", "'doubt' must be whole"},
        {OLD NEW, "f|AMD|F|c|card|none|none|no|yes||||ok|s\n", "", "", "nor have Metal"},
        {OLD NEW, "f|AMD|F|c|box|old|new|yes|no||||ok|s\n", "", "", "'form' says 'box'"},
        {OLD NEW, FAMILY("old|new", "maybe", "", "ok"), "", "", "'native' says 'maybe'"},
        {OLD NEW, FAMILY("old|new", "yes", "", "fine"), "", "", "'reset' says 'fine'"},
        {OLD NEW, GOOD_FAMILY GOOD_FAMILY, "", "", "family 'f' is there twice"},
        {OLD NEW, GOOD_FAMILY, "g|1002|0001||s\n", "", "no family is called 'g'"},
        {OLD NEW, GOOD_FAMILY, "f|1002|0001||s\nf|1002|0001||s\n", "", "1002:0001 is there twice"},
        {OLD NEW, GOOD_FAMILY, "f|1002|0000-00ff 00f0||s\n", "", "1002:00f0 is there twice"},
        {OLD NEW, GOOD_FAMILY, "f|1002|67DF||s\n", "", "'67DF' is no device id"},
        {OLD NEW, GOOD_FAMILY, "f|1002|2-1||s\n", "", "'2-1' is no device id"},
        {OLD NEW, GOOD_FAMILY, "f|1002|00ff-0000||s\n", "", "is no device id"},
        {OLD NEW, GOOD_FAMILY, "f|102|0001||s\n", "", "'102' is no vendor id"},
        {OLD NEW, GOOD_FAMILY, "f|1002|0001/c1 0001||s\n", "1|1|1|1|s\n", NULL},
        {OLD NEW, GOOD_FAMILY, "f|1002|0001/c1 0001/c||s\n", "", "'0001/c' is no device id"},
        {OLD NEW, GOOD_FAMILY, "f|1002|0001/c1||s\nf|1002|0001/c1||s\n", "", "is there twice"},
        {OLD NEW, GOOD_FAMILY, "f|1002|0001|0002|s\n", "", "needs no spoofed device-id"},
        {OLD NEW, BAD_FAMILY, "f|1002|0001|0001|s\n", "", "spoofed to itself"},
        {OLD NEW, BAD_FAMILY, "f|1002|0001|2|s\n", "", "'spoof' says '2'"},
        {OLD NEW, GOOD_FAMILY, "f|1002|||s\n", "", "'devices' is empty"},
        {OLD NEW, GOOD_FAMILY, "", "1|1|1|1|s\n6|1|4|1|s\n", "are not 6 processors"},
        {OLD NEW, GOOD_FAMILY, "", "1|1|1|1|s\n4|1|4|1|s\n2|1|2|1|s\n", "2 does not come after 4"},
        {OLD NEW, GOOD_FAMILY, "", "2|1|2|1|s\n", "must be 1"},
        {OLD NEW, GOOD_FAMILY, "", "", "has no rows"},
        {OLD NEW, GOOD_FAMILY, "", "1|1|1|1|\n", "'source' is empty"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *releases = g_strconcat(RELEASES, CASES[i].releases, NULL);
        g_autofree char *families = g_strconcat(FAMILIES, CASES[i].families, NULL);
        g_autofree char *devices = g_strconcat(DEVICES, CASES[i].devices, NULL);
        g_autofree char *topologies = g_strconcat(TOPOLOGIES, CASES[i].topologies, NULL);
        bool good = read_texts(releases, families, devices, topologies, &error);

        g_test_message("case %u: %s", i, error == NULL ? "good" : error->message);
        g_assert_cmpint(good, ==, CASES[i].message == NULL);
        if (good)
            continue;
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, CASES[i].message));
    }
}

static void broken_makers_are_refused(void)
{
    static const struct {
        const char *row, *message; /* NULL: it is good */
    } CASES[] = {
        {"M|1462|f|old|new|Bad.|s\n", NULL},
        {"M|1462|f|old|new|Bad.|s\nM|1462|f|old|old|Bad.|s\n", "'f' by M is there twice"},
        {"M|1462|g|old|new|Bad.|s\n", "no family is called 'g'"},
        {"M|1462||old|new|Bad.|s\n", "'families' is empty"},
        {"M|14620|f|old|new|Bad.|s\n", "no vendor id"},
        {"M|1462|f|new|old|Bad.|s\n", "comes after"},
        {"M|1462|f|none|none|Bad.|s\n", "must be a release"},
        {"M|1462|f|old|new|Bad|s\n", "whole sentences"},
        {"M|1462|f|old|new|Bad.|\n", "'source' is empty"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Catalog) catalog = catalog_new();
        g_autofree char *text = g_strconcat(MAKERS, CASES[i].row, NULL);
        g_autoptr(Table) releases = table_parse(RELEASES OLD NEW, "r", RELEASE_COLUMNS, NULL);
        g_autoptr(Table) families = table_parse(FAMILIES GOOD_FAMILY, "f", FAMILY_COLUMNS, NULL);
        g_autoptr(Table) makers = table_parse(text, "makers", MAKER_COLUMNS, NULL);

        g_assert_true(catalog_read_releases(catalog, releases, NULL));
        g_assert_true(catalog_read_families(catalog, families, NULL));
        g_assert_cmpint(catalog_read_makers(catalog, makers, &error), ==, CASES[i].message == NULL);
        if (CASES[i].message != NULL)
            g_assert_nonnull(strstr(error->message, CASES[i].message));
    }
}

#define PROCESSORS                                                                                 \
    "vendor|family|models|name|generation|first|last|hybrid|doubt|limits|limits_from|limits_on|"   \
    "note|source\n"
#define INTEL(models, range, rest) "GenuineIntel|6|" models "|N|G|" range "|no|" rest "\n"
#define MODELS "model|family|number|needs|adds|source\n"
#define KNOWN INTEL("17", "old|new", "|||||s")

static void broken_processors_are_refused(void)
{
    static const struct {
        const char *processors, *models;
        const char *message; /* a part; NULL: it is good */
    } CASES[] = {
        {KNOWN, "Penryn|6|17|pni|sse4_2:sse4.2 avx|s\n", NULL},
        {KNOWN INTEL("10-1f", "none|none", "|||||s"), "", "is one of 'N', too"},
        {INTEL("5-1", "none|none", "|||||s"), "", "'5-1', which is no number from 0 to ff"},
        {INTEL("100", "none|none", "|||||s"), "", "which is no number"},
        {INTEL("", "none|none", "|||||s"), "", "'models' is empty"},
        {INTEL("1", "new|old", "|||||s"), "", "comes after"},
        {INTEL("1", "old|new", "Half||||||s"), "", "has 15 cells"},
        {INTEL("1", "old|new", "Half|||||s"), "", "'doubt' must be whole sentences"},
        {INTEL("1", "old|new", "||old|||s"), "", "'limits' is empty"},
        {INTEL("1", "old|new", "|Bad.|never|||s"), "", "'never', which is no release's id"},
        {INTEL("1", "old|new", "|Bad.|new|desktops||s"), "", "'limits_on' says 'desktops'"},
        {INTEL("1", "old|new", "|||||"), "", "'source' is empty"},
        {"AuthenticAMD|17|1|N|G|old|new|no||||||s\n", "", "XNU knows Intel's processors only"},
        {"VIA|6|1|N|G|none|none|no||||||s\n", "", "'vendor' says 'VIA'"},
        {KNOWN, "", "no model 'Penryn', which release 'old' has"},
        {KNOWN, "Penryn|6|18|pni||s\n", "no release knows a processor of family 6, model 18"},
        {KNOWN, "Penryn|6|17|||s\n", "'needs' is empty"},
        {KNOWN, "Penryn|6|17|pni||s\nPenryn|6|17|pni||s\n", "'Penryn' is there twice"},
        {INTEL("17", "new|new", "|||||s"), "Penryn|6|17|pni||s\n",
         "release 'old' does not know its model 'Penryn'"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Catalog) catalog = catalog_new();
        g_autofree char *text = g_strconcat(PROCESSORS, CASES[i].processors, NULL);
        g_autofree char *models = g_strconcat(MODELS, CASES[i].models, NULL);
        g_autoptr(Table) releases = table_parse(RELEASES OLD NEW, "r", RELEASE_COLUMNS, NULL);
        g_autoptr(Table) p = table_parse(text, "processors", PROCESSOR_COLUMNS, &error);
        g_autoptr(Table) m = table_parse(models, "models", PROCESSOR_MODEL_COLUMNS, NULL);

        g_assert_true(catalog_read_releases(catalog, releases, NULL));
        bool good = p != NULL && catalog_read_processors(catalog, p, &error) &&
                    catalog_read_processor_models(catalog, m, &error);
        g_test_message("case %u: %s", i, error == NULL ? "good" : error->message);
        g_assert_cmpint(good, ==, CASES[i].message == NULL);
        if (CASES[i].message != NULL)
            g_assert_nonnull(strstr(error->message, CASES[i].message));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalog/has-every-release", has_every_release);
    g_test_add_func("/catalog/processor-needs", processor_needs_start_where_the_sources_say);
    g_test_add_func("/catalog/devices-fit-the-release", devices_fit_the_release);
    g_test_add_func("/catalog/libvirt-knows-the-models", libvirt_knows_the_processor_models);
    g_test_add_func("/catalog/knows-processors", knows_processors);
    g_test_add_func("/catalog/releases-know-their-models", releases_know_their_models);
    g_test_add_func("/catalog/broken-processors", broken_processors_are_refused);
    g_test_add_func("/catalog/finds-releases", finds_releases_by_id_and_version);
    g_test_add_func("/catalog/unknown-releases-get-help", unknown_releases_get_help);
    g_test_add_func("/catalog/knows-graphics-cards", knows_graphics_cards);
    g_test_add_func("/catalog/spoofed-ids", spoofed_ids_are_of_cards_that_macos_knows);
    g_test_add_func("/catalog/revisions", revisions_tell_cards_of_one_id_apart);
    g_test_add_func("/catalog/what-to-buy", what_to_buy_is_what_does);
    g_test_add_func("/catalog/makers", makers_with_bad_firmware_are_known);
    g_test_add_func("/catalog/broken-makers", broken_makers_are_refused);
    g_test_add_func("/catalog/every-family-has-devices", every_family_has_devices);
    g_test_add_func("/catalog/topologies", topologies_are_layouts_that_start);
    g_test_add_func("/catalog/refused-counts", refused_counts_name_the_nearest);
    g_test_add_func("/catalog/largest-count", the_largest_count_fits_host_and_release);
    g_test_add_func("/catalog/broken-tables-are-refused", broken_tables_are_refused);
    return g_test_run();
}
