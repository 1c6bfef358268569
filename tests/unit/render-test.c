/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample.h"

#include "base/error.h"
#include "render/render.h"

#include <libxml/relaxng.h>
#include <libxml/xpath.h>
#include <string.h>

/* libvirt's own schema, as its package installs it. */
#define SCHEMA "/usr/share/libvirt/schemas/domain.rng"

static const RenderFiles FILES = {
    .nvram = "/store/machines/sample/nvram.fd",
    .disk = "/store/machines/sample/disk.qcow2",
    .disk_format = "qcow2",
};
static const RenderFiles PROBE = {
    .name = "rootstock-preflight-sample",
    .uuid = "0d4c1f5a-88ab-4f2e-8f7b-2f3f6d1c9e10",
    .nvram = "/store/run/x/nvram.fd",
    .disk = "/store/run/x/disk.qcow2",
    .disk_format = "qcow2",
    .boot_image = "/store/probe.img",
    .boot_image_read_only = true,
    .probe = true,
    .probe_hold = 5,
};

static void collect(void *data, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void collect(void *data, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(data, format, arguments);
    va_end(arguments);
}

static xmlRelaxNGPtr load_schema(void)
{
    static xmlRelaxNGPtr schema;
    if (schema == NULL && g_file_test(SCHEMA, G_FILE_TEST_EXISTS)) {
        xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(SCHEMA);
        schema = xmlRelaxNGParse(parser);
        xmlRelaxNGFreeParserCtxt(parser);
        g_assert_nonnull(schema);
    }
    return schema;
}

static void assert_valid(const char *xml, const char *what)
{
    xmlDocPtr document = xmlReadMemory(xml, (int)strlen(xml), what, NULL, XML_PARSE_NONET);
    g_assert_nonnull(document);
    g_autoptr(GString) faults = g_string_new(NULL);
    xmlRelaxNGValidCtxtPtr context = xmlRelaxNGNewValidCtxt(load_schema());
    xmlRelaxNGSetValidErrors(context, collect, collect, faults);
    if (xmlRelaxNGValidateDoc(context, document) != 0)
        g_error("%s is not valid: %s\n%s", what, faults->str, xml);
    xmlRelaxNGFreeValidCtxt(context);
    xmlFreeDoc(document);
}

static void every_release_is_valid(void)
{
    Sample sample;
    if (load_schema() == NULL) {
        g_test_skip("libvirt's schema " SCHEMA " is not installed");
        return;
    }
    sample_open(&sample);
    for (guint round = 0; round < sample.catalog->releases->len * 16; round++) {
        const Release *release = g_ptr_array_index(sample.catalog->releases, round / 16);
        const RenderFiles *files = round & 1 ? &PROBE : &FILES;
        sample.facts->kvm.usable = round & 2 ? TRI_YES : TRI_NO;
        sample_set_vendor(&sample, round & 8 ? "AuthenticAMD" : "GenuineIntel");
        g_autoptr(GError) error = NULL;
        g_autoptr(Machine) machine =
            sample_machine(&sample, release->id, round & 4 ? "0a:00.0" : NULL, true, &error);
        g_assert_no_error(error);
        g_autofree char *xml = render_domain_xml(machine, files, &error);
        g_assert_no_error(error);
        g_autofree char *what = g_strdup_printf("%s, round %u", release->id, round % 16);
        assert_valid(xml, what);
    }
    sample_close(&sample);
}

/* What is written for some machines, to the byte. With ROOTSTOCK_REGENERATE=1 the files are written
 * anew, for a person to read before they are committed. */
static void golden_files(void)
{
    static const struct {
        const char *file, *os, *gpus, *vendor;
        Tri kvm;
        const RenderFiles *files;
    } CASES[] = {
        {"tiger", "tiger", NULL, "GenuineIntel", TRI_YES, &FILES},
        {"high-sierra", "high-sierra", NULL, "GenuineIntel", TRI_YES, &FILES},
        {"catalina", "catalina", NULL, "GenuineIntel", TRI_YES, &FILES},
        {"sonoma", "sonoma", NULL, "GenuineIntel", TRI_YES, &FILES},
        {"sonoma-card", "sonoma", "0a:00.0", "GenuineIntel", TRI_YES, &FILES},
        {"sonoma-amd", "sonoma", NULL, "AuthenticAMD", TRI_YES, &FILES},
        {"sonoma-probe-tcg", "sonoma", NULL, "GenuineIntel", TRI_NO, &PROBE},
        {"tahoe", "tahoe", NULL, "GenuineIntel", TRI_YES, &FILES},
    };
    Sample sample;
    sample_open(&sample);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        sample.facts->kvm.usable = CASES[i].kvm;
        sample_set_vendor(&sample, CASES[i].vendor);
        g_autoptr(Machine) machine =
            sample_machine(&sample, CASES[i].os, CASES[i].gpus, true, &error);
        g_assert_no_error(error);
        g_autofree char *xml = render_domain_xml(machine, CASES[i].files, &error);
        g_assert_no_error(error);
        g_autofree char *path =
            g_strdup_printf("%s/tests/golden/%s.xml", g_getenv("ROOTSTOCK_SOURCE"), CASES[i].file);
        if (g_getenv("ROOTSTOCK_REGENERATE") != NULL)
            g_file_set_contents(path, xml, -1, &error);
        g_assert_no_error(error);
        g_autofree char *golden = NULL;
        g_file_get_contents(path, &golden, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(xml, ==, golden);
    }
    sample_close(&sample);
}

static bool argv_has(char *const *argv, const char *word)
{
    return g_strv_contains((const char *const *)argv, word);
}

/* A network of the host's; the probe speaks to nobody. */
static void networks_are_rendered(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, NULL);
    g_free(machine->network);
    machine->network = g_strdup("bridge");
    machine->bridge = g_strdup("br0");
    g_autofree char *xml = render_domain_xml(machine, &FILES, NULL);
    g_assert_nonnull(strstr(xml, "<interface type=\"bridge\">\n      <source bridge=\"br0\"/>"));
    if (load_schema() != NULL)
        assert_valid(xml, "bridge");
    g_auto(GStrv) argv = render_qemu_argv(machine, &FILES, NULL);
    g_assert_true(argv_has(argv, "bridge,id=net,br=br0"));
    g_autofree char *probe = render_domain_xml(machine, &PROBE, NULL);
    g_assert_nonnull(strstr(probe, "<interface type=\"user\">"));

    g_free(machine->network);
    machine->network = g_strdup("default");
    g_autofree char *nat = render_domain_xml(machine, &FILES, NULL);
    g_assert_nonnull(strstr(nat, "<source network=\"default\"/>"));
    if (load_schema() != NULL)
        assert_valid(nat, "default");
    sample_close(&sample);
}

/* Text that would break out of XML, QEMU's options or a shell comes back whole on the other side.
 */
static void awkward_paths_are_escaped(void)
{
    static const char PATH[] = "/store/a,b \"q\" 'p' <&> $(x);`y`\\.qcow2";
    RenderFiles files = FILES;
    files.disk = PATH;
    Sample sample;
    sample_open(&sample);
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, NULL);

    g_autofree char *xml = render_domain_xml(machine, &files, NULL);
    xmlDocPtr document = xmlReadMemory(xml, (int)strlen(xml), "xml", NULL, XML_PARSE_NONET);
    g_assert_nonnull(document);
    xmlXPathContextPtr context = xmlXPathNewContext(document);
    xmlXPathObjectPtr found = xmlXPathEval(BAD_CAST "string(//disk/source/@file)", context);
    g_assert_cmpstr((const char *)found->stringval, ==, PATH);
    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    xmlFreeDoc(document);

    g_auto(GStrv) argv = render_qemu_argv(machine, &files, NULL);
    bool doubled = false;
    for (char **word = argv; *word != NULL; word++)
        doubled = doubled || strstr(*word, "file=/store/a,,b \"q\"") != NULL;
    g_assert_true(doubled);

    g_autofree char *text = render_qemu_text(argv);
    g_auto(GStrv) parsed = NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\\\n", -1);
    g_autofree char *joined = g_strjoinv("", lines);
    g_assert_true(g_shell_parse_argv(joined, NULL, &parsed, NULL));
    g_assert_true(g_strv_equal((const char *const *)parsed, (const char *const *)argv));
    sample_close(&sample);
}

static void bad_text_is_refused(void)
{
    static const struct {
        const char *disk, *name, *part;
    } CASES[] = {
        {"/store/a\nb", NULL, "control character"},
        {"/store/a\x01", NULL, "control character"},
        {"/store/\xff", NULL, "not UTF-8"},
        {"/store/\xef\xbf\xbe", NULL, "control character"}, /* U+FFFE is no XML character */
        {"disk.qcow2", NULL, "does not begin with '/'"},
        {NULL, NULL, "no disk image"},
        {"/store/d", "a,b", "the name 'a,b'"},
        {"/store/d", "a\"b", "the name"},
    };
    Sample sample;
    sample_open(&sample);
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        RenderFiles files = FILES;
        files.disk = CASES[i].disk;
        files.name = CASES[i].name;
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) argv_error = NULL;
        g_assert_null(render_domain_xml(machine, &files, &error));
        g_assert_null(render_qemu_argv(machine, &files, &argv_error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
        g_assert_cmpstr(error->message, ==, argv_error->message);
        if (strstr(error->message, CASES[i].part) == NULL)
            g_error("case %u: %s", i, error->message);
    }
    sample_close(&sample);
}

static void bad_machine_is_refused(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", "0a:00.0", true, NULL);
    MachineDevice *device = g_ptr_array_index(machine->devices, 0);
    g_free(device->address);
    device->address = g_strdup("0a:00.0,x-igd=on");
    g_assert_null(render_domain_xml(machine, &FILES, NULL));
    g_assert_null(render_qemu_argv(machine, &FILES, NULL));
    g_free(device->address);
    device->address = g_strdup("0000:0a:00.0");
    g_autofree char *good = render_domain_xml(machine, &FILES, NULL);
    g_assert_nonnull(good);

    g_free(machine->cpu_model);
    machine->cpu_model = g_strdup("Penryn,+x");
    g_assert_null(render_domain_xml(machine, &FILES, NULL));
    sample_close(&sample);
}

static bool has_word(GStrv argv, const char *part)
{
    for (char **word = argv; *word != NULL; word++)
        if (strstr(*word, part) != NULL)
            return true;
    return false;
}

/* A card whose BARs do not fit into OVMF's own window asks for a larger one. */
static void large_bars_get_a_window(void)
{
    Sample sample;
    sample_open(&sample);
    PciFunction *card = sample_function(&sample, "0000:0a:00.0");
    PciBar bar = {.index = 0, .kind = BAR_MEMORY_64, .prefetchable = true, .size = 8ull << 30};
    card->bars = g_array_new(FALSE, FALSE, sizeof(PciBar));
    g_array_append_val(card->bars, bar);
    g_autoptr(Machine) small = sample_machine(&sample, "sonoma", "0a:00.0", true, NULL);
    g_auto(GStrv) small_argv = render_qemu_argv(small, &FILES, NULL);
    g_assert_false(has_word(small_argv, "X-PciMmio64Mb"));

    g_array_index(card->bars, PciBar, 0).size = 32ull << 30;
    g_autoptr(Machine) large = sample_machine(&sample, "sonoma", "0a:00.0", true, NULL);
    g_auto(GStrv) large_argv = render_qemu_argv(large, &FILES, NULL);
    g_assert_true(has_word(large_argv, "X-PciMmio64Mb,string=65536"));
    g_autofree char *xml = render_domain_xml(large, &FILES, NULL);
    g_assert_nonnull(strstr(xml, "X-PciMmio64Mb,string=65536"));
    sample_close(&sample);
}

static void probe_ends_by_itself(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, false, NULL);
    g_auto(GStrv) argv = render_qemu_argv(machine, &PROBE, NULL);
    g_assert_true(has_word(argv, "-no-reboot"));
    g_assert_true(has_word(argv, "name=opt/org.rootstock/hold,string=5"));
    g_assert_true(has_word(argv, "guest=rootstock-preflight-sample"));
    g_auto(GStrv) plain = render_qemu_argv(machine, &FILES, NULL);
    g_assert_false(has_word(plain, "-no-reboot"));
    g_assert_false(has_word(plain, "org.rootstock"));
    sample_close(&sample);
}

/* What libvirt and QEMU are told of huge pages; the probe needs none. */
static void memory_lies_in_huge_pages(void)
{
    Sample sample;
    sample_open(&sample);
    g_autoptr(GError) error = NULL;
    g_autoptr(Machine) machine = sample_machine(&sample, "sonoma", NULL, true, &error);
    machine->huge_page = 1 << 30;
    machine->memory = G_GINT64_CONSTANT(8) << 30;
    g_autofree char *xml = render_domain_xml(machine, &FILES, &error);
    g_auto(GStrv) argv = render_qemu_argv(machine, &FILES, &error);
    g_autofree char *probe = render_domain_xml(machine, &PROBE, &error);
    g_autofree char *command = g_strjoinv(" ", argv);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(xml, "<hugepages>"));
    g_assert_nonnull(strstr(xml, "<page size=\"1048576\" unit=\"KiB\"/>"));
    g_assert_nonnull(strstr(command, ",memory-backend=ram "));
    g_assert_nonnull(strstr(command, "memory-backend-memfd,id=ram,size=8388608k,hugetlb=on,"
                                     "hugetlbsize=1048576k"));
    g_assert_null(strstr(probe, "hugepages"));
    if (load_schema() != NULL)
        assert_valid(xml, "a machine in huge pages");
    sample_close(&sample);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/every-release-is-valid", every_release_is_valid);
    g_test_add_func("/render/golden", golden_files);
    g_test_add_func("/render/awkward-paths", awkward_paths_are_escaped);
    g_test_add_func("/render/bad-text", bad_text_is_refused);
    g_test_add_func("/render/bad-machine", bad_machine_is_refused);
    g_test_add_func("/render/window", large_bars_get_a_window);
    g_test_add_func("/render/huge-pages", memory_lies_in_huge_pages);
    g_test_add_func("/render/probe", probe_ends_by_itself);
    g_test_add_func("/render/networks", networks_are_rendered);
    int status = g_test_run();
    xmlRelaxNGFree(load_schema());
    xmlCleanupParser();
    return status;
}
