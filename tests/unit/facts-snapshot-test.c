/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "facts-shared.h"
#include "facts/snapshot.h"

#include <stdlib.h>
#include <string.h>

static Facts *read_text(const char *text)
{
    g_autoptr(GError) error = NULL;
    Facts *facts = facts_read(text, strlen(text), "test.json", &error);
    g_assert_no_error(error);
    return facts;
}

static void assert_refused(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Facts) facts = facts_read(text, strlen(text), "test.json", &error);
    g_assert_null(facts);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, "test.json"));
    if (strstr(error->message, message) == NULL)
        g_error("'%s' does not say '%s'", error->message, message);
}

/* A snapshot in which every member of every type has a value: one that the writer or the reader
 * forgets makes the text differ. */
static char *full_text(void)
{
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests/fuzz/snapshot/full.json", NULL);
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static void round_trip(void)
{
    g_autofree char *full = full_text();
    g_autoptr(Facts) facts = read_text(full);
    g_autofree char *written = facts_written(facts);
    g_assert_cmpstr(written, ==, full);
}

/* A snapshot without the member is from before it, of a live host; null is a paste's. */
static void complete_lists(void)
{
    g_autoptr(Facts) before = read_text("{\"schema\":1,\"pci\":[],\"iommu\":{\"groups\":true}}");
    g_assert_cmpint(before->pci_complete, ==, TRI_YES);
    g_assert_cmpint(before->iommu.complete, ==, TRI_YES);

    g_autoptr(Facts) pasted = read_text("{\"schema\":1,\"pci\":[],\"pci_complete\":null,"
                                        "\"iommu\":{\"groups\":true,\"complete\":null}}");
    g_assert_cmpint(pasted->pci_complete, ==, TRI_UNKNOWN);
    g_assert_cmpint(pasted->iommu.complete, ==, TRI_UNKNOWN);
    g_autofree char *written = facts_written(pasted);
    g_autoptr(Facts) again = read_text(written);
    g_assert_cmpint(again->pci_complete, ==, TRI_UNKNOWN);
    g_assert_cmpint(again->iommu.complete, ==, TRI_UNKNOWN);

    g_autoptr(Facts) nothing = read_text("{\"schema\":1}");
    g_assert_cmpint(nothing->pci_complete, ==, TRI_UNKNOWN);
    g_assert_cmpint(nothing->iommu.complete, ==, TRI_UNKNOWN);
}

static void full_snapshot_members(void)
{
    g_autofree char *full = full_text();
    g_autoptr(Facts) facts = read_text(full);
    const PciFunction *card = facts_pci_function(facts, "0a:00.0");

    g_assert_cmpint(facts->cpu.family, ==, 25);
    g_assert_cmpint(facts->cpu.stepping, ==, 0);
    g_assert_cmpint(facts->kvm.usable, ==, TRI_NO);
    g_assert_cmpint(g_array_index(facts->cpu.thread_list, CpuThread, 1).core, ==, UNKNOWN);
    g_assert_cmphex((guint)card->subsystem_device, ==, 0x0448);
    g_assert_cmpstr(card->driver, ==, "");
    g_assert_nonnull(card->reset_methods);
    g_assert_null(card->reset_methods[0]);
    g_assert_cmpuint(g_array_index(card->bars, PciBar, 0).size, ==, G_GUINT64_CONSTANT(16) << 30);
    const PciFunction *other = facts_pci_function(facts, "10000:e1:00.0");
    g_assert_null(other->driver);
    g_assert_null(other->bars);
    g_assert_cmpint(other->iommu_group, ==, UNKNOWN);
}

static void nothing_known(void)
{
    static const char LEAST[] = "{\"schema\": 1}";
    g_autoptr(Facts) nothing = facts_new();
    g_autofree char *written = facts_written(nothing);
    g_autoptr(Facts) read = read_text(written);
    g_autofree char *again = facts_written(read);
    g_autoptr(Facts) least = read_text(LEAST);
    g_autofree char *least_written = facts_written(least);

    g_assert_cmpstr(written, ==, again);
    g_assert_cmpstr(written, ==, least_written);
    g_assert_null(least->pci);
    g_assert_cmpint(least->memory.total, ==, UNKNOWN);
}

/* Known to be empty is something else than unknown. */
static void empty_lists(void)
{
    g_autoptr(Facts) facts = read_text("{\"schema\": 1, \"pci\": [], \"network\": [], "
                                       "\"cpu\": {\"flags\": [], \"thread_list\": []}}");
    g_autofree char *written = facts_written(facts);
    g_autoptr(Facts) again = read_text(written);
    g_assert_cmpuint(again->pci->len, ==, 0);
    g_assert_cmpuint(again->network->len, ==, 0);
    g_assert_cmpuint(again->cpu.thread_list->len, ==, 0);
    g_assert_nonnull(again->cpu.flags);
    g_assert_null(again->displays);
}

static void short_addresses_and_order(void)
{
    g_autoptr(Facts) facts = read_text("{\"schema\": 1, \"pci\": [{\"address\": \"0A:00.0\"}, "
                                       "{\"address\": \"0000:01:00.0\"}]}");
    const PciFunction *first = g_ptr_array_index(facts->pci, 0);
    const PciFunction *second = g_ptr_array_index(facts->pci, 1);
    g_assert_cmpstr(first->address, ==, "0000:01:00.0");
    g_assert_cmpstr(second->address, ==, "0000:0a:00.0");
}

static void cut_off(void)
{
    g_autofree char *full = full_text();
    gsize whole = strlen(full) - 1; /* the last byte is a newline */
    for (gsize length = 0; length < whole; length += 7) {
        g_autoptr(GError) error = NULL;
        g_assert_null(facts_read(full, length, "cut.json", &error));
        g_assert_error(error, ROOTSTOCK_ERROR, ERROR_INPUT);
    }
}

static void wrong_documents(void)
{
    static const struct {
        const char *text, *message;
    } CASES[] = {
        {"", "empty"},
        {"[]", "not a snapshot"},
        {"7", "not a snapshot"},
        {"{}", "schema"},
        {"{\"schema\": 2}", "newer"},
        {"{\"schema\": 0}", "schema"},
        {"{\"schema\": \"1\"}", "schema"},
        {"{\"schema\": 1, \"cpu\": []}", "cpu"},
        {"{\"schema\": 1, \"cpu\": {\"vendor\": 7}}", "vendor"},
        {"{\"schema\": 1, \"cpu\": {\"threads\": -5}}", "threads"},
        {"{\"schema\": 1, \"cpu\": {\"threads\": 99999999999}}", "threads"},
        {"{\"schema\": 1, \"cpu\": {\"threads\": 1.5}}", "threads"},
        {"{\"schema\": 1, \"cpu\": {\"flags\": [1]}}", "flags"},
        {"{\"schema\": 1, \"cpu\": {\"thread_list\": [{\"cpu\": 1}, {\"cpu\": 1}]}}",
         "thread_list"},
        {"{\"schema\": 1, \"cpu\": {\"thread_list\": [{}]}}", "thread_list"},
        {"{\"schema\": 1, \"cpu\": {\"caches\": [[]]}}", "caches"},
        {"{\"schema\": 1, \"cpu\": {\"nodes\": 3}}", "nodes"},
        {"{\"schema\": 1, \"kvm\": {\"usable\": \"yes\"}}", "usable"},
        {"{\"schema\": 1, \"pci\": {}}", "pci"},
        {"{\"schema\": 1, \"pci\": [7]}", "pci"},
        {"{\"schema\": 1, \"pci\": [{}]}", "without a name or address"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.9\"}]}", "0a:00.9"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"../../etc\"}]}", "address"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\"}, {\"address\": "
         "\"0000:0A:00.0\"}]}",
         "twice"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"vendor\": \"10000\"}]}", "vendor"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"vendor\": 32902}]}", "vendor"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"class\": \"0x030000\"}]}",
         "class"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"parent\": \"up\"}]}", "parent"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"bars\": [{\"index\": 6, "
         "\"kind\": \"io\", \"size\": 1}]}]}",
         "index"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"bars\": [{\"index\": 0, "
         "\"kind\": \"rom\", \"size\": 1}]}]}",
         "BAR"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"bars\": [{\"index\": 0, "
         "\"kind\": \"io\", \"size\": 0}]}]}",
         "size"},
        {"{\"schema\": 1, \"pci\": [{\"address\": \"0a:00.0\", \"bars\": ["
         "{\"index\": 1, \"kind\": \"io\", \"size\": 1}, "
         "{\"index\": 1, \"kind\": \"io\", \"size\": 1}]}]}",
         "BAR"},
        {"{\"schema\": 1, \"storage\": []}", "storage"},
        {"{\"schema\": 1, \"storage\": {\"devices\": [{\"name\": \"\", \"kind\": \"disk\"}]}}",
         "without a name"},
        {"{\"schema\": 1, \"storage\": {\"devices\": [{\"name\": \"sda\"}]}}", "kind"},
        {"{\"schema\": 1, \"storage\": {\"devices\": [{\"name\": \"sda\", \"kind\": \"tape\"}]}}",
         "kind"},
        {"{\"schema\": 1, \"storage\": {\"devices\": [{\"name\": \"sda\", \"kind\": \"disk\", "
         "\"pci\": [\"nowhere\"]}]}}",
         "nowhere"},
        {"{\"schema\": 1, \"network\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}", "twice"},
        {"{\"schema\": 1, \"network\": [{\"name\": \"a\", \"pci\": \"x\"}]}", "pci"},
        {"{\"schema\": 1, \"usb\": [7]}", "usb"},
        {"{\"schema\": 1, \"usb\": [{\"pci\": \"1-4\"}]}", "pci"},
        {"{\"schema\": 1, \"usb\": [{\"vendor\": \"8087ff\"}]}", "vendor"},
        {"{\"schema\": 1, \"codecs\": {}}", "codecs"},
        {"{\"schema\": 1, \"codecs\": [{\"pci\": \"hda\"}]}", "pci"},
        {"{\"schema\": 1, \"displays\": [true]}", "displays"},
        {"{\"schema\": 1, \"firmware\": {\"chassis\": -1}}", "chassis"},
        {"{\"schema\": 1, \"software\": {\"firmware\": [\"x\"]}}", "firmware"},
        {"{\"schema\": 1, \"software\": {\"packages\": [{\"version\": \"1\"}]}}", "package"},
        {"{\"schema\": 1, \"kernel\": \"6.1\"}", "kernel"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        assert_refused(CASES[i].text, CASES[i].message);
}

static void hostile_nesting(void)
{
    g_autoptr(GString) deep = g_string_new("{\"schema\": 1, \"pci\": ");
    for (guint i = 0; i < 90000; i++)
        g_string_append_c(deep, '[');
    assert_refused(deep->str, "nests");
}

static char *repeated(const char *start, const char *element, guint count, const char *end)
{
    GString *text = g_string_new(start);
    for (guint i = 0; i < count; i++)
        g_string_append(text, element);
    g_string_append(text, end);
    return g_string_free(text, FALSE);
}

/* A short text can ask for much memory: these are refused before it is taken. */
static void too_large(void)
{
    static const char FLAGS[] = "{\"schema\": 1, \"cpu\": {\"flags\": [\"\"";
    g_autofree char *flags = repeated(FLAGS, ",\"\"", 100000, "]}}");
    assert_refused(flags, "100000 values");
    g_autofree char *commas = repeated(FLAGS, ",\"\\\",,[[\"", 90000, "]}}");
    g_autoptr(Facts) facts = read_text(commas); /* those in strings are text */
    g_assert_cmpuint(g_strv_length(facts->cpu.flags), >, 0);
    g_autofree char *function = repeated(
        "{\"schema\": 1, \"pci\": [{\"address\": \"00:02.0\", \"x\": [0", ",0", 100000, "]}]}");
    assert_refused(function, "100000 values");
    g_autofree char *functions = repeated("{\"schema\": 1, \"pci\": [{}", ",{}", 8192, "]}");
    assert_refused(functions, "8193 PCI functions");
    g_autofree char *usb = repeated("{\"schema\": 1, \"usb\": [{}", ",{}", 1024, "]}");
    assert_refused(usb, "1025 elements");
    g_autofree char *codecs = repeated("{\"schema\": 1, \"codecs\": [{}", ",{}", 256, "]}");
    assert_refused(codecs, "257 elements");
    g_autofree char *line = repeated("{\"schema\": 1, \"x\": \"", "xxxxxxxx", 2 * 1024, "\"}");
    assert_refused(line, "a text of 16386 bytes");
    g_autofree char *name = repeated("{\"schema\": 1, \"pci\": [{\"address\": \"00:02.0\", "
                                     "\"device_name\": \"",
                                     "xxxxxxxx", 64, "\"}]}");
    assert_refused(name, "a text of 514 bytes");
    g_autofree char *text = repeated("{\"schema\": 1, \"x\": \"", "xxxxxxxx", 1024 * 1024, "\"}");
    assert_refused(text, "8 MiB");
}

static void not_utf8(void)
{
    assert_refused("{\"schema\": 1, \"kernel\": {\"release\": \"\xff\xfe\"}}", "UTF-8");
}

static PciFunction *generated_function(guint number)
{
    g_autofree char *address = g_strdup_printf("%04x:%02x:%02x.%x", number >> 16,
                                               number >> 8 & 0xff, number >> 3 & 0x1f, number & 7);
    PciFunction *function = pci_function_new(address);
    PciBar bars[] = {
        {0, BAR_MEMORY_64, true, 1 << 28, G_GUINT64_CONSTANT(0x7c00000000), false},
        {2, BAR_MEMORY_64, true, 1 << 21, G_GUINT64_CONSTANT(0x7c10000000), false},
        {4, BAR_IO, false, 256, 0xe000, false},
        {5, BAR_MEMORY_32, false, 1 << 20, 0xfcd00000, false},
    };

    function->vendor = function->subsystem_vendor = 0x1002;
    function->device = function->subsystem_device = (int)(number & 0xffff);
    function->class_code = 0x030000;
    function->revision = 1;
    function->vendor_name = g_strdup("Advanced Micro Devices, Inc. [AMD/ATI]");
    function->device_name = g_strdup("Navi 23 [Radeon RX 6600/6600 XT/6600M]");
    function->driver = g_strdup("amdgpu");
    function->modules = g_strsplit("amdgpu", " ", -1);
    function->iommu_group = (int)number;
    function->numa_node = 0;
    function->bars = g_array_new(FALSE, FALSE, sizeof(PciBar));
    g_array_append_vals(function->bars, bars, G_N_ELEMENTS(bars));
    function->rom_size = 131072;
    function->boot_vga = TRI_NO;
    function->reset_methods = g_strsplit("flr bus", " ", -1);
    function->link_speed = g_strdup("16.0 GT/s PCIe");
    function->link_speed_max = g_strdup("16.0 GT/s PCIe");
    function->link_width = function->link_width_max = 16;
    function->parent = g_strdup("0000:00:01.0");
    function->resizable_bar = TRI_YES;
    return function;
}

/* The highest memory use of this process so far, in KiB. */
static long peak_kib(void)
{
    g_autofree char *status = NULL;
    g_assert_true(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    const char *line = strstr(status, "VmHWM:");
    g_assert_nonnull(line);
    return strtol(line + strlen("VmHWM:"), NULL, 10);
}

static void many_functions(void)
{
    enum { COUNT = 4096 };
    g_autoptr(Facts) facts = facts_new();
    facts->pci = g_ptr_array_new_with_free_func((GDestroyNotify)pci_function_free);
    for (guint i = 0; i < COUNT; i++)
        g_ptr_array_add(facts->pci, generated_function(i));
    g_autofree char *text = facts_written(facts);
    g_clear_pointer(&facts, facts_free);

    g_autoptr(Facts) read = read_text(text);
    g_assert_cmpuint(read->pci->len, ==, COUNT);
    g_autofree char *again = facts_written(read);
    g_assert_cmpstr(text, ==, again);
    g_test_message("%zu bytes of text, %ld KiB at the most", strlen(text), peak_kib());
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/facts/snapshot/round-trip", round_trip);
    g_test_add_func("/facts/snapshot/members", full_snapshot_members);
    g_test_add_func("/facts/snapshot/complete", complete_lists);
    g_test_add_func("/facts/snapshot/nothing-known", nothing_known);
    g_test_add_func("/facts/snapshot/empty-lists", empty_lists);
    g_test_add_func("/facts/snapshot/addresses", short_addresses_and_order);
    g_test_add_func("/facts/snapshot/cut-off", cut_off);
    g_test_add_func("/facts/snapshot/wrong", wrong_documents);
    g_test_add_func("/facts/snapshot/nesting", hostile_nesting);
    g_test_add_func("/facts/snapshot/too-large", too_large);
    g_test_add_func("/facts/snapshot/not-utf8", not_utf8);
    g_test_add_func("/facts/snapshot/many", many_functions);
    return g_test_run();
}
