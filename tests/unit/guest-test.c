/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"
#include "run/guest.h"

#include <stdio.h>
#include <string.h>

/* Reports of real boots: QEMU 7.2 and OVMF 2022.11. */
static const char *const RECORDED[] = {"probe-penryn-sata.txt", "probe-skylake-virtio.txt",
                                       "probe-usb-headless.txt", "probe-three-displays.txt"};

static char *recorded(const char *name, gsize *ret_length)
{
    g_autofree char *path =
        g_build_filename(g_getenv("ROOTSTOCK_SOURCE"), "tests", "golden", name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = NULL;
    g_file_get_contents(path, &text, ret_length, &error);
    g_assert_no_error(error);
    return text;
}

static GuestReport *read_recorded(const char *name)
{
    gsize length;
    g_autofree char *serial = recorded(name, &length);
    g_autoptr(GError) error = NULL;
    GuestReport *report = guest_report_read(serial, length, &error);
    g_assert_no_error(error);
    g_assert_nonnull(report);
    return report;
}

/* A capture with JSON in it, framed as the probe does it. */
static char *framed(const char *json)
{
    guint32 crc = ~0u;
    for (const char *at = json; *at != '\0'; at++)
        for (int bit = -1; bit < 8; bit++)
            crc = bit < 0 ? crc ^ (guchar)*at : crc >> 1 ^ (0xedb88320 & -(crc & 1));
    return g_strdup_printf("BdsDxe: starting\r\n%s 1 0.1.0\n%s\n%s crc32=%08x length=%zu\n",
                           GUEST_REPORT_BEGIN, json, GUEST_REPORT_END, ~crc, strlen(json));
}

static void assert_refused(const char *serial, gsize length, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GuestReport) report = guest_report_read(serial, length, &error);
    if (report != NULL)
        g_error("a report was taken that should have been refused for its %s", part);
    g_assert_error(error, ROOTSTOCK_ERROR, ERROR_FAILED);
    if (strstr(error->message, part) == NULL)
        g_error("'%s' does not say '%s'", error->message, part);
    g_assert_true(g_str_has_suffix(error->message, "."));
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static const GuestFunction *function_at(const GuestReport *report, const char *address)
{
    for (guint i = 0; i < report->functions->len; i++) {
        const GuestFunction *function = g_ptr_array_index(report->functions, i);
        if (strcmp(function->address, address) == 0)
            return function;
    }
    g_error("no function at %s", address);
}

static void report_says_what_the_guest_had(void)
{
    g_autoptr(GuestReport) report = read_recorded("probe-penryn-sata.txt");

    g_assert_cmpstr(report->firmware_vendor, ==, "EDK II");
    g_assert_cmpstr(report->uefi_version, ==, "2.7");
    g_assert_cmpstr(report->cpu_vendor, ==, "GenuineIntel");
    g_assert_cmpint(report->cpu_family, ==, 6);
    g_assert_cmpint(report->cpu_model, ==, 23);
    g_assert_cmpstr(report->hypervisor, ==, "TCGTCGTCGTCG");
    g_assert_cmpint(report->packages, ==, 2);
    g_assert_cmpint(report->cores, ==, 4);
    g_assert_cmpint(report->threads, ==, 4);
    g_assert_cmpint(report->tsc_hz, >, 500 * 1000 * 1000);
    g_assert_cmpint(report->smbios_memory, ==, G_GINT64_CONSTANT(6) << 30);
    g_assert_cmpint(report->memory_total, <=, report->smbios_memory);
    g_assert_cmpint(report->memory_total, >, report->smbios_memory - (64 << 20));
    g_assert_cmpstr(report->smbios_product, ==, "iMacPro1");
    g_assert_cmpstr(report->smbios_uuid, ==, "11111111-2222-3333-4444-555555555555");
    g_assert_null(report->smbios_board);
    g_assert_true(g_str_has_prefix(report->json, "{\"schema\":1"));
    g_assert_true(g_str_has_suffix(report->json, "}"));
}

static void report_lists_the_devices(void)
{
    g_autoptr(GuestReport) report = read_recorded("probe-penryn-sata.txt");

    const GuestFunction *display = function_at(report, "0000:00:02.0");
    g_assert_cmphex(display->vendor, ==, 0x15ad);
    g_assert_cmphex(display->device, ==, 0x0405);
    g_assert_cmphex(display->class_code, ==, 0x030000);
    g_assert_cmpint(display->rom_size, >, 0);
    g_assert_cmpuint(display->bars->len, ==, 3);
    const GuestBar *bar = g_ptr_array_index(display->bars, 1);
    g_assert_cmpint(bar->index, ==, 1);
    g_assert_cmpstr(bar->kind, ==, "memory32");
    g_assert_cmpint(bar->size, ==, 16 << 20);
    g_assert_true(bar->prefetchable);

    g_assert_cmpuint(report->displays->len, ==, 1);
    const GuestDisplay *picture = g_ptr_array_index(report->displays, 0);
    g_assert_cmpstr(picture->pci, ==, display->address);
    g_assert_true(g_strv_contains((const char *const *)picture->modes, "1024x768"));
    g_assert_cmpuint(report->disks->len, ==, 3);
    const GuestDisk *virtio = g_ptr_array_index(report->disks, 1);
    g_assert_cmpstr(virtio->bus, ==, "virtio");
    g_assert_cmpint(virtio->size, ==, G_GINT64_CONSTANT(3) << 30);
    g_assert_cmpint(virtio->read_only, ==, TRI_YES);
    g_assert_cmpuint(report->networks->len, ==, 1);
    const GuestNetwork *network = g_ptr_array_index(report->networks, 0);
    g_assert_cmpstr(network->mac, ==, "52:54:00:12:34:56");
}

static void report_tells_buses_and_displays_apart(void)
{
    g_autoptr(GuestReport) virtio = read_recorded("probe-skylake-virtio.txt");
    static const char *const BUSES[] = {"virtio", "nvme", "usb"};
    g_assert_cmpuint(virtio->disks->len, ==, G_N_ELEMENTS(BUSES));
    for (guint i = 0; i < virtio->disks->len; i++)
        g_assert_cmpstr(((GuestDisk *)g_ptr_array_index(virtio->disks, i))->bus, ==, BUSES[i]);
    g_assert_cmphex(function_at(virtio, "0000:01:00.0")->device, ==, 0x1041);

    g_autoptr(GuestReport) headless = read_recorded("probe-usb-headless.txt");
    g_assert_cmpuint(headless->displays->len, ==, 0);
    g_autoptr(GuestReport) three = read_recorded("probe-three-displays.txt");
    g_assert_cmpuint(three->displays->len, ==, 3);
}

static void cpu_features_have_names(void)
{
    g_autoptr(GuestReport) penryn = read_recorded("probe-penryn-sata.txt");
    g_autoptr(GuestReport) skylake = read_recorded("probe-skylake-virtio.txt");
    static const char *const BOTH[] = {"pni", "ssse3", "sse4_1", "nx", "lm", "hypervisor"};
    static const char *const SKYLAKE_ONLY[] = {"avx2", "bmi1", "bmi2", "fma", "movbe", "popcnt"};

    for (gsize i = 0; i < G_N_ELEMENTS(BOTH); i++) {
        g_assert_cmpint(guest_cpu_has(penryn, BOTH[i]), ==, TRI_YES);
        g_assert_cmpint(guest_cpu_has(skylake, BOTH[i]), ==, TRI_YES);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(SKYLAKE_ONLY); i++) {
        g_assert_cmpint(guest_cpu_has(penryn, SKYLAKE_ONLY[i]), ==, TRI_NO);
        g_assert_cmpint(guest_cpu_has(skylake, SKYLAKE_ONLY[i]), ==, TRI_YES);
    }
    g_assert_cmpint(guest_cpu_has(skylake, "constant_tsc"), ==, TRI_NO);
    g_assert_cmpint(guest_cpu_has(skylake, "no-such-flag"), ==, TRI_UNKNOWN);
    g_array_set_size(skylake->cpuid, 0);
    g_assert_cmpint(guest_cpu_has(skylake, "avx2"), ==, TRI_UNKNOWN);
}

static char *written(const GuestReport *report)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    JsonWrite *json = jw_new(stream);
    guest_report_write(report, json, NULL);
    g_autoptr(GError) error = NULL;
    jw_finish(json, &error);
    g_assert_no_error(error);
    fclose(stream);
    return text;
}

static void report_survives_the_round_trip(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(RECORDED); i++) {
        g_autoptr(GuestReport) report = read_recorded(RECORDED[i]);
        char *json = written(report);
        g_autofree char *serial = framed(json);
        g_autoptr(GError) error = NULL;
        g_autoptr(GuestReport) again = guest_report_read(serial, strlen(serial), &error);
        g_assert_no_error(error);
        char *json_again = written(again);
        g_assert_cmpstr(json, ==, json_again);
        g_assert_cmpuint(report->functions->len, ==, again->functions->len);
        free(json);
        free(json_again);
    }
}

/* Every cut in the frame and in what is near it, and some in the middle. */
static void cut_reports_are_refused(void)
{
    gsize length;
    g_autofree char *serial = recorded("probe-usb-headless.txt", &length);
    const char *begin = memmem(serial, length, GUEST_REPORT_BEGIN, strlen(GUEST_REPORT_BEGIN));
    gsize start = (gsize)(begin - serial);

    for (gsize cut = 0; cut<length - 1; cut += cut + 100> length || cut < start + 99 ? 1 : 13)
        assert_refused(serial, cut,
                       cut < start + strlen(GUEST_REPORT_BEGIN) + 1 ? "serial port" : "cut off");
}

static void changed_reports_are_refused(void)
{
    gsize length;
    g_autofree char *serial = recorded("probe-usb-headless.txt", &length);
    gsize json = (gsize)((char *)memmem(serial, length, "{\"schema\"", 9) - serial);

    for (gsize at = json; at < json + 4096; at += 61) {
        char byte = serial[at];
        serial[at] = byte == 'x' ? 'y' : 'x';
        assert_refused(serial, length, "checksum");
        serial[at] = byte;
    }
    char *end = g_strstr_len(serial + json, -1, "length=");
    end[7] = '9';
    assert_refused(serial, length, "arrived");
    end[0] = 'x';
    assert_refused(serial, length, "no checksum");
}

static void consoles_may_add_to_the_capture(void)
{
    gsize length;
    g_autofree char *serial = recorded("probe-usb-headless.txt", &length);
    g_autoptr(GString) noisy = g_string_new("\x1b[2J\x1b[01;01H\xff\xfe");
    g_string_append_len(noisy, "\0\0", 2);
    g_string_append(noisy, " " GUEST_REPORT_BEGIN " inside a line is none\n");
    for (gsize i = 0; i < length; i++) {
        if (serial[i] == '\n')
            g_string_append_c(noisy, '\r');
        g_string_append_c(noisy, serial[i]);
    }
    g_string_append(noisy, "\r\n\x1b[0mShutting down");
    g_autoptr(GError) error = NULL;
    g_autoptr(GuestReport) report = guest_report_read(noisy->str, noisy->len, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(report->functions->len, ==, 5);
}

static void captures_without_a_report_are_explained(void)
{
    static const struct {
        const char *serial, *part;
    } CASES[] = {
        {"", "wrote nothing"},
        {"\r\n\x1b[2J\x1b[01;01H \r\n", "wrote nothing"},
        {"\x1b[2J\x1b[1mBdsDxe: No bootable option", "'BdsDxe: No bootable option'"},
        {"UEFI\nROOTSTOCK-PROBE-FAILED out of memory\n", "out of memory"},
        {"ROOTSTOCK-PROBE-BEGIN 2 9.9\n{}\nROOTSTOCK-PROBE-END crc32=00000000 length=2\n",
         "form 2"},
        {"ROOTSTOCK-PROBE-BEGIN 1 x\nROOTSTOCK-PROBE-END crc32=00000000 length=0\n",
         "no report of the probe"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++)
        assert_refused(CASES[i].serial, strlen(CASES[i].serial), CASES[i].part);
}

static char *replaced(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    if (at == NULL)
        g_error("the report has no %s", old);
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

/* Whole reports with right checksums from a guest that lies. */
static void hostile_values_are_refused(void)
{
    static const struct {
        const char *old, *new, *part;
    } CASES[] = {
        {"\"width\":1280", "\"width\":-1", "width"},
        {"\"width\":1280", "\"width\":1e99", "width"},
        {"\"width\":1280", "\"wide\":1280", "width"},
        {"\"1280x800\"", "\"\\u001b[2J\"", "resolution"},
        {"\"vendor\":\"8086\"", "\"vendor\":\"18086\"", "vendor"},
        {"\"vendor\":\"8086\"", "\"vendor\":8086", "vendor"},
        {"\"class\":\"060000\"", "\"class\":\"xyz\"", "class"},
        {"\"address\":\"0000:00:00.0\"", "\"address\":\"../../etc\"", "address"},
        {"\"address\":\"0000:00:00.0\"", "\"address\":\"0000:00:00.8\"", "address"},
        {"\"pci\":\"0000:00:02.0\"", "\"pci\":\"$(id)\"", "PCI address"},
        {"\"kind\":\"io\"", "\"kind\":\"disk\"", "kind"},
        {"\"index\":0", "\"index\":6", "index"},
        {"\"size\":16777216", "\"size\":9223372036854775807", "size"},
        {"\"bars\":[]", "\"bars\":{}", "bars"},
        {"\"bars\":[]", "\"bars\":[1]", "bars"},
        {"\"bars\":[]", "\"bars\":[{},{},{},{},{},{},{}]", "bars"},
        {"\"disks\":[", "\"disk\":[", "disks"},
        {"\"mac\":\"52:54:00:12:34:56\"", "\"mac\":\"52;rm\"", "mac"},
        {"\"packages\":2", "\"packages\":1000000", "packages"},
        {"\"tsc_hz\":", "\"tsc_hz\":9999", "tsc_hz"},
        {"\"cpu\":{\"vendor\":\"GenuineIntel\"", "\"cpu\":{\"vendor\":null", "vendor"},
        {"\"eax\":\"0", "\"eax\":\"0123456780", "eax"},
        {"{\"schema\"", "[{\"schema\"", "JSON"},
    };
    g_autoptr(GuestReport) report = read_recorded("probe-penryn-sata.txt");
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *json = replaced(report->json, CASES[i].old, CASES[i].new);
        g_autofree char *serial = framed(json);
        assert_refused(serial, strlen(serial), CASES[i].part);
    }
}

static void long_lists_and_strings_are_refused(void)
{
    g_autoptr(GuestReport) report = read_recorded("probe-penryn-sata.txt");
    g_autoptr(GString) functions = g_string_new("\"pci\":[");
    for (int i = 0; i < 65536; i++)
        g_string_append(functions, "{},");
    g_autofree char *many = replaced(report->json, "\"pci\":[", functions->str);
    g_autofree char *many_serial = framed(many);
    assert_refused(many_serial, strlen(many_serial), "65536 is the most");

    g_autofree char *name = g_strnfill(5000, 'A');
    g_autofree char *member = g_strdup_printf("\"product\":\"%s", name);
    g_autofree char *wordy = replaced(report->json, "\"product\":\"", member);
    g_autofree char *wordy_serial = framed(wordy);
    assert_refused(wordy_serial, strlen(wordy_serial), "longer than");
}

static void texts_cannot_steer_a_terminal(void)
{
    g_autoptr(GuestReport) report = read_recorded("probe-penryn-sata.txt");
    g_autofree char *json = replaced(report->json, "\"product\":\"iMacPro1\"",
                                     "\"product\":\"a\\u001b[2Jb\\nc\\u202ed\\u009be\"");
    g_autofree char *serial = framed(json);
    g_autoptr(GError) error = NULL;
    g_autoptr(GuestReport) hostile = guest_report_read(serial, strlen(serial), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(hostile->smbios_product, ==, "a\uFFFD[2Jb\uFFFDc\uFFFDd\uFFFDe");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guest/says", report_says_what_the_guest_had);
    g_test_add_func("/guest/devices", report_lists_the_devices);
    g_test_add_func("/guest/buses", report_tells_buses_and_displays_apart);
    g_test_add_func("/guest/features", cpu_features_have_names);
    g_test_add_func("/guest/round-trip", report_survives_the_round_trip);
    g_test_add_func("/guest/cut", cut_reports_are_refused);
    g_test_add_func("/guest/changed", changed_reports_are_refused);
    g_test_add_func("/guest/noise", consoles_may_add_to_the_capture);
    g_test_add_func("/guest/nothing", captures_without_a_report_are_explained);
    g_test_add_func("/guest/hostile", hostile_values_are_refused);
    g_test_add_func("/guest/long", long_lists_and_strings_are_refused);
    g_test_add_func("/guest/terminal", texts_cannot_steer_a_terminal);
    return g_test_run();
}
