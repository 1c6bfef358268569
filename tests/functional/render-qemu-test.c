/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"
#include "sample.h"

#include "base/jsonread.h"
#include "image/image.h"
#include "os/command.h"
#include "render/render.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <string.h>
#include <unistd.h>

/*
 * Each release's guest as QEMU makes it of our command line: it takes every option, and its PCI
 * functions are where the domain XML puts them. The guest does not run (-S), so this is quick; the
 * buses behind root ports have no numbers yet for the same reason, and only QEMU's consent is
 * tested of what is there.
 */

static const char ASK[] = "{\"execute\":\"qmp_capabilities\"}\n{\"execute\":\"query-pci\"}\n"
                          "{\"execute\":\"quit\"}\n";

/* What the Q35 chipset has without being asked: host bridge, LPC, AHCI, SMBus. */
static const char *const CHIPSET[] = {"00:00.0", "00:1f.0", "00:1f.2", "00:1f.3"};

static int compare(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, each once, with a space between. Takes LIST. */
static char *join_sorted(GPtrArray *list)
{
    GString *text = g_string_new(NULL);
    const char *last = NULL;
    g_ptr_array_sort(list, compare);
    for (guint i = 0; i < list->len; i++) {
        const char *address = g_ptr_array_index(list, i);
        if (g_strcmp0(last, address) != 0)
            g_string_append_printf(text, "%s ", address);
        last = address;
    }
    g_ptr_array_unref(list);
    return g_string_free(text, FALSE);
}

static guint number(xmlNode *node, const char *name)
{
    xmlChar *text = xmlGetProp(node, BAD_CAST name);
    g_assert_nonnull(text);
    guint value = (guint)g_ascii_strtoull((const char *)text, NULL, 16);
    xmlFree(text);
    return value;
}

static char *addresses_of_xml(const char *xml)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    xmlDocPtr document = xmlReadMemory(xml, (int)strlen(xml), "xml", NULL, XML_PARSE_NONET);
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found =
        xmlXPathEval(BAD_CAST "/domain/devices/*/address[@type='pci']", context);

    for (int i = 0; i < found->nodesetval->nodeNr; i++) {
        xmlNode *node = found->nodesetval->nodeTab[i];
        if (number(node, "bus") != 0)
            continue;
        g_ptr_array_add(
            list, g_strdup_printf("00:%02x.%x", number(node, "slot"), number(node, "function")));
    }
    for (guint i = 0; i < G_N_ELEMENTS(CHIPSET); i++)
        g_ptr_array_add(list, g_strdup(CHIPSET[i]));
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);
    return join_sorted(list);
}

static void add_devices(JsonDocument *document, const JsonValue *devices, GPtrArray *list)
{
    for (guint i = 0; i < jr_length(devices); i++) {
        const JsonValue *device = jr_element(devices, i);
        gint64 slot = jr_integer(document, device, "slot", 0, 31);
        gint64 function = jr_integer(document, device, "function", 0, 7);
        g_ptr_array_add(list, g_strdup_printf("00:%02x.%x", (guint)slot, (guint)function));
    }
}

/* In the answers of QEMU's machine protocol, one a line, that of query-pci. */
static char *addresses_of_qemu(const char *answers)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) lines = g_strsplit(answers, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_autoptr(GError) error = NULL;
        if (strstr(*line, "class_info") == NULL)
            continue;
        g_autoptr(JsonDocument) document = jr_parse(*line, strlen(*line), "query-pci", &error);
        g_assert_no_error(error);
        const JsonValue *buses = jr_member(jr_top(document), "return");
        for (guint i = 0; i < jr_length(buses); i++)
            add_devices(document, jr_member(jr_element(buses, i), "devices"), list);
    }
    return join_sorted(list);
}

/* The command line with the machine protocol in the place of the console, and for each function of
 * the host a controller that QEMU has. */
static GPtrArray *prepare(GStrv argv)
{
    static const char *const CONSOLE[] = {"-chardev", "-serial", "-mon", "-monitor", "-vnc", NULL};
    GPtrArray *prepared = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; argv[i] != NULL; i++) {
        if (g_strv_contains(CONSOLE, argv[i]))
            i++;
        else if (g_str_has_prefix(argv[i], "vfio-pci,host="))
            g_ptr_array_add(prepared,
                            g_strconcat("qemu-xhci",
                                        strchr(argv[i], ',') + strlen(",host=0000:0a:00.0"), NULL));
        else
            g_ptr_array_add(prepared, g_strdup(argv[i]));
    }
    g_ptr_array_add(prepared, g_strdup("-S"));
    g_ptr_array_add(prepared, g_strdup("-display"));
    g_ptr_array_add(prepared, g_strdup("none"));
    g_ptr_array_add(prepared, g_strdup("-qmp"));
    g_ptr_array_add(prepared, g_strdup("stdio"));
    g_ptr_array_add(prepared, NULL);
    return prepared;
}

static void assert_same(const Machine *machine, const RenderFiles *files)
{
    g_autoptr(GError) error = NULL;
    OsRunOptions options = {.input = ASK, .timeout_ms = 60000};
    g_auto(GStrv) argv = render_qemu_argv(machine, files, &error);
    g_assert_no_error(error);
    g_autofree char *xml = render_domain_xml(machine, files, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) prepared = prepare(argv);
    g_autoptr(OsOutput) output = os_run((const char *const *)prepared->pdata, &options, &error);
    g_assert_no_error(error);
    g_autofree char *promised = addresses_of_xml(xml);
    g_autofree char *found = addresses_of_qemu(output->out);
    g_test_message("%s: %s", machine->release->id, found);
    g_assert_cmpstr(found, ==, promised);
}

static void make_files(const Place *place, const char *disk)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *boot = in(place, "boot, image.img");
    g_autofree char *nvram = in(place, "nvram.fd");
    put(place, "boot, image.img", "");
    put(place, "nvram.fd", "");
    g_assert_cmpint(truncate(boot, 1 << 20), ==, 0);
    g_assert_cmpint(truncate(nvram, 528 << 10), ==, 0); /* as OVMF_VARS_4M.fd */
    g_assert_true(image_create_disk(disk, 1 << 30, &error));
    g_assert_no_error(error);
}

static bool can_start(void)
{
    if (!has_programs((const char *[]){"qemu-system-x86_64", "qemu-img", NULL}))
        return false;
    if (g_file_test("/usr/share/OVMF/OVMF_CODE_4M.fd", G_FILE_TEST_EXISTS))
        return true;
    g_test_skip("OVMF is not installed");
    return false;
}

static void both_forms_are_one_machine(Place *place, gconstpointer data)
{
    Sample sample;
    if (!can_start())
        return;
    sample_open(&sample);
    sample.facts->kvm.usable = TRI_NO;
    g_autofree char *disk = in(place, "disk, \"1\".qcow2");
    g_autofree char *nvram = in(place, "nvram.fd");
    g_autofree char *boot = in(place, "boot, image.img");
    RenderFiles files = {.nvram = nvram, .disk = disk, .disk_format = "qcow2"};
    RenderFiles probe = files;
    make_files(place, disk);
    probe.boot_image = boot;
    probe.boot_image_read_only = true;
    probe.probe = true;
    probe.probe_hold = 1;
    for (guint i = 0; i < sample.catalog->releases->len; i++) {
        const Release *release = g_ptr_array_index(sample.catalog->releases, i);
        g_autoptr(Machine) machine = sample_machine(&sample, release->id, NULL, true, NULL);
        g_autoptr(Machine) card = sample_machine(&sample, release->id, "0a:00.0", true, NULL);
        machine->memory = card->memory = 64 << 20;
        assert_same(machine, &files);
        assert_same(machine, &probe);
        assert_same(card, &files);
    }
    probe.boot_image_read_only = false;
    g_autoptr(Machine) machine = sample_machine(&sample, "tiger", NULL, true, NULL);
    machine->memory = 64 << 20;
    assert_same(machine, &probe);
    sample_close(&sample);
    xmlCleanupParser();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    PLACE_TEST("/render/both-forms-are-one-machine", both_forms_are_one_machine);
    return g_test_run();
}
